/* Faults as bars in time: from the strike to the heal. */
import { type Micros, type NodeName, isByHand, lasts } from "#sim";
import { faultName } from "./fault-names.ts";
import { type Recording, eventOf } from "./recording.ts";

export interface FaultBar {
  readonly seq: number;
  readonly from: Micros;
  /** Null while it lasts. */
  readonly to: Micros | null;
  /** Somebody did it by hand, and it is no fault. */
  readonly isEdit: boolean;
  readonly targets: readonly NodeName[];
  readonly sentence: string;
  /** A word or two. */
  readonly name: string;
  /** Bars that overlap in time share the lane: which of so many rows is this one's. */
  readonly row: number;
  readonly rows: number;
  /** Of those that hang together, the first one's `seq`. */
  readonly group: number;
}

/** What is written on bars that hang together. */
export interface FaultLabel {
  /** The first one's. */
  readonly seq: number;
  readonly from: Micros;
  /** Null while one of them lasts. */
  readonly to: Micros | null;
  /** From the longest to the shortest: the first is taken that has room. */
  readonly texts: readonly string[];
}

/** A label for each bar that stands alone, one with a count for those that lie over each other; edits have none. */
export function faultLabels(bars: readonly FaultBar[]): readonly FaultLabel[] {
  const groups = new Map<number, FaultBar[]>();
  for (const bar of bars) {
    if (bar.name === "") continue;
    const together = groups.get(bar.group);
    if (together === undefined) groups.set(bar.group, [bar]);
    else together.push(bar);
  }
  return [...groups.values()].flatMap((together) => {
    const [first, ...more] = together;
    if (first === undefined) return [];
    const ends = together.map(({ to }) => to ?? Infinity);
    const last = Math.max(...ends);
    const { seq, from, name } = first;
    const count = together.length;
    const all = together.map((one) => one.name).join(", ");
    const texts =
      more.length === 0
        ? [name]
        : [...(count <= 3 ? [all] : []), `${name} +${more.length}`, `${count} faults`, `×${count}`];
    return [{ seq, from, to: last === Infinity ? null : last, texts }];
  });
}

/** More at a time lie over each other. */
const mostRows = 3;

/** Strikes and their heals, paired by place in the scenario; the final heal ends them all. */
export function faultBars(recording: Recording): readonly FaultBar[] {
  const bars = new Map<number, Bar>();
  for (const { seq } of recording.marks) {
    const event = eventOf(recording, seq);
    if (event?.type === "fault") {
      const { at, sentence, fault, targets } = event;
      const to = lasts(fault) ? null : at;
      const name = faultName(fault, targets);
      bars.set(event.index, {
        seq,
        from: at,
        to,
        isEdit: isByHand(fault),
        targets,
        sentence,
        name,
      });
    } else if (event?.type === "healed") {
      for (const [index, bar] of bars) {
        const ends = event.index === -1 || event.index === index;
        if (ends && bar.to === null) bars.set(index, { ...bar, to: event.at });
      }
    }
  }
  return inRows([...bars.values()].sort((a, b) => a.seq - b.seq));
}

type Bar = Omit<FaultBar, "row" | "rows" | "group">;

/** Each takes the first row that is free when it begins; those that hang together share the lane evenly. */
function inRows(bars: readonly Bar[]): readonly FaultBar[] {
  const placed: FaultBar[] = [];
  let together: (Bar & { readonly row: number })[] = [];
  let ends: Micros[] = [];
  const close = (): void => {
    const rows = Math.max(1, ends.length);
    const group = together[0]?.seq ?? -1;
    for (const one of together) placed.push({ ...one, rows, group });
    together = [];
    ends = [];
  };
  for (const bar of bars) {
    const end = bar.to ?? Infinity;
    if (ends.every((one) => one <= bar.from)) close();
    const free = ends.findIndex((one) => one <= bar.from);
    const row = free >= 0 ? free : Math.min(ends.length, mostRows - 1);
    ends[row] = Math.max(ends[row] ?? 0, end);
    together.push({ ...bar, row });
  }
  close();
  return placed;
}
