/*
 * What a leader gives to those who fetch (Kafka's Partition.readRecords and ReplicaManager.readFromLog): a
 * follower reads to the log end, a consumer below the high watermark; both are checked against leader epochs.
 */
import { hasFlaw } from "../foundation/flaws.ts";
import {
  type BrokerId,
  type LeaderEpoch,
  type Offset,
  offset,
  zeroUuid,
} from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { endOffsetForEpoch, lastEpoch, readLog } from "../log/log.ts";
import type { ErrorName } from "../wire/errors.ts";
import type { Partition } from "./partition.ts";
import type { FetchQuestion, FetchWant } from "./purgatory.ts";

/** A broker's replicas by partition name. */
export type Partitions = ReadonlyMap<string, Partition>;

/** Where a replica's log parts from the leader's: the largest epoch not above the asked one, and its end. */
export interface Divergence {
  readonly epoch: LeaderEpoch;
  readonly end: Offset;
}

export interface WantAnswer {
  readonly want: FetchWant;
  readonly error: ErrorName;
  readonly highWatermark: Offset;
  readonly logStart: Offset;
  readonly diverging: Divergence | undefined;
  /** A replica that the consumer should rather read from: then there are no records. */
  readonly preferred: BrokerId | undefined;
  readonly records: Uint8Array;
}

/** The replica that a fetch names, by topic id where it has one. */
export function partitionOf(partitions: Partitions, want: FetchWant): Partition | undefined {
  const partition = partitions.get(want.name);
  return partition === undefined || partition.topicId !== want.topicId ? undefined : partition;
}

export type CheckedWant =
  | { readonly error: ErrorName; readonly partition: Partition | undefined }
  | {
      readonly error: "NONE";
      readonly partition: Partition;
      readonly diverging: Divergence | undefined;
    };

/** Whether this broker may answer, and whether the asker's log has parted from ours. */
export function checkWant(
  partitions: Partitions,
  question: FetchQuestion,
  want: FetchWant,
): CheckedWant {
  const partition = partitionOf(partitions, want);
  const error = refusalOf(partition, question, want);
  if (error !== "NONE" || partition === undefined) return { error, partition };
  if (want.lastEpoch >= 0) {
    const own = endOffsetForEpoch(partition.log, want.lastEpoch);
    if (own.end === -1) return { error: "OFFSET_OUT_OF_RANGE", partition };
    // KIP-279: an end offset alone does not say of which epoch it is the end.
    const epoch = hasFlaw(partition, "offset-only-answer") ? want.lastEpoch : own.epoch;
    if (epoch < want.lastEpoch || own.end < want.offset) {
      // A follower may merely be behind: where logs part only the leader can say.
      if (partition.role.type !== "leader") return { error: "OFFSET_OUT_OF_RANGE", partition };
      return { error: "NONE", partition, diverging: { epoch, end: own.end } };
    }
  }
  if (want.offset < partition.log.start || want.offset > partition.log.end) {
    return { error: "OFFSET_OUT_OF_RANGE", partition };
  }
  return { error: "NONE", partition, diverging: undefined };
}

function refusalOf(
  partition: Partition | undefined,
  question: FetchQuestion,
  want: FetchWant,
): ErrorName {
  if (partition === undefined) {
    if (want.topicId !== zeroUuid && want.topic === "") return "UNKNOWN_TOPIC_ID";
    return "UNKNOWN_TOPIC_OR_PARTITION";
  }
  if (want.epoch >= 0 && want.epoch < partition.leaderEpoch) return "FENCED_LEADER_EPOCH";
  if (want.epoch > partition.leaderEpoch) return "UNKNOWN_LEADER_EPOCH";
  const { role } = partition;
  // A consumer that says where it runs may read what a follower knows to be committed (KIP-392).
  if (role.type === "follower" && question.rack !== undefined) return "NONE";
  if (role.type !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  if (question.replica === -1) return "NONE";
  // Whoever fetches as a replica must be one, and must say under which epoch: its offset will count.
  if (!role.remote.has(question.replica)) return "UNKNOWN_LEADER_EPOCH";
  return want.epoch === partition.leaderEpoch ? "NONE" : "UNKNOWN_LEADER_EPOCH";
}

/** Which replica a consumer should rather read a partition from, if any (KIP-392). */
export type Prefer = (partition: Partition, want: FetchWant) => BrokerId | undefined;

/** Reads for each wanted partition in turn until the request's bytes are used up; the first may exceed (KIP-74). */
export function answerWants(
  partitions: Partitions,
  question: FetchQuestion,
  files: Files,
  prefer: Prefer = () => undefined,
): WantAnswer[] {
  let left = question.maxBytes;
  let empty = true;
  return question.wants.map((want) => {
    const room = { left: Math.max(0, left), first: empty };
    const answer = answerWant(partitions, question, want, files, room, prefer);
    left -= answer.records.length;
    if (answer.records.length > 0) empty = false;
    return answer;
  });
}

function answerWant(
  partitions: Partitions,
  question: FetchQuestion,
  want: FetchWant,
  files: Files,
  { left, first }: { readonly left: number; readonly first: boolean },
  prefer: Prefer,
): WantAnswer {
  const checked = checkWant(partitions, question, want);
  if (!("diverging" in checked)) {
    return {
      want,
      error: checked.error,
      highWatermark: offset(-1),
      logStart: offset(checked.partition?.log.start ?? -1),
      diverging: undefined,
      preferred: undefined,
      records: nothing,
    };
  }
  const { partition, diverging } = checked;
  const { log, highWatermark } = partition;
  const upTo = readableEnd(question, partition);
  const preferred = diverging === undefined ? prefer(partition, want) : undefined;
  const records =
    diverging !== undefined || preferred !== undefined || want.offset >= upTo
      ? nothing
      : readLog(log, files, want.offset, {
          maxBytes: Math.min(left, want.maxBytes),
          upTo,
          minOneBatch: first,
        });
  const { start: logStart } = log;
  return { want, error: "NONE", highWatermark, logStart, diverging, preferred, records };
}

/** A consumer reads what no failure takes back, a follower all there is. */
const readableEnd = (question: FetchQuestion, { highWatermark, log }: Partition): Offset =>
  question.replica === -1 ? highWatermark : log.end;

/**
 * Whether the asker stands where what it may read ends, under the log's latest epoch: the answer would hold no
 * records, no error and no divergence. Told without making the answer, for most looks at a parked fetch find this.
 */
export function isAtEnd(partitions: Partitions, question: FetchQuestion, want: FetchWant): boolean {
  const partition = partitionOf(partitions, want);
  if (partition === undefined || refusalOf(partition, question, want) !== "NONE") return false;
  if (want.lastEpoch >= 0 && want.lastEpoch !== lastEpoch(partition.log)) return false;
  return want.offset === readableEnd(question, partition);
}

const nothing = new Uint8Array(0);
