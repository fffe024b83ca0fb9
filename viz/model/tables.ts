/*
 * What stage, logs and timeline draw, as tables: the same picture in words, for whoever reads rather than looks. Each row
 * names the event that made it so.
 */
import type { Place } from "../marks/geometry.ts";
import type { Facts } from "./facts.ts";
import { faultBars } from "./fault-bars.ts";
import { linkWordsByNode } from "./links.ts";
import { sentence } from "./narration.ts";
import { type PartitionPicture, type Picture, type StripPicture, brokerName } from "./picture.ts";
import { type Recording, eventOf } from "./recording.ts";
import { type CardView, type ReplicaBadge, cardView, stateWords } from "./stage-view.ts";
import { epochRuns } from "./strip-view.ts";
import { type Standing, toldViews } from "./told-view.ts";

export interface TableRow {
  /** -1: no event has made it what it is. */
  readonly event: number;
  /** The first of them names the row. */
  readonly cells: readonly string[];
}

export interface TableView {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Of more partitions than this a cell tells how many there are. */
const mostNamed = 6;

export function nodesTable(picture: Picture, places: readonly Place[]): TableView {
  const links = linkWordsByNode(picture);
  const rows = places.map(({ name, kind }) => {
    const card = cardView(picture, name, kind);
    const cells = [
      name,
      kind,
      stateOf(card),
      ledBy(card),
      heldBy(card.badges, (role) => role !== "leader"),
      card.facts.join(", "),
      (links.get(name) ?? []).join("; "),
    ];
    return { event: card.event, cells };
  });
  return {
    columns: ["Process", "Kind", "State", "Leads", "Follows", "Figures", "Ailing links"],
    rows,
  };
}

function stateOf({ state, fenced, ails = [] }: CardView): string {
  const words = [stateWords[state], ...(fenced ? ["fenced"] : []), ...ails.map(({ word }) => word)];
  return state === "unborn" ? "not started" : words.join(", ");
}

/** A quorum, or partitions with their epochs. */
const ledBy = ({ kind, role, badges }: CardView): string =>
  kind === "controller"
    ? (role?.replace("leads e", "the quorum, epoch ") ?? "")
    : heldBy(badges, (one) => one === "leader");

function heldBy(
  badges: readonly ReplicaBadge[],
  fits: (role: ReplicaBadge["role"]) => boolean,
): string {
  const held = badges.filter(({ role }) => fits(role));
  if (held.length > mostNamed) {
    const out = held.filter(({ role }) => role === "out").length;
    return `${held.length} partitions${out === 0 ? "" : `, of ${out} out of sync`}`;
  }
  return held
    .map(({ partition, role, epoch }) =>
      role === "leader" ? `${partition} (epoch ${epoch})` : `${partition} (${role})`,
    )
    .join(", ");
}

export function logsTable(picture: Picture, facts: Facts): TableView {
  const rows = [...picture.partitions.values()].flatMap((partition) => {
    const told = toldIn(picture, facts, partition);
    return partition.replicas
      .toSorted((a, b) => a - b)
      .map((id) => replicaRow(partition, id, told));
  });
  return {
    columns: [
      "Replica",
      "Role",
      "In sync with it",
      "Log start",
      "High watermark",
      "Log end",
      "Epochs of its records",
      "Clients were told of",
    ],
    rows,
  };
}

function replicaRow(partition: PartitionPicture, id: number, told: string): TableRow {
  const node = brokerName(id);
  const strip = partition.strips.get(node);
  const name = `${partition.name} on ${node}`;
  const role = roleOf(partition, id);
  if (strip === undefined) return { event: -1, cells: [name, role, "", "", "", "", "", told] };
  const isLeader = partition.leader === id;
  const isr = isLeader ? partition.isr.map(brokerName).join(", ") : "";
  const mark = strip.highWatermark < 0 ? "none yet" : String(strip.highWatermark);
  const edges = [String(strip.start), mark, String(strip.end)];
  return { event: strip.event, cells: [name, role, isr, ...edges, epochsOf(strip), told] };
}

function roleOf({ leader, epoch, isr, elr }: PartitionPicture, id: number): string {
  const isAmong = (ids: readonly number[]): boolean => ids.includes(id);
  if (leader === id) return `leader in epoch ${epoch}`;
  return isAmong(isr) ? "in sync" : isAmong(elr) ? "eligible" : "out of sync";
}

/** `e0 0–31, e2 32–40`. */
const epochsOf = (strip: StripPicture): string =>
  epochRuns(strip)
    .map(({ epoch, from, to }) => `e${epoch} ${from}–${to - 1}`)
    .join(", ");

const standings: Readonly<Record<Standing, string>> = {
  kept: "kept",
  lacked: "kept, not by the leader",
  lost: "lost",
  unknown: "unknown",
};

/** `38 kept, 6 lost`. */
function toldIn(picture: Picture, facts: Facts, partition: PartitionPicture): string {
  const all = { first: 0, width: Infinity };
  const counts = new Map<Standing, number>();
  for (const { standing } of toldViews(picture, facts, partition, all, undefined).inside)
    counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return [...counts].map(([standing, count]) => `${count} ${standings[standing]}`).join(", ");
}

/** Faults and turning points of the whole run, in the order of time. `time` writes one. */
export function timelineTable(recording: Recording, time: (at: number) => string): TableView {
  const faults = faultBars(recording).map((bar) => {
    const lasted = bar.to === null ? "still" : bar.to === bar.from ? "" : time(bar.to);
    const what = bar.isEdit ? "by hand" : "fault";
    return { event: bar.seq, cells: [time(bar.from), what, lasted, bar.sentence] };
  });
  const marks = recording.marks.flatMap(({ seq, at, turn }) => {
    const event = turn === "fault" ? undefined : eventOf(recording, seq);
    if (event === undefined) return [];
    return [
      { event: seq, cells: [time(at), turns[turn] ?? turn, "", sentence(event, recording.facts)] },
    ];
  });
  return {
    columns: ["Time", "What", "Until", "In words"],
    rows: [...faults, ...marks].sort((a, b) => a.event - b.event),
  };
}

const turns: Readonly<Record<string, string>> = {
  election: "election",
  isr: "in-sync replicas",
  truncation: "truncation",
  loss: "loss",
  phase: "phase",
  heal: "healed",
};
