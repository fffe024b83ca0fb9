/* Partitions: what the controller committed, and each replica's log, files and beliefs. */
import type { NodeName, TraceEvent } from "#sim";
import type { BatchPicture, PartitionPicture, Picture, Ranges, StripPicture } from "./picture.ts";
import { indexAt } from "./batch-at.ts";
import { addRange, cutRanges } from "./ranges.ts";
import { without } from "../without.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;
type Note = Of<"note">["event"];
type NoteOf<Type extends Note["type"]> = Extract<Note, { readonly type: Type }>;
type Origin = Pick<TraceEvent, "seq" | "at" | "node">;

/** Notes about partitions and their replicas; all others are left to other folds. */
export function foldLogNote(picture: Picture, { seq, at, node, event }: Of<"note">): void {
  const origin = { seq, at, node };
  switch (event.type) {
    case "partitionChanged":
      return onPartitionChanged(picture, origin, event);
    case "appended":
      return onAppended(picture, origin, event);
    case "truncated":
      return onTruncated(picture, origin, event);
    case "logOpened":
      return onLogOpened(picture, origin, event);
    case "logStartRaised":
      return changeStrip(picture, event.partition, node, () => ({
        start: event.to,
        startEvent: seq,
      }));
    case "logRestarted":
      return changeStrip(picture, event.partition, node, (strip) => {
        const gone = takeFrom(strip.batches, 0);
        const ghost = { event: seq, at, reason: "divergence", batches: gone } as const;
        const edges = { start: event.start, startEvent: seq, end: event.start };
        return { ...edges, ...(gone.length === 0 ? {} : { ghost }) };
      });
    case "replicaDeleted":
      return onDeleted(picture, node, event.partition);
    case "highWatermark":
      return changeStrip(picture, event.partition, node, () => ({
        highWatermark: event.offset,
        highWatermarkEvent: seq,
      }));
    case "roleTaken":
      return changeStrip(picture, event.partition, node, () => ({
        role: event.role,
        epoch: event.epoch,
        leader: event.leader,
        isr: event.isr,
        event: seq,
      }));
    default:
      return;
  }
}

/** The page shows topics of applications; the metadata log is the controller's own business. */
const isDrawn = (partition: string): boolean => !partition.startsWith("__");

function partitionOf(picture: Picture, name: string): PartitionPicture | undefined {
  if (!isDrawn(name)) return undefined;
  const known = picture.partitions.get(name);
  if (known !== undefined) return known;
  const topic = name.slice(0, name.lastIndexOf("-"));
  const none = { leader: -1, epoch: -1, event: -1, replicas: [], isr: [], elr: [] };
  const fresh = { name, topic, ...none, strips: new Map(), told: new Map() };
  picture.partitions.set(name, fresh);
  return fresh;
}

function changeStrip(
  picture: Picture,
  partition: string,
  node: NodeName,
  change: (strip: StripPicture) => Partial<StripPicture>,
): void {
  const owner = partitionOf(picture, partition);
  if (owner === undefined) return;
  const strip = owner.strips.get(node) ?? newStrip(node);
  owner.strips.set(node, { ...strip, ...change(strip) });
}

const newStrip = (node: NodeName): StripPicture => ({
  node,
  batches: [],
  start: 0,
  startEvent: -1,
  end: 0,
  highWatermark: -1,
  highWatermarkEvent: -1,
  role: "none",
  epoch: -1,
  leader: -1,
  isr: [],
  event: -1,
  synced: new Map(),
});

function onPartitionChanged(
  picture: Picture,
  { seq }: Origin,
  event: NoteOf<"partitionChanged">,
): void {
  const partition = partitionOf(picture, event.partition);
  if (partition === undefined) return;
  const { replicas, leader, epoch, isr, elr } = event;
  picture.partitions.set(partition.name, {
    ...partition,
    replicas,
    leader,
    epoch,
    isr,
    elr,
    event: seq,
  });
}

/** A partition that nobody holds a copy of any more is not drawn. */
function onDeleted(picture: Picture, node: NodeName, partition: string): void {
  const strips = picture.partitions.get(partition)?.strips;
  strips?.delete(node);
  if (strips?.size === 0) picture.partitions.delete(partition);
}

function onAppended(picture: Picture, { seq, node }: Origin, event: NoteOf<"appended">): void {
  const { base, next, epoch, crc, segment, position, length } = event;
  changeStrip(picture, event.partition, node, ({ batches }) => {
    batches.push({ event: seq, base, next, epoch, crc, segment, position, length });
    return { end: next };
  });
  dropGhost(picture, event.partition, node);
}

