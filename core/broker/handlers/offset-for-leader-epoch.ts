import type { Turn } from "../../foundation/turn.ts";
import type { LeaderEpoch } from "../../foundation/ids.ts";
import { endOffsetForEpoch } from "../../log/log.ts";
import {
  offsetForLeaderEpoch,
  type OffsetForLeaderEpochRequest,
} from "../../wire/api/offset-for-leader-epoch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { partitionNamed } from "../view.ts";

/** OffsetForLeaderEpoch: a client finds out whether its position still lies in the leader's log (KIP-320). */
export function onOffsetForLeaderEpoch(
  self: Broker,
  caller: Caller,
  request: OffsetForLeaderEpochRequest,
  turn: Turn,
): void {
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => {
      const { error, epoch, end } = find(self, topic, asked);
      const { partition } = asked;
      return { errorCode: errorCode(error), partition, leaderEpoch: epoch, endOffset: end };
    }),
  }));
  answer(self, caller, offsetForLeaderEpoch, { throttleTimeMs: 0, topics }, turn);
}

type Asked = OffsetForLeaderEpochRequest["topics"][number]["partitions"][number];

interface Found {
  readonly error: ErrorName;
  readonly epoch: number;
  readonly end: number;
}

/** Partition.lastOffsetForLeaderEpoch, of the leader alone. An epoch that it has not heard of has no end: -1. */
function find(
  self: Broker,
  topic: string,
  { partition: index, currentLeaderEpoch: current, leaderEpoch: asked }: Asked,
): Found {
  const partition = partitionNamed(self, topic, index);
  if (partition === undefined) return refused("UNKNOWN_TOPIC_OR_PARTITION");
  if (current >= 0 && current < partition.leaderEpoch) return refused("FENCED_LEADER_EPOCH");
  if (current > partition.leaderEpoch) return refused("UNKNOWN_LEADER_EPOCH");
  if (partition.role.type !== "leader") return refused("NOT_LEADER_OR_FOLLOWER");
  return { error: "NONE", ...endOffsetForEpoch(partition.log, asked as LeaderEpoch) };
}

const refused = (error: ErrorName): Found => ({ error, epoch: -1, end: -1 });
