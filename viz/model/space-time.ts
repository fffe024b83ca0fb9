/*
 * A stretch of a run as rows of processes and lines of messages between them: what the space–time diagram draws. Every
 * line stands for messages of the trace, from where one was sent to where it ended. What is too near to tell apart is
 * folded, and says how much it holds; nothing else is left out but what the reader has asked not to see, which is
 * counted.
 */
import type { Micros, NodeName, TraceEvent } from "#sim";
import { beatsAmong, turnOf } from "./beats.ts";
import { causalPast } from "./causal-past.ts";
import { type EventOrder, eventOrder, placeOfTime } from "./event-order.ts";
import { type FaultBar, faultBars } from "./fault-bars.ts";
import { type Flight, flightsIn } from "./flights-in.ts";
import { type Span, spansOf } from "./lives.ts";
import { partitionOf, partitionsByStep } from "./partition-steps.ts";
import { type Recording, countAt, eventOf } from "./recording.ts";
import { type RecordWay, isMessageStep } from "./record-way.ts";
import type { Hop } from "./why.ts";

/** What somebody wants to see. */
export interface Asked {
  readonly from: Micros;
  readonly to: Micros;
  /** Processes from above to below. */
  readonly nodes: readonly NodeName[];
  /** Equal neighbours that are nearer than this fold. */
  readonly near: Micros;
  /** Whether time is an order; what is near is so on that axis then. */
  readonly inOrder?: boolean;
  readonly heartbeats: boolean;
  readonly partition?: string | undefined;
  readonly node?: NodeName | undefined;
  readonly api?: string | undefined;
  /** Only what concerns this record. */
  readonly way?: RecordWay | undefined;
  /** Whose causal past stays dark. */
  readonly selected?: number | undefined;
  readonly chain: readonly Hop[];
  /** With whose eyes: what that process did, sent and got stays dark. */
  readonly eyes?: NodeName | undefined;
}

export interface Row {
  readonly node: NodeName;
  readonly spans: readonly Span[];
  readonly faults: readonly FaultBar[];
}

/** One message, or equal ones one after the other: the first of them, how many, and when the last was sent. The line
 * is the first one's own. */
export interface Line extends Flight {
  readonly count: number;
  readonly lastSentAt: Micros;
  /** It leads to what is selected; true of all if nothing is. */
  readonly dark: boolean;
}

/** What happened at a process and has a sentence; neighbours fold into the last of them, or a turning point. */
export interface Dot {
  readonly event: number;
  readonly node: NodeName;
  readonly at: Micros;
  readonly count: number;
  readonly dark: boolean;
  /** What it is in the life of a record, where only that is shown. */
  readonly text?: string;
}

/** One hop of an explanation at its place; 1 is what was asked about. */
export interface ChainMark {
  readonly number: number;
  readonly event: number;
  /** Undefined: the world's own. */
  readonly node: NodeName | undefined;
  readonly at: Micros;
}

export interface SpaceTime {
  readonly from: Micros;
  readonly to: Micros;
  readonly rows: readonly Row[];
  readonly lines: readonly Line[];
  readonly dots: readonly Dot[];
  readonly chain: readonly ChainMark[];
  /** Where time is an order: of what is drawn. */
  readonly order: EventOrder | undefined;
  /** Messages that the lines stand for, and heartbeats that are not shown. */
  readonly messages: number;
  readonly heartbeats: number;
  /** What is shown of which record, where only that is shown. */
  readonly way: RecordWay | undefined;
}

/** More lines than this are no picture: then neighbours fold from farther away. */
const mostLines = 320;

