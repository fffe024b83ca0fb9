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
/** KIP-405: the earliest and the latest offset of a log that is partly stored elsewhere; here none is. */
const earliestLocal = -4;
const latestTiered = -5;
/** From which version of the request on each of them may be asked. */
const since: ReadonlyMap<number, number> = new Map([
  [latest, 1],
  [earliest, 1],
  [maxTimestamp, 7],
  [earliestLocal, 8],
  [latestTiered, 9],
]);

interface Found {
  readonly error: ErrorName;
  readonly offset: number;
  readonly timestamp: number;
  readonly epoch: number;
}

/** ListOffsets: earliest, latest (for clients the high watermark), or the first record at or after a time. */
export function onListOffsets(
  self: Broker,
  caller: Caller,
  request: ListOffsetsRequest,
  turn: Turn,
): void {
  const asker = { version: caller.version, isReplica: request.replicaId >= 0 };
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }) => {
      const partition = partitionNamed(self, name, partitionIndex);
      const found = find(partition, currentLeaderEpoch, timestamp, asker, turn);
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

const nothing: Found = { error: "NONE", offset: -1, timestamp: -1, epoch: -1 };
const refused = (error: ErrorName): Found => ({ error, offset: -1, timestamp: -1, epoch: -1 });

/** Partition.fetchOffsetForTimestamp. */
function find(
  partition: Partition | undefined,
  epoch: number,
  timestamp: number,
  { version, isReplica }: { readonly version: number; readonly isReplica: boolean },
  turn: Turn,
): Found {
  if (timestamp < 0 && version < (since.get(timestamp) ?? Infinity)) {
    return refused("UNSUPPORTED_VERSION");
  }
  if (partition === undefined) return refused("UNKNOWN_TOPIC_OR_PARTITION");
  if (epoch >= 0 && epoch < partition.leaderEpoch) return refused("FENCED_LEADER_EPOCH");
  if (epoch > partition.leaderEpoch) return refused("UNKNOWN_LEADER_EPOCH");
  if (partition.role.type !== "leader") return refused("NOT_LEADER_OR_FOLLOWER");
  const { log, highWatermark, role } = partition;
  if (timestamp === earliest || timestamp === earliestLocal) {
    const { start } = log;
    return { error: "NONE", offset: start, timestamp: -1, epoch: epochAt(partition, start) };
  }
  if (timestamp === latestTiered) return nothing;
  // Until the high watermark has reached this epoch's start, the end that clients saw before may lie above it (KIP-207).
  const isKnown =
    isReplica || highWatermark >= role.epochStart || hasFlaw(partition, "offsets-go-back");
  // Clients of before KIP-207 know another error that has them ask again.
  const notKnown = version >= 5 ? "OFFSET_NOT_AVAILABLE" : "LEADER_NOT_AVAILABLE";
  if (timestamp === latest) {
    if (!isKnown) return refused(notKnown);
    return {
      error: "NONE",
      offset: isReplica ? log.end : highWatermark,
      timestamp: -1,
      epoch: lastEpoch(log),
    };
  }
  const at = timestamp === maxTimestamp ? largestTimestamp(log) : timestamp;
  const hit = offsetForTimestamp(log, turn.ports.files, at);
  if (hit !== undefined && hit.offset < highWatermark) {
    return { error: "NONE", offset: hit.offset, timestamp: hit.timestamp, epoch: hit.leaderEpoch };
  }
  return isKnown ? nothing : refused(notKnown);
}

function epochAt(partition: Partition, at: number): number {
  for (const entry of partition.log.epochs) {
    const { epoch, end } = endOffsetForEpoch(partition.log, entry.epoch);
    if (at < end || end === -1) return epoch;
  }
  return -1;
}
