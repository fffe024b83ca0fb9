import type { Offset } from "../foundation/ids.ts";
import type { BatchHeader } from "../wire/batch.ts";
import type { EpochEntry } from "./epochs.ts";
import type { Producers } from "./producers.ts";
import type { Segment } from "./segment.ts";

/** How a log is kept; sizes in bytes, times in ms. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly indexIntervalBytes: number;
  readonly indexMaxBytes: number;
  readonly rollMs: number;
  /** An append fsyncs once so many offsets are not fsynced (flush.messages). */
  readonly flushMessages: number;
  readonly maxBatchBytes: number;
  readonly producerIdExpirationMs: number;
  /** How old a segment's newest record, and how large the log, may get before the oldest segment goes; -1: for ever. */
  readonly retentionMs: number;
  readonly retentionBytes: number;
}

/** A log in memory: plain data. Its batches are in its files alone. */
export interface Log {
  readonly folder: string;
  config: LogConfig;
  /** The first offset. */
  start: Offset;
  /** The log end offset: the next record's. */
  end: Offset;
  /** Everything below is fsynced. */
  recoveryPoint: Offset;
  /** Rising and without gaps between them; the last one is written to. There is always one. */
  segments: Segment[];
  epochs: readonly EpochEntry[];
  producers: Producers;
  /** The log end offsets at which producer state was written (`.snapshot` files), rising. */
  snapshots: Offset[];
  /** Wall clock ms when expired producers were last looked for; -1 before. */
  producersChecked: number;
  /** Whether bytes or names that were cut off may still be on the platter. */
  cutUnsynced: boolean;
}

/** A batch that entered the log. */
export interface AppendedBatch {
  readonly header: BatchHeader;
  readonly base: Offset;
  readonly next: Offset;
  /** Base offset of its segment; position and length in bytes. */
  readonly segment: Offset;
  readonly position: number;
  readonly length: number;
  /** Whether it is the first of a segment that was begun for it. */
  readonly rolled: boolean;
  /** Whether everything up to it was fsynced with it (flush.messages). */
  readonly flushed: boolean;
}

/** What is known of a log before it is opened. */
export interface OpenOptions {
  /** Whether the last life flushed everything and said so. */
  readonly clean: boolean;
  readonly recoveryPoint: Offset;
  readonly start: Offset;
}

/** Where opening a log found the first bytes that it could not keep, and why. */
export interface Cut {
  /** Base offset of the segment; position in its file. */
  readonly segment: Offset;
  readonly position: number;
  /** The log end offset after the cut. */
  readonly offset: Offset;
  readonly reason: string;
}

export interface OpenedLog {
  readonly log: Log;
  /** Bytes cut off, in all segments. */
  readonly cutBytes: number;
  readonly cutFrom: Cut | undefined;
  /** An index file did not say what the batches do, and was written anew. */
  readonly mended: boolean;
}
