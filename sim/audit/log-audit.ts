/*
 * A log in memory against the model of its files: segments, leader epochs, both indexes, producers.
 */
import type { Log } from "#core";
import type { DiskView } from "../world/disk/view.ts";
import {
  type LogModel,
  modelEnd,
  modelEpochs,
  modelIndex,
  type ModelProducer,
  modelProducers,
  modelTimes,
  readModel,
} from "./log-model.ts";

/** In what a log differs from what its batches say: sentences without their subject; empty: in nothing. */
export function logDifferences(log: Log, disk: DiskView): string[] {
  const model = readModel(disk, log.folder);
  if (model.unreadable !== undefined) return [model.unreadable];
  const files = model.segments.map(({ base, size }) => `${base} (${size} bytes)`).join(", ");
  const known = log.segments.map(({ base, size }) => `${base} (${size} bytes)`).join(", ");
  // All else is said by segment: without the same ones there is nothing to compare.
  if (files !== known) return [`it has the segments ${known}, on its disk are ${files}`];
  return [
    ...endDifferences(log, model),
    ...epochDifferences(log, model),
    ...indexDifferences(log, model, disk),
    ...timeDifferences(log, model, disk),
    ...producerDifferences(log, model),
  ];
}

function endDifferences({ start, end, segments }: Log, model: LogModel): string[] {
  const said = modelEnd(model);
  const differences: string[] = [];
  if (end !== said) differences.push(`it ends at ${end}, its batches at ${said}`);
  if (start > end || start < (segments[0]?.base ?? start))
    differences.push(`it begins at ${start}, outside its files`);
  return differences;
}

interface Entry {
  readonly epoch: number;
  readonly start: number;
}

function epochDifferences({ epochs, start, end }: Log, model: LogModel): string[] {
  const all = modelEpochs(model);
  // A leader notes its epoch before it has written anything under it: one entry, at the end.
  const last = epochs.at(-1);
  const isBegun =
    last !== undefined && last.start === end && last.epoch > (all.at(-1)?.epoch ?? -1);
  const own = isBegun ? epochs.slice(0, -1) : epochs;
  // Where nothing can be read, what was in force is of no use: a cut there, or a new epoch, takes its place, as in Kafka.
  if (start === end && own.length === 0) return [];
  const known = epochText(own, start);
  const said = epochText(all, start);
  return known === said ? [] : [`its leader epochs are ${known}, by its batches ${said}`];
}

/** What lies before the log's start is nobody's business: of it counts only which epoch is in force there. */
function epochText(entries: readonly Entry[], start: number): string {
  const inForce = entries.findLastIndex((entry) => entry.start <= start);
  return (inForce < 0 ? entries : entries.slice(inForce))
    .map((entry) => `${entry.epoch} from ${entry.start < start ? start : entry.start}`)
    .join(", ");
}

function indexDifferences({ folder, segments, config }: Log, model: LogModel, disk: DiskView) {
  const differences: string[] = [];
  for (const [i, { base, index }] of segments.entries()) {
    const segment = model.segments[i];
    if (segment === undefined) continue;
    const said = pairText(modelIndex(segment, config.indexIntervalBytes));
    const known = pairText([...index.pairs.subarray(0, index.count * 2)]);
    if (known !== said)
      differences.push(`the index of segment ${base} has ${known}, by its batches ${said}`);
    const path = `${folder}/${String(base).padStart(20, "0")}.index`;
    const kept = pairText(int32s(disk.readAll(path)));
    if (kept !== said)
      differences.push(`the index file of segment ${base} has ${kept}, by its batches ${said}`);
  }
  return differences;
}

function timeDifferences({ folder, segments, config }: Log, model: LogModel, disk: DiskView) {
  const differences: string[] = [];
  for (const [i, { base, times }] of segments.entries()) {
    const segment = model.segments[i];
    if (segment === undefined) continue;
    const closed = i < segments.length - 1;
    const said = pairText(modelTimes(segment, config.indexIntervalBytes, closed));
    const known = pairText([...times.pairs.subarray(0, times.count * 2)]);
    if (known !== said)
      differences.push(`the times of segment ${base} are ${known}, by its batches ${said}`);
    const path = `${folder}/${String(base).padStart(20, "0")}.timeindex`;
    const kept = pairText(timePairs(disk.readAll(path)));
    if (kept !== said)
      differences.push(`the time file of segment ${base} has ${kept}, by its batches ${said}`);
  }
  return differences;
}

/** Entries of 12 bytes: an int64 and an int32. */
function timePairs(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 12) }, (_, i) => [
    Number(view.getBigInt64(i * 12)),
    view.getInt32(i * 12 + 8),
  ]).flat();
}

/** Pairs of relative offset and position, as text. */
const pairText = (pairs: readonly number[]): string =>
  pairs.length === 0
    ? "nothing"
    : pairs.map((value, i) => (i % 2 === 0 ? `${value}@` : `${value} `)).join("");

function int32s(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getInt32(i * 4));
}

/**
 * Of each producer a broker knows the last epoch and the last of its batches: how many depends on what it has read since
 * it started (a snapshot holds one of them), so what it knows has to be a suffix, and not an empty one.
 */
function producerDifferences(log: Log, model: LogModel): string[] {
  const { producers, producersChecked, config, segments, start } = log;
  const all = modelProducers(model);
  const first = segments[0]?.base ?? 0;
  const differences: string[] = [];
  for (const [id, { lastTimestamp, batches }] of all) {
    const age = producersChecked - lastTimestamp;
    const isExpired = producersChecked >= 0 && age >= config.producerIdExpirationMs;
    // Before the log's start nothing is read, though its bytes may be there still (ProducerStateManager.truncateAndReload).
    const isLetGo = (batches.at(-1)?.next ?? 0) <= start;
    if (!producers.has(id as never) && !isExpired && !isLetGo)
      differences.push(`it has forgotten producer ${id}`);
  }
  for (const [id, { epoch, batches, lastTimestamp }] of producers) {
    const said = all.get(id);
    const kept = batches.filter(({ base }) => base >= first);
    if (said === undefined) {
      if (kept.length > 0) differences.push(`it knows producer ${id}, which wrote nothing`);
      continue;
    }
    const suffix = kept.length === 0 ? [] : said.batches.slice(-kept.length);
    const known = producerText({ epoch, batches: kept, lastTimestamp });
    const wanted = producerText({ ...said, batches: suffix });
    const isEmpty = kept.length === 0 && said.batches.length > 0;
    if (known !== wanted || isEmpty || batches.length > rememberedMost)
      differences.push(`of producer ${id} it knows ${known}, by its batches ${producerText(said)}`);
  }
  return differences;
}

/** Kafka remembers five batches of each producer (ProducerStateEntry.NUM_BATCHES_TO_RETAIN). */
const rememberedMost = 5;

const producerText = ({ epoch, batches, lastTimestamp }: ModelProducer): string => {
  const each = batches.map(
    ({ firstSequence, lastSequence, base, next, timestamp }) =>
      `${firstSequence}-${lastSequence} at ${base}-${next - 1} of ${timestamp}`,
  );
  return `epoch ${epoch}, ${each.join(", ")}, last of ${lastTimestamp}`;
};
