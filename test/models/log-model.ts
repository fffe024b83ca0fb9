/*
 * A log too simple to be wrong: lists of batches, one list a segment, and everything else is looked up in them.
 */

export interface ModelBatch {
  readonly base: number;
  readonly next: number;
  readonly epoch: number;
  /** -1 for none. */
  readonly producer: number;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly bytes: Uint8Array;
}

export interface ModelSegment {
  readonly base: number;
  batches: ModelBatch[];
}

export interface LogModel {
  readonly segmentBytes: number;
  segments: ModelSegment[];
  /** Epochs that began, also where no batch was written: epoch and start. */
  epochs: { readonly epoch: number; readonly start: number }[];
  /** What is known of producers from before the batches at or behind `from`. */
  known: Known;
  /** What was written of producers, rising. */
  snapshots: Known[];
}

interface Known {
  readonly from: number;
  readonly producers: ReadonlyMap<number, ModelProducer>;
}

interface ModelProducer {
  readonly epoch: number;
  readonly batches: readonly object[];
  readonly lastTimestamp: number;
}

const nobody: Known = { from: 0, producers: new Map() };

export const newModel = (segmentBytes: number): LogModel => ({
  segmentBytes,
  segments: [{ base: 0, batches: [] }],
  epochs: [],
  known: nobody,
  snapshots: [],
});

export const batchesOf = (model: LogModel): ModelBatch[] =>
  model.segments.flatMap(({ batches }) => batches);

export const endOf = (model: LogModel): number => batchesOf(model).at(-1)?.next ?? 0;

const sizeOf = (batches: readonly ModelBatch[]): number =>
  batches.reduce((sum, { bytes }) => sum + bytes.length, 0);

export function appendToModel(model: LogModel, batch: ModelBatch): void {
  beginEpoch(model, batch.epoch);
  const active = model.segments.at(-1)!;
  const isFull = sizeOf(active.batches) + batch.bytes.length > model.segmentBytes;
  if (active.batches.length > 0 && isFull) {
    writeSnapshot(model);
    model.segments.push({ base: batch.base, batches: [batch] });
  } else active.batches.push(batch);
}

/** A leader took over; entries that begin where it does had no records. */
export function beginEpoch(model: LogModel, epoch: number): void {
  if (model.epochs.at(-1)?.epoch === epoch) return;
  const start = endOf(model);
  model.epochs = [...model.epochs.filter((entry) => entry.start < start), { epoch, start }];
}

/** Whole batches go; so does a segment that begins beyond the cut, unless it is the only one. */
export function truncateModel(model: LogModel, to: number): void {
  const isCut = to < endOf(model);
  if (isCut) {
    model.snapshots = model.snapshots.filter(({ from }) => from <= to);
    model.segments = model.segments.filter(({ base }, i) => i === 0 || base <= to);
    for (const segment of model.segments) {
      segment.batches = segment.batches.filter(({ next }) => next <= to);
    }
  }
  const end = endOf(model);
  model.epochs = model.epochs.filter(({ start }) => start < end);
  if (isCut) reloadModel(model);
}

/** Writes what is known of producers: of each the newest batch. An empty log has nothing to write. */
export function writeSnapshot(model: LogModel): void {
  const from = endOf(model);
  if (from <= (model.snapshots.at(-1)?.from ?? 0)) return;
  const producers = new Map<number, ModelProducer>();
  for (const [id, { batches, ...rest }] of modelProducers(model)) {
    producers.set(id, { ...rest, batches: batches.slice(-1) });
  }
  model.snapshots.push({ from, producers });
}

/** A restart, and a cut, begin with the last snapshot within the log. */
export function reloadModel(model: LogModel): void {
  model.snapshots = model.snapshots.filter(({ from }) => from <= endOf(model));
  model.known = model.snapshots.at(-1) ?? nobody;
  writeSnapshot(model);
}

/** Of a restart's snapshots those stay at which a segment begins, and the last one. */
export function forgetStraySnapshots(model: LogModel): void {
  const last = model.snapshots.at(-1);
  const bases = model.segments.map(({ base }) => base);
  model.snapshots = model.snapshots.filter((one) => one === last || bases.includes(one.from));
}

/** A restart knows of an epoch only by its records. */
export function forgetEmptyEpochs(model: LogModel): void {
  const written = new Set(batchesOf(model).map(({ epoch }) => epoch));
  model.epochs = model.epochs.filter(({ epoch }) => written.has(epoch));
}

