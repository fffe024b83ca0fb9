/*
 * What a log's own batches say of it: a log too simple to be wrong. Every file is read from its beginning, header by
 * header, and what a broker would have to remember is looked up in the list of all batches, without any of the core's
 * ways of keeping it up to date.
 */
import {
  batchHeaderSize,
  type BatchHeader,
  DecodeError,
  isControl,
  nextOffset,
  readBatchHeader,
} from "#core";
import type { DiskView } from "../world/disk/view.ts";

/** A batch and where it begins in its file. */
export interface ModelBatch {
  readonly header: BatchHeader;
  readonly position: number;
}

export interface ModelSegment {
  readonly base: number;
  readonly size: number;
  readonly batches: readonly ModelBatch[];
}

export interface LogModel {
  readonly segments: readonly ModelSegment[];
  /** Why a file cannot be read to its end; undefined: all can. */
  readonly unreadable: string | undefined;
}

/** Reads all segment files of a folder. */
export function readModel(disk: DiskView, folder: string): LogModel {
  let unreadable: string | undefined;
  const segments: ModelSegment[] = [];
  for (const name of disk.list(folder)) {
    if (!/^\d{20}\.log$/.test(name)) continue;
    const path = `${folder}/${name}`;
    const size = disk.size(path);
    const batches: ModelBatch[] = [];
    for (let position = 0; position < size;) {
      const header = headerAt(disk, path, position);
      if (header === undefined || position + header.length > size) {
        unreadable ??= `${path} has no whole batch at ${position}`;
        break;
      }
      batches.push({ header, position });
      position += header.length;
    }
    segments.push({ base: Number(name.slice(0, 20)), size, batches });
  }
  return { segments, unreadable };
}

function headerAt(disk: DiskView, path: string, position: number): BatchHeader | undefined {
  try {
    return readBatchHeader(disk.read(path, position, batchHeaderSize));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const headersOf = ({ segments }: LogModel): BatchHeader[] =>
  segments.flatMap(({ batches }) => batches.map(({ header }) => header));

/** The offset after the last batch; where the last file begins if it is empty; -1 if there is no file. */
export const modelEnd = (model: LogModel): number => {
  const last = model.segments.at(-1);
  const batch = last?.batches.at(-1);
  return batch === undefined ? (last?.base ?? -1) : nextOffset(batch.header);
};

/** Where each leader epoch begins that has batches (KIP-101). */
export function modelEpochs(model: LogModel): { readonly epoch: number; readonly start: number }[] {
  const begun = new Map<number, number>();
  for (const { leaderEpoch, baseOffset } of headersOf(model))
    if (leaderEpoch >= 0 && !begun.has(leaderEpoch)) begun.set(leaderEpoch, baseOffset);
  return [...begun].map(([epoch, start]) => ({ epoch, start }));
}

/** Entries of a segment's offset index: relative last offset and position of the batches that get one. */
export function modelIndex({ base, batches }: ModelSegment, intervalBytes: number): number[] {
  const pairs: number[] = [];
  let indexed = 0;
  for (const { header, position } of batches) {
    if (position - indexed <= intervalBytes) continue;
    pairs.push(nextOffset(header) - 1 - base, position);
    indexed = position;
  }
  return pairs;
}

/**
 * Entries of a segment's index by time (KIP-33): at each entry of the other index, and at its end once it is closed, the
 * largest time so far and the relative last offset of the first batch that bears it; only where that has risen.
 */
export function modelTimes(
  segment: ModelSegment,
  intervalBytes: number,
  closed: boolean,
): number[] {
  const { base, batches } = segment;
  const indexed = new Set(modelIndex(segment, intervalBytes).filter((_, i) => i % 2 === 1));
  const pairs: number[] = [];
  let largest = -1;
  let by = -1;
  for (const [i, { header, position }] of batches.entries()) {
    if (header.maxTimestamp > largest) {
      largest = header.maxTimestamp;
      by = nextOffset(header) - 1 - base;
    }
    const isEntry = indexed.has(position) || (closed && i === batches.length - 1);
    if (isEntry && largest > (pairs.at(-2) ?? -1)) pairs.push(largest, by);
  }
  return pairs;
}

/** A producer as its batches tell: all of its last epoch, which may be more than a broker remembers. */
export interface ModelProducer {
  readonly epoch: number;
  readonly batches: readonly {
    readonly firstSequence: number;
    readonly lastSequence: number;
    readonly base: number;
    readonly next: number;
    readonly timestamp: number;
  }[];
  readonly lastTimestamp: number;
}

/** By producer id. Sequences count up to 2^31 - 1 and begin again at 0 (KIP-98). */
export function modelProducers(model: LogModel): Map<number, ModelProducer> {
  const own = new Map<number, BatchHeader[]>();
  for (const header of headersOf(model)) {
    const { producerId } = header;
    if (producerId < 0) continue;
    const known = own.get(producerId);
    if (known === undefined) own.set(producerId, [header]);
    else known.push(header);
  }
  return new Map([...own].map(([id, headers]) => [id, producerOf(headers)]));
}

function producerOf(headers: readonly BatchHeader[]): ModelProducer {
  const last = headers.at(-1) as BatchHeader;
  const before = headers.findLastIndex(({ producerEpoch }) => producerEpoch !== last.producerEpoch);
  const batches = headers.slice(before + 1).filter((header) => !isControl(header));
  return {
    epoch: last.producerEpoch,
    batches: batches.map((header) => ({
      firstSequence: header.baseSequence,
      lastSequence: (header.baseSequence + header.lastOffsetDelta) % 0x80000000,
      base: header.baseOffset,
      next: nextOffset(header),
      timestamp: header.maxTimestamp,
    })),
    lastTimestamp: last.maxTimestamp,
  };
}
