/*
 * The leader epoch that a message carries, for whoever listens to a trace. It is read from bytes that the hash has heard
 * already, and is no part of it.
 */
import {
  apiByKey,
  batchHeaderSize,
  DecodeError,
  decodeRequestBody,
  decodeResponse,
  type FrameLabel,
  readBatchHeader,
} from "#core";

/** By the name of what is asked: those in which an epoch says whom the sender takes for the leader, or who wrote. */
const carriers: ReadonlySet<string> = new Set([
  "Fetch",
  "ListOffsets",
  "OffsetForLeaderEpoch",
  "AlterPartition",
  "FetchSnapshot",
  "Vote",
  "BeginQuorumEpoch",
  "EndQuorumEpoch",
]);

/** Fields that say under which leader, or candidate, the message is meant. */
const named: ReadonlySet<string> = new Set(["currentLeaderEpoch", "leaderEpoch", "candidateEpoch"]);

/** `frame`: one of ours, its size included. Undefined if it carries none, or several that differ. */
export function carriedEpoch(
  { api: key, version, response }: FrameLabel,
  frame: Uint8Array,
): number | undefined {
  const api = apiByKey(key);
  if (api === undefined || !carriers.has(api.name)) return undefined;
  const bytes = frame.subarray(4);
  const body = response
    ? decodeResponse(api, version, bytes).body
    : decodeRequestBody(api, version, bytes);
  const found = new Set<number>();
  collect(body, found);
  const [epoch] = found;
  return found.size === 1 ? epoch : undefined;
}

function collect(value: unknown, found: Set<number>): void {
  if (Array.isArray(value)) for (const one of value) collect(one, found);
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (named.has(name) && typeof member === "number") {
        if (member >= 0) found.add(member);
      } else if (!(member instanceof Uint8Array)) collect(member, found);
      // A piece of a snapshot may begin anywhere in a batch: only what is handed on as records begins with one.
      else if (name === "records") collectRecords(member, found);
    }
  }
}

/** Under which epochs the batches were written that a leader hands on; what rot has made of one tells nothing. */
function collectRecords(records: Uint8Array, found: Set<number>): void {
  try {
    for (let at = 0; at + batchHeaderSize <= records.length;) {
      const { length, leaderEpoch } = readBatchHeader(records, at);
      if (leaderEpoch >= 0) found.add(leaderEpoch);
      at += length;
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}