/** KIP-101: where the largest epoch not above the asked one ends. */
export function modelEndOfEpoch(
  { epochs, ...model }: LogModel,
  asked: number,
): { readonly epoch: number; readonly end: number } {
  const last = epochs.at(-1);
  if (last === undefined || asked < 0 || asked > last.epoch) return { epoch: -1, end: -1 };
  const later = epochs.find(({ epoch }) => epoch > asked);
  const end = later?.start ?? endOf({ ...model, epochs });
  return { epoch: epochs.findLast(({ epoch }) => epoch <= asked)?.epoch ?? asked, end };
}

/** Batches of one segment from the one that holds `from` on, as many as the bounds allow. */
export function readModel(
  model: LogModel,
  from: number,
  options: { readonly maxBytes: number; readonly upTo: number; readonly minOneBatch: boolean },
): ModelBatch[] {
  const first = model.segments.find(({ batches }) => batches.some(({ next }) => next > from));
  const read: ModelBatch[] = [];
  for (const batch of first?.batches.filter(({ next }) => next > from) ?? []) {
    if (from >= options.upTo || batch.base >= options.upTo) break;
    const fits = sizeOf(read) + batch.bytes.length <= options.maxBytes;
    if (!fits && !(read.length === 0 && options.minOneBatch)) break;
    read.push(batch);
  }
  return read;
}

/** What the log must remember of each producer: epoch and the last five batches of it, as far as they are known. */
export function modelProducers(model: LogModel): Map<number, ModelProducer> {
  const producers = new Map(model.known.producers);
  const batches = batchesOf(model).filter(
    ({ producer, base }) => producer >= 0 && base >= model.known.from,
  );
  for (const producer of new Set(batches.map((batch) => batch.producer))) {
    const own = batches.filter((batch) => batch.producer === producer);
    const epoch = own.at(-1)!.producerEpoch;
    const before = own.findLastIndex((batch) => batch.producerEpoch !== epoch);
    const older = producers.get(producer);
    const isOlder = before === -1 && older?.epoch === epoch;
    const later = own.slice(before + 1).map(({ base, next, sequence, timestamp }) => ({
      firstSequence: sequence,
      lastSequence: sequence + next - base - 1,
      base,
      next,
      timestamp,
    }));
    producers.set(producer, {
      epoch,
      batches: [...(isOlder ? older.batches : []), ...later].slice(-5),
      lastTimestamp: own.at(-1)!.timestamp,
    });
  }
  return producers;
}

/** Entries of a segment's index: how far its last offset is from the segment's first, and its position. */
export function modelIndex(segment: ModelSegment, indexIntervalBytes: number): number[][] {
  const entries: number[][] = [];
  for (const [i, batch] of segment.batches.entries()) {
    const position = sizeOf(segment.batches.slice(0, i));
    if (position - (entries.at(-1)?.[1] ?? 0) <= indexIntervalBytes) continue;
    entries.push([batch.next - 1 - segment.base, position]);
  }
  return entries;
}

/**
 * Entries of a segment's index by time: at each entry of the other index, and at its end once it is closed, the largest
 * timestamp so far and the last offset (less the segment's first) of the batch that brought it; only what rises.
 */
export function modelTimes(
  segment: ModelSegment,
  indexIntervalBytes: number,
  isClosed: boolean,
): number[][] {
  const indexed = modelIndex(segment, indexIntervalBytes).map(([last]) => last);
  const entries: number[][] = [];
  for (const [i, { next }] of segment.batches.entries()) {
    const isLast = isClosed && i === segment.batches.length - 1;
    if (!isLast && !indexed.includes(next - 1 - segment.base)) continue;
    const soFar = segment.batches.slice(0, i + 1);
    const largest = Math.max(...soFar.map(({ timestamp }) => timestamp));
    if (largest <= (entries.at(-1)?.[0] ?? -1)) continue;
    const first = soFar.find(({ timestamp }) => timestamp === largest)!;
    entries.push([largest, first.next - 1 - segment.base]);
  }
  return entries;
}

/** The offset of the first record that is not older; -1 for none. */
export const modelOffsetAt = (model: LogModel, timestamp: number): number =>
  batchesOf(model).find((batch) => batch.timestamp >= timestamp)?.base ?? -1;
