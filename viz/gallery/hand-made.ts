/* Views made by hand, in few words: `AB A C` are three batches, the first of two records. */
import type { CellView, PartitionView, RowView } from "../model/strip-view.ts";
import type { Standing, ToldView } from "../model/told-view.ts";

/** Records under one leader epoch, by key; a space ends a batch. */
export type EpochOf = readonly [epoch: number, keys: string];

export interface RowMade extends Partial<Pick<RowView, "state" | "leads" | "inSync" | "eligible">> {
  readonly log: readonly EpochOf[];
  /** Cut off, and shown struck until the next beat. */
  readonly cut?: readonly EpochOf[];
  /** Its own high watermark; absent: it knows of all it has. */
  readonly mark?: number;
  /** Everything below is on the disk; absent: nothing. */
  readonly synced?: number;
  /** From here on the leader's log says otherwise. */
  readonly divergesAt?: number;
  /** Offset of the first record that is shown. */
  readonly from?: number;
  /** Where its log begins. */
  readonly start?: number;
  /** Runs of its records under epochs that the lane does not tell: epoch, first offset, the one past the last. */
  readonly strays?: readonly (readonly [epoch: number, from: number, to: number])[];
  /** Offset of the record that is looked into. */
  readonly chosen?: number;
}

/** One replica's row. */
export function row(node: string, made: RowMade): RowView {
  const { log, cut = [], from = 0 } = made;
  const kept = cellsOf(node, log, from);
  const end = from + kept.length;
  const mark = made.mark ?? end;
  const look = (cell: Bare): CellView => ({
    ...cell,
    known: cell.offset < mark,
    synced: cell.offset < (made.synced ?? 0),
    divergent: cell.offset >= (made.divergesAt ?? Infinity),
    chosen: cell.offset === made.chosen,
  });
  return {
    node,
    state: made.state ?? "up",
    leads: made.leads ?? false,
    inSync: made.inSync ?? true,
    eligible: made.eligible ?? false,
    start: made.start ?? 0,
    startEvent: 0,
    end,
    highWatermark: mark,
    highWatermarkEvent: 0,
    event: 0,
    cells: kept.map(look),
    ghosts: cellsOf(node, cut, end).map(look),
    strays: (made.strays ?? []).map(([epoch, from_, to]) => ({
      epoch,
      from: from_,
      to,
      event: from_,
    })),
  };
}

type Bare = Omit<CellView, "known" | "synced" | "divergent" | "chosen">;

function cellsOf(node: string, log: readonly EpochOf[], from: number): readonly Bare[] {
  const cells: Bare[] = [];
  for (const [epoch, keys] of log) {
    for (const batch of keys.split(" ").filter((text) => text !== "")) {
      for (const [place, text] of [...batch].entries()) {
        const offset = from + cells.length;
        const id = `${node}/${epoch}/${offset}`;
        const ends = { first: place === 0, last: place === batch.length - 1 };
        cells.push({ id, offset, event: offset, epoch, text, value: text, ...ends });
      }
    }
  }
  return cells;
}

export interface StripMade extends Partial<
  Pick<PartitionView, "name" | "broken" | "reach" | "eyes" | "first">
> {
  readonly rows: readonly RowView[];
  readonly columns: number;
  readonly mark: number;
  /** Offsets that were acknowledged and are kept: below this one. */
  readonly told?: number;
  /** Acknowledged, and gone. */
  readonly lost?: readonly number[];
  /** Acknowledged and kept, and the leader lacks it. */
  readonly lacked?: readonly number[];
  /** Where records stand of which their client was told that nobody knows. */
  readonly unknown?: readonly number[];
  /** Offset of the record that is looked into. */
  readonly chosen?: number;
  readonly bookmarks?: Readonly<Record<string, number>>;
}

/** A partition; its epochs are those of the leader, or of the first row. */
export function strip(made: StripMade): PartitionView {
  const { rows, columns, mark, lost = [], bookmarks = {}, first = 0 } = made;
  const lead = rows.find(({ leads }) => leads);
  return {
    name: made.name ?? "orders-0",
    event: 0,
    epoch: (lead ?? rows[0])?.cells.at(-1)?.epoch ?? 0,
    leader: lead?.node,
    first,
    width: columns,
    reach: made.reach ?? Math.max(...rows.map(({ end }) => end), ...lost.map((at) => at + 1)),
    broken: made.broken ?? [0, 0],
    highWatermark: mark,
    highWatermarkEvent: 0,
    eyes: made.eyes,
    rows,
    mayLead: rows.filter(({ inSync, eligible }) => inSync || eligible).map(({ node }) => node),
    epochs: epochsOf((lead ?? rows[0])?.cells ?? []),
    told: toldOf(made),
    bookmarks: Object.entries(bookmarks).map(([node, offset]) => ({ node, offset, event: 0 })),
  };
}

function toldOf(made: StripMade): readonly ToldView[] {
  const { told = 0, lost = [], lacked = [], unknown = [], first = 0 } = made;
  const other = { lost, lacked, unknown } as const;
  const standingOf = (offset: number): Standing =>
    (["lost", "lacked", "unknown"] as const).find((one) => other[one].includes(offset)) ?? "kept";
  const from = Math.max(first, ...made.rows.map(({ start }) => start));
  const below = Array.from({ length: Math.max(0, told - from) }, (_, index) => from + index);
  return [...new Set([...below, ...lost, ...lacked, ...unknown])].map((offset) => ({
    offset,
    event: offset,
    client: "p1",
    standing: standingOf(offset),
    chosen: offset === made.chosen,
  }));
}

function epochsOf(cells: readonly CellView[]): PartitionView["epochs"] {
  const runs: { epoch: number; from: number; to: number; event: number }[] = [];
  for (const { epoch, offset, event } of cells) {
    const last = runs.at(-1);
    if (last?.epoch === epoch) last.to = offset + 1;
    else runs.push({ epoch, from: offset, to: offset + 1, event });
  }
  return runs;
}
