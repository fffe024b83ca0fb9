/*
 * One partition as rows of cells, offsets aligned over its replicas: what the strip marks draw. A view of a
 * picture and nothing more. What a replica believes (its high watermark) and what only an onlooker can know
 * (that two logs differ, that an acknowledged record is gone) stay apart.
 */
import type { NodeName } from "#sim";
import { batchAt, batchesIn, firstIndex, indexAt } from "./batch-at.ts";
import { type CellLabel, labelOf } from "./cell-label.ts";
import type { Facts } from "./facts.ts";
import type {
  BatchPicture,
  NodeState,
  PartitionPicture,
  Picture,
  StripPicture,
} from "./picture.ts";
import { brokerName } from "./picture.ts";
import { coversRange } from "./ranges.ts";
import type { Identity } from "./record-life.ts";
import { type ToldView, toldViews } from "./told-view.ts";

/** One record in one replica's log. */
export interface CellView {
  readonly id: string;
  readonly offset: number;
  readonly event: number;
  readonly epoch: number;
  readonly text: string;
  readonly value: string;
  /** First and last record of its batch. */
  readonly first: boolean;
  readonly last: boolean;
  /** Below this replica's own high watermark. */
  readonly known: boolean;
  readonly synced: boolean;
  /** The leader's log says otherwise here, and always will. */
  readonly divergent: boolean;
  /** It is the record that is looked into. */
  readonly chosen: boolean;
}

export interface RowView {
  readonly node: NodeName;
  readonly state: NodeState | "unknown";
  readonly leads: boolean;
  readonly inSync: boolean;
  /** Out of sync, and may lead all the same (ELR). */
  readonly eligible: boolean;
  /** Where its log begins, and the event that says so. */
  readonly start: number;
  readonly startEvent: number;
  readonly end: number;
  readonly highWatermark: number;
  readonly highWatermarkEvent: number;
  readonly event: number;
  readonly cells: readonly CellView[];
  readonly ghosts: readonly CellView[];
  /** Its records under epochs that the lane does not tell there. */
  readonly strays: readonly EpochRun[];
}

export interface EpochRun {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly event: number;
}

export interface BookmarkView {
  readonly node: NodeName;
  readonly offset: number;
  readonly event: number;
}

export interface PartitionView {
  readonly name: string;
  readonly event: number;
  readonly epoch: number;
  readonly leader: NodeName | undefined;
  /** First offset in the window, and how many fit. */
  readonly first: number;
  readonly width: number;
  /** Past the last offset of which there is anything to show: a record, or a promise whose record is gone. */
  readonly reach: number;
  /** Acknowledged records that are gone, left of the window and right of it. */
  readonly broken: readonly [before: number, after: number];
  readonly highWatermark: number;
  readonly highWatermarkEvent: number;
  /** Whose knowledge this is; undefined: an observer's. */
  readonly eyes: NodeName | undefined;
  readonly rows: readonly RowView[];
  /** Whom the controllers could let lead at once: in sync or eligible, running and not fenced. */
  readonly mayLead: readonly NodeName[];
  readonly epochs: readonly EpochRun[];
  readonly told: readonly ToldView[];
  readonly bookmarks: readonly BookmarkView[];
}

/** What a reader has chosen to see of a partition. */
export interface StripChoice {
  /** Where the window begins; absent: it follows the tail. */
  readonly from?: number | undefined;
  /** What stands in the cells. */
  readonly label?: CellLabel;
  /** The record that is looked into: it is in the window, unless somebody chose another, or time moves on. */
  readonly chosen?: Identity | undefined;
  readonly isMoving?: boolean;
}

/** `width`: how many offsets its window shows. */
export function partitionView(
  picture: Picture,
  facts: Facts,
  partition: PartitionPicture,
  width: number,
  { from, label = "key", chosen, isMoving = false }: StripChoice = {},
): PartitionView {
  const leader = partition.leader === -1 ? undefined : brokerName(partition.leader);
  const lead = leader === undefined ? undefined : partition.strips.get(leader);
  const lane = lead ?? longest(partition);
  const mark = markOf(partition, lead);
  const tail = tailStart(partition, width);
  const first = from ?? (isMoving ? tail : showing(partition, chosen, tail, width));
  const window = { first, width, label, chosen };
  const told = toldViews(picture, facts, partition, window, chosen);
  return {
    name: partition.name,
    event: partition.event,
    epoch: partition.epoch,
    leader,
    first,
    width,
    reach: Math.max(longest(partition)?.end ?? 0, told.reach),
    ...mark,
    eyes: picture.eyes,
    rows: byId(partition.replicas).map((id) =>
      rowView(picture, facts, partition, brokerName(id), lead, lane, window),
    ),
    mayLead: mayLead(picture, partition),
    epochs: epochRuns(lane),
    told: told.inside,
    broken: told.lost,
    bookmarks: bookmarksOf(picture, partition.name),
  };
}

