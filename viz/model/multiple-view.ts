/*
 * One partition in small: a line for each replica over all its offsets, its records by leader epoch, filled as far as
 * the replica knows them safe. Longer than it is wide, so offsets are scaled; they stay aligned over the replicas.
 */
import type { NodeName } from "#sim";
import type { PartitionHealth } from "./partition-health.ts";
import { type BatchPicture, type Picture, type StripPicture, brokerName } from "./picture.ts";

/** What stands before a replica's line. */
export type LineMark = "leader" | "in sync" | "out" | "down";

/** Neighbouring records of one epoch, below or above the replica's high watermark. */
export interface RunView {
  readonly id: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly known: boolean;
  readonly event: number;
}

export interface LineView {
  readonly node: NodeName;
  readonly mark: LineMark;
  readonly event: number;
  readonly runs: readonly RunView[];
}

export interface MultipleView extends PartitionHealth {
  /** Offsets from the lowest start to the highest end, at least so many that a few records do not look like many. */
  readonly from: number;
  readonly to: number;
  readonly highWatermark: number;
  readonly highWatermarkEvent: number;
  readonly lines: readonly LineView[];
}

const fewestOffsets = 20;

export function multipleView(
  picture: Picture,
  health: PartitionHealth,
  runsOf: RunsOf,
): MultipleView {
  const partition = picture.partitions.get(health.name);
  const strips = [...(partition?.strips.values() ?? [])];
  const from = Math.min(...strips.map(({ start }) => start), Infinity);
  const begin = Number.isFinite(from) ? from : 0;
  const end = Math.max(...strips.map((strip) => strip.end), 0);
  const lead = partition?.strips.get(brokerName(health.leader));
  const lines = [...(partition?.replicas ?? [])]
    .sort((a, b) => a - b)
    .map((id): LineView => {
      const node = brokerName(id);
      const strip = partition?.strips.get(node);
      const state = picture.nodes.get(node)?.state ?? "up";
      const isIn = partition?.isr.includes(id) === true;
      const isUp = state === "up" || state === "paused";
      const mark = !isUp ? "down" : health.leader === id ? "leader" : isIn ? "in sync" : "out";
      const runs = strip === undefined ? [] : cutAt(runsOf(strip), strip.highWatermark);
      return { node, mark, event: strip?.event ?? -1, runs };
    });
  return {
    ...health,
    from: begin,
    to: Math.max(end, begin + fewestOffsets),
    highWatermark: lead?.highWatermark ?? -1,
    highWatermarkEvent: lead?.highWatermarkEvent ?? -1,
    lines,
  };
}

/** Runs of one epoch, without regard to what is known safe. */
type EpochRuns = readonly Omit<RunView, "known" | "id">[];
export type RunsOf = (strip: StripPicture) => EpochRuns;

/** Remembers what it found for as long as a log stays as it was: most of many logs do, from one picture to the next. */
export function runsFinder(): RunsOf {
  const found = new WeakMap<
    readonly BatchPicture[],
    { readonly count: number; readonly last: BatchPicture | undefined; readonly runs: EpochRuns }
  >();
  return ({ batches }) => {
    const before = found.get(batches);
    const last = batches.at(-1);
    if (before?.count === batches.length && before.last === last) return before.runs;
    const runs: Omit<RunView, "known" | "id">[] = [];
    for (const { epoch, base, next, event } of batches) {
      const run = runs.at(-1);
      if (run?.epoch === epoch && run.to === base) runs[runs.length - 1] = { ...run, to: next };
      else runs.push({ epoch, from: base, to: next, event });
    }
    found.set(batches, { count: batches.length, last, runs });
    return runs;
  };
}

const cutAt = (runs: EpochRuns, mark: number): readonly RunView[] =>
  runs.flatMap((run): RunView[] => {
    const { epoch, from, to } = run;
    const known = to <= mark;
    if (known || from >= mark) return [{ ...run, known, id: `${epoch}/${from}/${known}` }];
    return [
      { ...run, to: mark, known: true, id: `${epoch}/${from}/true` },
      { ...run, from: mark, known: false, id: `${epoch}/${mark}/false` },
    ];
  });