export function spaceTime(recording: Recording, asked: Asked): SpaceTime {
  const { from, to, nodes, chain } = asked;
  const past = pastOf(recording, asked);
  const isDark = (seq: number, ...who: readonly NodeName[]): boolean =>
    (past === undefined || past.has(seq)) && (asked.eyes === undefined || who.includes(asked.eyes));
  const shown = flightsIn(recording, from, to).filter(isWanted(recording, asked));
  const flights = shown.filter((flight) => asked.heartbeats || !isHeartbeat(flight.api));
  const bars = faultBars(recording).filter((bar) => bar.from <= to && (bar.to ?? to) >= from);
  const rows = nodes.map((node) => ({
    node,
    spans: spansOf(recording.lives, node, from, to),
    faults: bars.filter(({ targets }) => targets.includes(node)),
  }));
  const points = pointsIn(recording, asked);
  const place = placing(asked, flights, points);
  const lines = foldFew(flights, asked.near, isDark, place);
  const dots = dotsIn(recording, asked, points, isDark, place);
  return {
    from,
    to,
    rows,
    lines,
    dots,
    order: asked.inOrder === true ? orderOf(asked, rows, lines, dots) : undefined,
    chain: chain.map(({ event }, index) => ({
      number: index + 1,
      event: event.seq,
      node: rowOf(event, nodes),
      at: event.at,
    })),
    messages: flights.length,
    heartbeats: shown.length - flights.length,
    way: asked.way,
  };
}

/** Where a time stands on the axis, as a time of an axis to scale. */
type Place = (at: Micros) => number;

/** Before anything folds, what is to be drawn gets its place in the order of all of it. */
function placing(asked: Asked, flights: readonly Flight[], points: readonly Point[]): Place {
  if (asked.inOrder !== true) return (at) => at;
  const sent = flights.flatMap(({ sentAt, endAt }) => [sentAt, endAt ?? sentAt]);
  const order = eventOrder(asked.from, asked.to, [...sent, ...points.map(({ event }) => event.at)]);
  return (at) => placeOfTime(order, at);
}

/** What has folded leaves its room to what is drawn. */
function orderOf(
  { from, to, chain }: Asked,
  rows: readonly Row[],
  lines: readonly Line[],
  dots: readonly Dot[],
): EventOrder {
  const ends = rows.flatMap(({ spans, faults }) => [
    ...spans.flatMap((span) => [span.at, span.to ?? span.at]),
    ...faults.flatMap((bar) => [bar.from, bar.to ?? bar.from]),
  ]);
  const flown = lines.flatMap(({ sentAt, lastSentAt, endAt }) => [
    sentAt,
    lastSentAt,
    endAt ?? sentAt,
  ]);
  const marked = [...dots, ...chain.map(({ event }) => event)].map(({ at }) => at);
  return eventOrder(from, to, [...ends, ...flown, ...marked]);
}

/** Whether something that these processes know of stays dark. */
type IsDark = (seq: number, ...who: readonly NodeName[]) => boolean;

/** What is sent to say that somebody is there. */
export const isHeartbeat = (api: string): boolean =>
  api === "BrokerHeartbeat" || api === "BeginQuorumEpoch" || api === "Heartbeat";

/** Where an event happened; a fault happens to its targets. */
export function rowOf(event: TraceEvent, nodes: readonly NodeName[]): NodeName | undefined {
  const at = event.type === "fault" || event.type === "healed" ? event.targets : [event.node];
  return at.find((node) => nodes.includes(node));
}

function pastOf(recording: Recording, asked: Asked): ReadonlySet<number> | undefined {
  if (asked.selected === undefined) return undefined;
  const past = causalPast(recording, asked.selected, asked.from);
  return new Set([...past, ...asked.chain.map(({ event }) => event.seq)]);
}

function isWanted(recording: Recording, asked: Asked): (flight: Flight) => boolean {
  const { from, to, partition, node, api, way } = asked;
  const rows = new Set(asked.nodes);
  const steps = partition === undefined ? undefined : partitionsByStep(recording, from, to);
  return (flight) => {
    if (!rows.has(flight.from) || !rows.has(flight.to)) return false;
    if (way !== undefined && !way.messages.has(flight.event)) return false;
    if (node !== undefined && flight.from !== node && flight.to !== node) return false;
    if (api !== undefined && flight.api !== api) return false;
    if (steps === undefined || partition === undefined) return true;
    const sent = eventOf(recording, flight.event)?.causes[0] ?? -1;
    return steps.get(sent)?.has(partition) || steps.get(flight.endEvent)?.has(partition) || false;
  };
}

/** Folds from as near as it takes for a picture. */
function foldFew(
  flights: readonly Flight[],
  near: Micros,
  isDark: IsDark,
  place: Place,
): readonly Line[] {
  let lines = foldLines(flights, near, isDark, place);
  for (let wider = near; lines.length > mostLines && wider < near * 4096;) {
    wider *= 2;
    lines = foldLines(flights, wider, isDark, place);
  }
  return lines;
}

