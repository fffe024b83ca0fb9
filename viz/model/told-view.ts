/*
 * What clients were told of records, and what there is of it. A promise is kept while a live replica has the very record,
 * even if the leader lacks it and will have it cut off; what is on the disk of a broker that is down serves nobody.
 */
import type { NodeName } from "#sim";
import { batchFinder, batchesIn } from "./batch-at.ts";
import { type Facts, callName } from "./facts.ts";
import type {
  BatchPicture,
  PartitionPicture,
  Picture,
  StripPicture,
  ToldPicture,
} from "./picture.ts";
import { brokerName } from "./picture.ts";
import type { Identity } from "./record-life.ts";

/**
 * `lacked`: kept, and the leader does not have it. `lost`: no live replica has it. `unknown`: its client was told that
 * nobody knows whether it is written, and here it stands.
 */
export type Standing = "kept" | "lacked" | "lost" | "unknown";

/** What a client was told about an offset, and whether the logs bear it out. */
export interface ToldView {
  readonly offset: number;
  readonly event: number;
  readonly client: NodeName;
  readonly standing: Standing;
  /** It was said of the record that is looked into. */
  readonly chosen: boolean;
}

/** What is needed to tell how a record stands. */
interface Truth {
  readonly facts: Facts;
  /** Replicas whose broker runs, and the leader's, if that is one of them. */
  readonly live: readonly Replica[];
  readonly lead: Replica | undefined;
  /** What is below has been let go: by retention, or because somebody asked. */
  readonly start: number;
}

interface Replica {
  readonly strip: StripPicture;
  readonly batchAt: (offset: number) => BatchPicture | undefined;
}

function truthOf({ nodes }: Picture, facts: Facts, partition: PartitionPicture): Truth {
  const live = [...partition.strips.values()]
    .filter(({ node }) => isLive(nodes.get(node)?.state))
    .map((strip): Replica => ({ strip, batchAt: batchFinder(strip) }));
  const leader = brokerName(partition.leader);
  const start = Math.max(0, ...[...partition.strips.values()].map((strip) => strip.start));
  return { facts, live, lead: live.find(({ strip }) => strip.node === leader), start };
}

/** Whether a broker in this state may serve what it has; one that only stands still has all that it had. */
export const isLive = (state: string | undefined): boolean => state === "up" || state === "paused";

/** What clients were told of a partition, as far as it has not been let go. */
export interface ToldViews {
  /** Between the two offsets of a window, in their order. */
  readonly inside: readonly ToldView[];
  /** Promises whose record is lost, left of the window and right of it. */
  readonly lost: readonly [before: number, after: number];
  /** Past the last offset of which anything was told. */
  readonly reach: number;
}

interface Window {
  readonly first: number;
  readonly width: number;
}

export function toldViews(
  picture: Picture,
  facts: Facts,
  partition: PartitionPicture,
  window: Window,
  chosen: Identity | undefined,
): ToldViews {
  const truth = truthOf(picture, facts, partition);
  const isOfChosen = ({ node, call }: Pick<ToldPicture, "node" | "call">): boolean =>
    node === chosen?.producer && call === chosen.fact?.call;
  const views = new Map<number, ToldView>();
  for (const one of unknownIn(picture, truth, window)) {
    const { offset, event, node } = one;
    const told = { offset, event, client: node, chosen: isOfChosen(one) };
    views.set(offset, { ...told, standing: "unknown" });
  }
  // A client believes what it was told.
  const standing = (offset: number, promises: readonly ToldPicture[]): Standing =>
    picture.eyes === undefined ? standingOf(truth, offset, promises) : "kept";
  const lost: [number, number] = [0, 0];
  let reach = Math.max(0, ...[...views.keys()].map((offset) => offset + 1));
  for (const [offset, promises] of partition.told) {
    const [first] = promises;
    if (first === undefined || offset < truth.start) continue;
    if (offset >= reach) reach = offset + 1;
    const isBefore = offset < window.first;
    if (isBefore || offset >= window.first + window.width) {
      if (standing(offset, promises) === "lost") lost[isBefore ? 0 : 1] += 1;
      continue;
    }
    const { event, node: client } = first;
    const isChosen = promises.some(isOfChosen);
    const view = { offset, event, client, standing: standing(offset, promises), chosen: isChosen };
    views.set(offset, view);
  }
  return { inside: [...views.values()].sort((a, b) => a.offset - b.offset), lost, reach };
}

/** How that what a client was told about an offset stands; kept if nobody was told anything, or it was let go. */
export function toldStanding(
  picture: Picture,
  facts: Facts,
  partition: PartitionPicture,
  offset: number,
): Standing {
  const promises = partition.told.get(offset) ?? [];
  return standingOf(truthOf(picture, facts, partition), offset, promises);
}

function standingOf(
  { facts, live, lead, start }: Truth,
  offset: number,
  promises: readonly ToldPicture[],
): Standing {
  if (offset < start) return "kept";
  const isIn = (replica: Replica, promise: ToldPicture): boolean =>
    holds(facts, replica, offset, promise);
  if (lead !== undefined && promises.every((promise) => isIn(lead, promise))) return "kept";
  if (!promises.every((promise) => live.some((replica) => isIn(replica, promise)))) return "lost";
  return lead === undefined ? "kept" : "lacked";
}

function holds(
  facts: Facts,
  { batchAt }: Replica,
  offset: number,
  { node, call }: ToldPicture,
): boolean {
  const batch = batchAt(offset);
  if (batch === undefined) return false;
  const inside = facts.batches.get(batch.crc);
  return inside?.producer === node && inside.records[offset - batch.base]?.call === call;
}

/** Where records stand of which their clients were told that nobody knows. */
function* unknownIn(
  { unsure }: Picture,
  { facts, live, start }: Truth,
  { first, width }: Window,
): Generator<ToldPicture & { readonly offset: number }> {
  if (unsure.size === 0) return;
  for (const { strip } of live)
    for (const { base, crc } of batchesIn(strip, Math.max(first, start), first + width)) {
      const { producer = "", records = [] } = facts.batches.get(crc) ?? {};
      for (const [index, { call }] of records.entries()) {
        const event = unsure.get(callName(producer, call));
        if (event !== undefined && base + index >= start)
          yield { offset: base + index, event, node: producer, call };
      }
    }
}

/** In words. */
export function toldInWords({ client, standing }: ToldView, leader: NodeName | undefined): string {
  if (standing === "unknown") return `${client} was told that nobody knows whether it is written`;
  const told = `${client} was told that it is written`;
  if (standing === "lost") return `${told}, and no broker that is up has it`;
  if (standing === "lacked") return `${told}; ${leader ?? "the leader"} lacks it, others have it`;
  return told;
}
