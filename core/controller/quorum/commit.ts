/*
 * The metadata log of this controller: what was decided is appended, flushed, committed and only then replayed and
 * answered (KRaft, KIP-595). One voter today, so its own flush is the majority; the next ones will wait for fetches.
 */
import { assert, must } from "../../foundation/assert.ts";
import type { CoreEvent } from "../../foundation/events.ts";
import { type Offset, offset } from "../../foundation/ids.ts";
import { type Because, note, type Turn } from "../../foundation/turn.ts";
import { appendBatches, flushLog, type Log, readLog } from "../../log/log.ts";
import {
  type BatchHeader,
  decodeRecords,
  encodeBatch,
  isControl,
  nextOffset,
  readBatchHeader,
  splitBatches,
} from "../../wire/batch.ts";
import type { BatchRecord } from "../../wire/record.ts";
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecord,
} from "../../wire/metadata-records.ts";
import { replay } from "../metadata/replay.ts";
import type { Controller } from "../state.ts";
import { eventsOf, partitionBefore } from "./events.ts";

/** The offset that the next record will have. */
export const nextMetadataOffset = (self: Controller): Offset => logOf(self).end;

export const logOf = (self: Controller): Log =>
  must(self.log, "a controller that leads has its log");

/** Commits records together, replays them, and tells the trace what they mean. */
export function commit(
  self: Controller,
  records: readonly MetadataRecord[],
  turn: Turn,
  because?: Because,
): void {
  assert(records.length > 0, "a commit has records");
  const from = nextMetadataOffset(self);
  const values = records.map((record) => ({
    timestamp: turn.now.wall,
    key: null,
    value: encodeMetadataRecord(record),
  }));
  appendAndFlush(self, values, 0, turn);
  for (const [i, record] of records.entries()) {
    const before = partitionBefore(self.image, record);
    replay(self.image, record, offset(from + i));
    for (const event of eventsOf(self.image, record, before, records)) note(turn, event, because);
  }
  committed(self, turn);
}

/** Appends one batch of this controller's epoch and flushes it: only then may anybody act on it. */
export function appendAndFlush(
  self: Controller,
  records: readonly BatchRecord[],
  attributes: number,
  turn: Turn,
): void {
  const log = logOf(self);
  const batch = encodeBatch(
    {
      baseOffset: log.end,
      leaderEpoch: self.epoch,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      attributes,
      records,
    },
    turn.ports.bytes,
  );
  appendBatches(log, turn.ports.files, turn.now, batch);
  flushLog(log, turn.ports.files);
}

/** Everything in the log is committed now: with one voter, its flush is enough. */
export function committed(self: Controller, turn: Turn): void {
  self.committed = logOf(self).end;
  note(turn, { type: "metadataCommitted", next: self.committed });
}

/**
 * Replays the whole log into the image. A process that is killed after its flush has decided and told nobody, so what
 * its last step decided is told again: all that a step commits bears one time.
 */
export function replayLog(self: Controller, turn: Turn): void {
  const log = logOf(self);
  let at = log.start;
  let last: BatchHeader | undefined;
  let lastEvents: CoreEvent[] = [];
  while (at < log.end) {
    const wanted = { maxBytes: 1_048_576, upTo: log.end, minOneBatch: true };
    const bytes = readLog(log, turn.ports.files, at, wanted);
    assert(bytes.length > 0, "a log can be read up to its end");
    for (const batch of splitBatches(bytes)) {
      const header = readBatchHeader(batch);
      at = offset(nextOffset(header));
      if (isControl(header)) continue;
      if (last?.baseTimestamp !== header.baseTimestamp) lastEvents = [];
      last = header;
      lastEvents.push(...replayBatch(self, batch));
    }
  }
  for (const event of lastEvents) note(turn, event);
}

/** Returns what the batch's records mean. */
function replayBatch(self: Controller, batch: Uint8Array): CoreEvent[] {
  const records: MetadataRecord[] = [];
  const offsets: Offset[] = [];
  for (const { offset: at, value } of decodeRecords(batch)) {
    if (value === null) continue;
    records.push(decodeMetadataRecord(value));
    offsets.push(offset(at));
  }
  return records.flatMap((record, i) => {
    const before = partitionBefore(self.image, record);
    replay(self.image, record, must(offsets[i], "the offset of a record"));
    return eventsOf(self.image, record, before, records);
  });
}