/** Every strip has its brokers in the order in which they stand on the stage. */
const byId = (ids: readonly number[]): readonly number[] => [...ids].sort((a, b) => a - b);

const mayLead = ({ nodes }: Picture, { isr, elr }: PartitionPicture): readonly NodeName[] =>
  byId([...isr, ...elr])
    .map(brokerName)
    .filter((name) => nodes.get(name)?.state === "up" && nodes.get(name)?.fenced === false);

interface Window {
  readonly first: number;
  readonly width: number;
  readonly label: CellLabel;
  readonly chosen: Identity | undefined;
}

const isInside = ({ first, width }: Pick<Window, "first" | "width">, offset: number): boolean =>
  offset >= first && offset < first + width;

const newMark = { highWatermark: -1, highWatermarkEvent: -1 };

/** The leader's high watermark; without a leader the highest that any replica knows. */
function markOf(
  partition: PartitionPicture,
  lead: StripPicture | undefined,
): Pick<StripPicture, "highWatermark" | "highWatermarkEvent"> {
  let best = lead;
  if (best === undefined) {
    for (const strip of partition.strips.values()) {
      if (best === undefined || strip.highWatermark > best.highWatermark) best = strip;
    }
  }
  const { highWatermark, highWatermarkEvent } = best ?? newMark;
  return { highWatermark, highWatermarkEvent };
}

/**
 * The tail in view: the high watermark at about 70 % of the width and the longest log inside, or, if both do not fit,
 * the high watermark at a quarter of the width, so that it parts what is safe from what is not. The window moves by several offsets at once, so that cells mostly stay
 * where they are.
 */
export function tailStart(partition: PartitionPicture, width: number): number {
  const lead =
    partition.leader === -1 ? undefined : partition.strips.get(brokerName(partition.leader));
  const { highWatermark } = markOf(partition, lead);
  const page = pageOf(width);
  const end = longest(partition)?.end ?? 0;
  const tail = Math.max(highWatermark - Math.floor(width * 0.75), end + 1 - width);
  const wanted = Math.ceil(tail / page) * page;
  const most = Math.floor((highWatermark - width / 4) / page) * page;
  return Math.max(0, Math.min(wanted, most));
}

const pageOf = (width: number): number => Math.max(2, Math.floor(width / 6));

/** Where a window has to begin, so that it shows a record that a window from `first` on may not. */
function showing(
  { strips }: PartitionPicture,
  chosen: Identity | undefined,
  first: number,
  width: number,
): number {
  if (chosen?.crc === undefined) return first;
  const offsets = [...strips.values()].flatMap(({ batches, ghost }) =>
    [...batches, ...(ghost?.batches ?? [])]
      .filter(({ crc }) => crc === chosen.crc)
      .map(({ base }) => base + chosen.index),
  );
  const offset = offsets.at(-1);
  if (offset === undefined || offsets.some((one) => isInside({ first, width }, one))) return first;
  const page = pageOf(width);
  return Math.max(0, Math.floor(offset / page - 1) * page);
}

function longest(partition: PartitionPicture): StripPicture | undefined {
  let best: StripPicture | undefined;
  for (const strip of partition.strips.values()) {
    if (best === undefined || strip.end > best.end) best = strip;
  }
  return best;
}

