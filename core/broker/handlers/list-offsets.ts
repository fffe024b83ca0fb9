import { hasFlaw } from "../../foundation/flaws.ts";
import type { Turn } from "../../foundation/turn.ts";
import {
  endOffsetForEpoch,
  lastEpoch,
  offsetForTimestamp,
  largestTimestamp,
} from "../../log/log.ts";
import type { Partition } from "../../replication/partition.ts";
import type { Caller } from "../../wire/sessions.ts";
import { listOffsets, type ListOffsetsRequest } from "../../wire/api/list-offsets.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { partitionNamed } from "../view.ts";

const latest = -1;
const earliest = -2;
const maxTimestamp = -3;

interface Found {
  readonly error: ErrorName;
  readonly offset: number;
  readonly timestamp: number;
  readonly epoch: number;
}

/** ListOffsets: earliest, latest (the high watermark), or the first record at or after a time. */
export function onListOffsets(
  self: Broker,
  caller: Caller,
  request: ListOffsetsRequest,
  turn: Turn,
): void {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }) => {
      const partition = partitionNamed(self, name, partitionIndex);
      const found = find(partition, currentLeaderEpoch, timestamp, turn);
      return {
        partitionIndex,
        errorCode: errorCode(found.error),
        timestamp: found.timestamp,
        offset: found.offset,
        // Older answers have no such field.
        ...(caller.version >= 4 ? { leaderEpoch: found.epoch } : {}),
      };
    }),
  }));
  answer(self, caller, listOffsets, { throttleTimeMs: 0, topics }, turn);
}

const refused = (error: ErrorName): Found => ({ error, offset: -1, timestamp: -1, epoch: -1 });

function find(
  partition: Partition | undefined,
  epoch: number,
  timestamp: number,
  turn: Turn,
): Found {
  if (partition === undefined) return refused("UNKNOWN_TOPIC_OR_PARTITION");
  if (epoch >= 0 && epoch < partition.leaderEpoch) return refused("FENCED_LEADER_EPOCH");
  if (epoch > partition.leaderEpoch) return refused("UNKNOWN_LEADER_EPOCH");
  if (partition.role.type !== "leader") return refused("NOT_LEADER_OR_FOLLOWER");
  const { log, highWatermark, role } = partition;
  if (timestamp === earliest) {
    return {
      error: "NONE",
      offset: log.start,
      timestamp: -1,
      epoch: epochAt(partition, log.start),
    };
  }
  // Until the high watermark has reached this epoch's start, the end that clients saw before may lie above it (KIP-207).
  const isKnown = highWatermark >= role.epochStart || hasFlaw(partition, "offsets-go-back");
  if (!isKnown) return refused("OFFSET_NOT_AVAILABLE");
  if (timestamp === latest) {
    return { error: "NONE", offset: highWatermark, timestamp: -1, epoch: lastEpoch(log) };
  }
  if (timestamp < maxTimestamp) return refused("UNSUPPORTED_VERSION");
  const { files } = turn.ports;
  const at = timestamp === maxTimestamp ? largestTimestamp(log) : timestamp;
  const hit = offsetForTimestamp(log, files, at);
  if (hit === undefined || hit.offset >= highWatermark) {
    return { error: "NONE", offset: -1, timestamp: -1, epoch: -1 };
  }
  return { error: "NONE", offset: hit.offset, timestamp: hit.timestamp, epoch: hit.leaderEpoch };
}

function epochAt(partition: Partition, at: number): number {
  for (const entry of partition.log.epochs) {
    const { epoch, end } = endOffsetForEpoch(partition.log, entry.epoch);
    if (at < end || end === -1) return epoch;
  }
  return -1;
}