/** Equal: the same two ends, the same API and direction, the same fate. */
function foldLines(
  flights: readonly Flight[],
  near: Micros,
  isDark: IsDark,
  place: Place,
): readonly Line[] {
  const last = new Map<string, number>();
  const lines: Line[] = [];
  for (const flight of flights) {
    const { from, to, api, response, lost, endEvent } = flight;
    // Who is to get a message knows of it once it has it.
    const got = lost || endEvent === -1 ? [] : [to];
    const dark = isDark(flight.event, from, ...got);
    const key = `${from} ${to} ${api} ${response} ${lost} ${endEvent === -1} ${dark}`;
    const index = last.get(key) ?? -1;
    const before = lines[index];
    if (before !== undefined && place(flight.sentAt) - place(before.sentAt) < near) {
      lines[index] = { ...before, count: before.count + 1, lastSentAt: flight.sentAt };
    } else {
      last.set(key, lines.length);
      lines.push({ ...flight, dark, count: 1, lastSentAt: flight.sentAt });
    }
  }
  return lines;
}

/** What may be a dot: what has a sentence; of a record, the steps of its life that no line draws. */
function pointsIn(recording: Recording, { from, to, way }: Asked): readonly Point[] {
  if (way !== undefined) {
    return way.steps
      .filter((step) => !isMessageStep(step) && step.event.at >= from && step.event.at <= to)
      .map(({ event, text }) => ({ event, text }));
  }
  const { beats, events } = recording;
  const [first, end] = [countAt(recording, from - 1), countAt(recording, to)];
  return beats
    .slice(beatsAmong(beats, first), beatsAmong(beats, end))
    .map((index) => events[index])
    .filter((event) => event !== undefined)
    .map((event) => ({ event }));
}

interface Point {
  readonly event: TraceEvent;
  readonly text?: string;
}

/** Beats or steps, and what is selected whatever it is. */
function dotsIn(
  recording: Recording,
  asked: Asked,
  points: readonly Point[],
  isDark: IsDark,
  place: Place,
): readonly Dot[] {
  const { from, to, nodes, near, selected, partition } = asked;
  const dots: Dot[] = [];
  const last = new Map<string, number>();
  for (const { event, ...told } of points) {
    if (event.node === "" || !nodes.includes(event.node)) continue;
    if (asked.node !== undefined && asked.node !== event.node) continue;
    if (partition !== undefined && (partitionOf(event) ?? partition) !== partition) continue;
    const dark = isDark(event.seq, event.node);
    const key = `${event.node} ${dark}`;
    const index = last.get(key) ?? -1;
    const before = dots[index];
    const isAlone = event.seq === selected || before?.event === selected;
    const dot = { event: event.seq, node: event.node, at: event.at, dark, ...told };
    if (before !== undefined && !isAlone && place(event.at) - place(before.at) < near) {
      const shown = isTurn(recording, before.event) ? before : dot;
      dots[index] = { ...shown, at: before.at, dark, count: before.count + 1 };
    } else {
      last.set(key, dots.length);
      dots.push({ ...dot, count: 1 });
    }
  }
  const asks = selected === undefined ? undefined : eventOf(recording, selected);
  const row = asks === undefined ? undefined : rowOf(asks, nodes);
  const isIn = asks !== undefined && asks.at >= from && asks.at <= to;
  if (asks === undefined || row === undefined || !isIn) return dots;
  if (dots.some(({ event }) => event === asks.seq)) return dots;
  return [...dots, { event: asks.seq, node: row, at: asks.at, count: 1, dark: true }];
}

function isTurn(recording: Recording, seq: number): boolean {
  const event = eventOf(recording, seq);
  return event !== undefined && turnOf(event) !== undefined;
}

/**
 * The stretch of time that is shown around `at`. It moves by halves, so that things mostly stay where they are, and
 * depends on nothing but the time: going back shows what was there before.
 */
export function windowAround(
  at: Micros,
  span: Micros,
  end: Micros,
): { readonly from: Micros; readonly to: Micros } {
  if (span >= end) return { from: 0, to: Math.max(end, 1) };
  const step = Math.max(1, Math.floor(span / 2));
  const from = Math.max(0, Math.floor(at / step) * step - Math.floor(step / 2));
  return { from, to: from + span };
}