function rowView(
  picture: Picture,
  facts: Facts,
  partition: PartitionPicture,
  node: NodeName,
  lead: StripPicture | undefined,
  lane: StripPicture | undefined,
  window: Window,
): RowView {
  const strip = partition.strips.get(node);
  const row = {
    node,
    state: picture.nodes.get(node)?.state ?? "unknown",
    leads: brokerName(partition.leader) === node,
    inSync: partition.isr.some((id) => brokerName(id) === node),
    eligible: partition.elr.some((id) => brokerName(id) === node),
  } as const;
  if (strip === undefined) {
    const nothing = { start: 0, end: 0, highWatermark: -1, event: -1 };
    const events = { startEvent: -1, highWatermarkEvent: -1 };
    return { ...row, ...nothing, ...events, cells: [], ghosts: [], strays: [] };
  }
  const { start, startEvent, end, highWatermark, highWatermarkEvent, event } = strip;
  const edges = { start, startEvent, end, highWatermark, highWatermarkEvent, event };
  const reference = strip === lead ? undefined : lead;
  const inside = batchesIn(strip, window.first, window.first + window.width);
  const cells = inside.flatMap((batch) => cellsOf(facts, strip, batch, window, reference));
  const ghosts = (strip.ghost?.batches ?? [])
    .flatMap((batch) => cellsOf(facts, strip, batch, window, undefined))
    .filter(({ offset }) => offset >= end);
  const struck = ghosts.map((ghost) => ({ ...ghost, divergent: true }));
  const strays = strayRuns([...cells, ...struck], lane);
  return { ...row, ...edges, cells, ghosts, strays };
}

function cellsOf(
  facts: Facts,
  strip: StripPicture,
  batch: BatchPicture,
  window: Window,
  lead: StripPicture | undefined,
): readonly CellView[] {
  if (batch.next <= window.first || batch.base >= window.first + window.width) return [];
  const fact = facts.batches.get(batch.crc);
  const ranges = strip.synced.get(batch.segment) ?? [];
  const synced = coversRange(ranges, batch.position, batch.position + batch.length);
  const divergent = lead !== undefined && differs(lead, batch);
  const cells: CellView[] = [];
  for (let offset = batch.base; offset < batch.next; offset += 1) {
    if (!isInside(window, offset) || offset < strip.start) continue;
    const record = fact?.records[offset - batch.base];
    cells.push({
      id: `${batch.epoch}/${offset}/${batch.crc}`,
      offset,
      event: batch.event,
      epoch: batch.epoch,
      text: record === undefined ? "" : labelOf(window.label, record, fact?.producer ?? ""),
      value: record?.value ?? "",
      first: offset === batch.base,
      last: offset === batch.next - 1,
      known: offset < strip.highWatermark,
      synced,
      divergent,
      chosen: isChosen(window.chosen, batch, offset),
    });
  }
  return cells;
}

/** Its copies are known by their batch: a retry may have put it under more than one offset. */
const isChosen = (chosen: Identity | undefined, batch: BatchPicture, offset: number): boolean =>
  chosen?.crc === batch.crc && chosen.index === offset - batch.base;

/** The leader has something else there, or is past that epoch without having it. */
function differs(lead: StripPicture, batch: BatchPicture): boolean {
  const there = batchAt(lead, batch.base);
  if (there !== undefined) return there.crc !== batch.crc || there.epoch !== batch.epoch;
  return batch.base >= lead.end && lead.epoch > batch.epoch;
}

/** Of what a log has not let go: under which leader epoch each stretch of it was written. */
export function epochRuns(strip: StripPicture | undefined): readonly EpochRun[] {
  const runs: EpochRun[] = [];
  const { batches = [], start = 0 } = strip ?? {};
  let place = indexAt(batches, start);
  for (let batch = batches[place]; batch !== undefined; batch = batches[place]) {
    const { epoch, base, event } = batch;
    place = firstIndex(batches, (later) => later.epoch > epoch, place + 1);
    const to = batches[place - 1]?.next ?? batch.next;
    runs.push({ epoch, from: Math.max(base, start), to, event });
  }
  return runs;
}

/** Where the lane tells another epoch, or has none for a record that the leader will never have. */
function strayRuns(
  cells: readonly CellView[],
  lane: StripPicture | undefined,
): readonly EpochRun[] {
  const runs: EpochRun[] = [];
  for (const { epoch, offset, event, divergent } of cells) {
    const there = lane === undefined ? undefined : batchAt(lane, offset)?.epoch;
    if (there === epoch || (there === undefined && !divergent)) continue;
    const last = runs.at(-1);
    if (last?.epoch === epoch) runs[runs.length - 1] = { ...last, to: offset + 1 };
    else runs.push({ epoch, from: offset, to: offset + 1, event });
  }
  return runs;
}

function bookmarksOf(picture: Picture, partition: string): readonly BookmarkView[] {
  const marks: BookmarkView[] = [];
  for (const { name, kind, client } of picture.nodes.values()) {
    const position = client?.positions.get(partition);
    if (kind !== "consumer" || position === undefined) continue;
    marks.push({ node: name, ...position });
  }
  return marks;
}
