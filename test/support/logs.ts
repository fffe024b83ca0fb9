import { encodeBatch, type Files, leaderEpoch, type Millis, type Now, offset } from "#core";
import { utf8Bytes } from "../../core/foundation/utf8.ts";
import { appendBatches, type Log, type LogConfig, openLog } from "../../core/log/log.ts";
import { indexBytes } from "../../core/log/offset-index.ts";
import { timeBytes } from "../../core/log/time-index.ts";
import { memoryFiles } from "./memory-files.ts";

/** Where the tests' logs lie. */
export const folder = "orders-0";

/** Nothing rolls by time, and no producer expires. */
export const logConfig: LogConfig = {
  segmentBytes: 1 << 20,
  indexIntervalBytes: 4096,
  indexMaxBytes: 1 << 16,
  rollMs: 1e12,
  maxBatchBytes: 1 << 20,
  flushMessages: Number.MAX_SAFE_INTEGER,
  producerIdExpirationMs: 1e12,
  retentionMs: -1,
  retentionBytes: -1,
};

/** What a batch says of itself; all have defaults. */
export interface BatchPlan {
  readonly epoch?: number;
  readonly count?: number;
  /** Bytes of each record's value. */
  readonly size?: number;
  readonly producer?: number;
  readonly producerEpoch?: number;
  readonly sequence?: number;
  readonly timestamp?: number;
  /** Transactional and control bits. */
  readonly attributes?: number;
}

/** A whole, stamped batch at `base`. No two of them have the same records: a value says where it stands. */
export function batchAt(base: number, plan: BatchPlan = {}): Uint8Array {
  const { epoch = 0, count = 1, size = 10, producer = -1, timestamp = 0 } = plan;
  const records = Array.from({ length: count }, (_, i) => ({
    timestamp,
    key: null,
    value: utf8Bytes(`${base + i}/${epoch}`.padEnd(size, ".")),
  }));
  return encodeBatch(
    {
      baseOffset: base,
      leaderEpoch: epoch,
      producerId: producer,
      producerEpoch: plan.producerEpoch ?? (producer < 0 ? -1 : 0),
      baseSequence: plan.sequence ?? (producer < 0 ? -1 : 0),
      attributes: plan.attributes ?? 0,
      records,
    },
    (length) => new Uint8Array(length),
  );
}

export const at = (ms: number): Now => ({ monotonic: ms as Millis, wall: ms as Millis });

/** Opens the log as after a clean stop, or makes it. */
export const openClean = (files: Files, config: Partial<LogConfig> = {}): Log =>
  openLog(files, folder, { ...logConfig, ...config }, trusted).log;

const trusted = { clean: true, recoveryPoint: offset(0), start: offset(0) };

/** Opens the log as after a crash: below the recovery point all is believed. */
export const openUnclean = (files: Files, config: Partial<LogConfig> = {}, recoveryPoint = 0) =>
  openLog(
    files,
    folder,
    { ...logConfig, ...config },
    { clean: false, recoveryPoint: offset(recoveryPoint), start: offset(0) },
  );

/** Appends a batch at the log's end and returns its bytes. */
export function append(log: Log, files: Files, plan: BatchPlan = {}, now = at(0)): Uint8Array {
  const bytes = batchAt(log.end, { epoch: Math.max(0, log.epochs.at(-1)?.epoch ?? 0), ...plan });
  appendBatches(log, files, now, bytes);
  return bytes;
}

export interface WrittenLog {
  readonly files: Files;
  readonly log: Log;
  readonly batches: readonly Uint8Array[];
}

/** A new log on a disk of its own, with these batches. */
export function writtenLog(
  plans: readonly BatchPlan[],
  config: Partial<LogConfig> = {},
): WrittenLog {
  const files = memoryFiles();
  const log = openClean(files, config);
  return { files, log, batches: plans.map((plan) => append(log, files, plan)) };
}

/** What a log knows of its batches: a restart must know the same. */
export function knowledgeOf(log: Log) {
  return {
    start: log.start,
    end: log.end,
    epochs: log.epochs,
    producers: log.producers,
    segments: log.segments.map(({ index, times, firstAppend: _, ...segment }) => ({
      ...segment,
      index: hex(indexBytes(index)),
      times: hex(timeBytes(times)),
    })),
  };
}

/** The same, where a restart or a cut may remember, of a producer's last five batches, the newest alone. */
export function newestKnowledgeOf(log: Log) {
  const producers = [...log.producers].map(
    ([id, { batches, ...entry }]) => [id, { ...entry, batches: batches.slice(-1) }] as const,
  );
  return { ...knowledgeOf(log), producers: new Map(producers) };
}

/** Bytes as text, which is compared and shown faster. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Every byte of the log's folder in hex, by file name. */
export function contentsOf(files: Files): Map<string, string> {
  return new Map(files.list(folder).map((name) => [name, hex(bytesOf(files, name))]));
}

/** The same of segments and their indexes alone. */
export function segmentFilesOf(files: Files): Map<string, string> {
  const isOther = (name: string): boolean => /\.snapshot$|^leader-epoch-checkpoint$/.test(name);
  return new Map([...contentsOf(files)].filter(([name]) => !isOther(name)));
}

/** A file of the log's folder, whole. */
export function bytesOf(files: Files, name: string): Uint8Array {
  const path = `${folder}/${name}`;
  return files.read(path, 0, files.size(path) ?? 0);
}

/** Kafka's name of a segment's file. */
export const segmentName = (
  base: number,
  kind: "log" | "index" | "timeindex" | "snapshot" = "log",
): string => `${String(base).padStart(20, "0")}.${kind}`;

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** A file as text. */
export const textOf = (files: Files, path: string): string | undefined => {
  const size = files.size(path);
  return size === undefined ? undefined : new TextDecoder().decode(files.read(path, 0, size));
};

export const epoch = leaderEpoch;