function dropGhost(picture: Picture, partition: string, node: NodeName): void {
  const strips = picture.partitions.get(partition)?.strips;
  const strip = strips?.get(node);
  if (strips === undefined || strip?.ghost === undefined) return;
  strips.set(node, without(strip, "ghost"));
}

function onTruncated(
  picture: Picture,
  { seq, at, node }: Origin,
  event: NoteOf<"truncated">,
): void {
  changeStrip(picture, event.partition, node, (strip) => {
    const gone = takeFrom(strip.batches, event.to);
    const ghost = { event: seq, at, reason: event.reason, batches: gone } as const;
    return { end: event.to, ...(gone.length === 0 ? {} : { ghost }) };
  });
}

/** Splices off the batches that reach above `to`. */
function takeFrom(batches: BatchPicture[], to: number): BatchPicture[] {
  return batches.splice(indexAt(batches, to));
}

function onLogOpened(
  picture: Picture,
  { seq, at, node }: Origin,
  event: NoteOf<"logOpened">,
): void {
  changeStrip(picture, event.partition, node, (strip) => {
    const gone = takeFrom(strip.batches, event.end);
    const ghost = { event: seq, at, reason: "recovery", batches: gone } as const;
    return {
      start: event.start,
      startEvent: strip.start === event.start ? strip.startEvent : seq,
      end: event.end,
      highWatermark: event.highWatermark,
      highWatermarkEvent: seq,
      ...(gone.length === 0 ? {} : { ghost }),
    };
  });
}

const segmentFile = /([^/]+)\/(\d{20})\.log$/;

/** The partition and the base offset that a segment's file name tells; others are not drawn. */
function segmentOf(file: string): { partition: string; segment: number } | undefined {
  const parts = segmentFile.exec(file);
  if (parts?.[1] === undefined || parts[2] === undefined || !isDrawn(parts[1])) return undefined;
  return { partition: parts[1], segment: Number(parts[2]) };
}

function changeSynced(
  picture: Picture,
  file: string,
  node: NodeName,
  change: (synced: Ranges, length: () => number) => Ranges,
): void {
  const at = segmentOf(file);
  if (at === undefined) return;
  changeStrip(picture, at.partition, node, (strip) => {
    const length = (): number => {
      // The last one in a segment ends where its file does.
      const last = strip.batches.findLast(({ segment }) => segment === at.segment);
      return last === undefined ? 0 : last.position + last.length;
    };
    const ranges = change(strip.synced.get(at.segment) ?? [], length);
    return { synced: new Map(strip.synced).set(at.segment, ranges) };
  });
}

/** The process's own file operations: an fsync covers all that the file holds, a truncation takes bytes off. */
export function foldDisk(picture: Picture, event: Of<"disk">): void {
  if (event.op === "fsync") {
    changeSynced(picture, event.file, event.node, (synced, length) =>
      addRange(synced, 0, length()),
    );
  } else if (event.op === "truncate") {
    changeSynced(picture, event.file, event.node, (synced) => cutRanges(synced, event.position));
  }
}

export function foldWriteBack(picture: Picture, event: Of<"writeBack">): void {
  changeSynced(picture, event.file, event.node, (synced) =>
    event.ranges.reduce((all, [from, to]) => addRange(all, from, to), synced),
  );
}

/** A crash or a power loss took bytes: batches that reach into them are no longer on this disk. */
export function foldFileHurt(picture: Picture, event: Of<"fileHurt">): void {
  const hurt = segmentOf(event.file);
  // Nobody knows of a bit that changed by itself until somebody reads it.
  if (hurt === undefined || event.why === "rotten") return;
  changeStrip(picture, hurt.partition, event.node, (strip) => {
    const isGone = ({ segment, position, length }: BatchPicture): boolean =>
      segment === hurt.segment && position + length > event.from;
    const gone = strip.batches.filter(isGone);
    const batches = strip.batches.filter((batch) => !isGone(batch));
    const synced = new Map(strip.synced);
    synced.set(hurt.segment, cutRanges(synced.get(hurt.segment) ?? [], event.from));
    if (gone.length === 0) return { synced };
    const before = strip.ghost?.batches ?? [];
    const ghost = {
      event: event.seq,
      at: event.at,
      reason: "disk",
      batches: [...gone, ...before].sort((a, b) => a.base - b.base),
    } as const;
    return { synced, batches, end: batches.at(-1)?.next ?? strip.start, ghost };
  });
}
