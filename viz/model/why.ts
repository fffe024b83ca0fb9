/*
 * Why did this happen? From an event back through its causes to a root: a fault, an application's call, or the
 * start of a process. What was done because a peer was not heard leads to the faults that were in force on
 * that peer, or on the link to it, and to messages that it lost, since its last word was sent.
 */
import type { Micros, NodeName, TraceEvent, TraceSilence } from "#sim";
import { type Recording, eventOf } from "./recording.ts";
import { worldCause } from "./world-causes.ts";

/** How one hop leads to the one before it. `after`: it came when this was over. */
export type Link = "asked" | "cause" | "silence" | "after";

export interface Hop {
  readonly event: TraceEvent;
  /** How the hop above it (nearer to what was asked) follows from this one. */
  readonly link: Link;
  /** With `silence`: who was not heard, and when its last word had come (absent: never). */
  readonly peer?: NodeName;
  readonly heardAt?: Micros;
  /** The first of so many equal timers in a row, each set by the one before: those between are left out. */
  readonly times?: number;
}

interface Step {
  readonly seq: number;
  readonly cost: number;
  readonly link: Link;
  readonly silence?: TraceSilence;
  readonly back: Step | undefined;
}

/** Weights: a hop counts 1; silence is the better explanation; that a process began says the least. */
const silenceCost = 0.5;
const startCost = 1000;

/** The shortest explanation, what was asked first, its root last. Empty if the event is unknown. */
export function why(recording: Recording, seq: number): readonly Hop[] {
  const best = new Map<number, number>();
  const open: Step[] = [{ seq, cost: 0, link: "asked", back: undefined }];
  let fallback: Step | undefined;
  while (open.length > 0) {
    const step = takeCheapest(open);
    if ((best.get(step.seq) ?? Infinity) <= step.cost) continue;
    best.set(step.seq, step.cost);
    const event = eventOf(recording, step.seq);
    if (event === undefined) continue;
    if (isRoot(event)) return hopsOf(recording, step);
    const next = [...stepsFrom(recording, event, step)];
    if (next.length === 0) fallback ??= step;
    for (const further of next) {
      if ((best.get(further.seq) ?? Infinity) > further.cost) open.push(further);
    }
  }
  return fallback === undefined ? [] : hopsOf(recording, fallback);
}

function takeCheapest(open: Step[]): Step {
  let cheapest = 0;
  for (const [index, step] of open.entries()) {
    if (step.cost < (open[cheapest]?.cost ?? Infinity)) cheapest = index;
  }
  const [step] = open.splice(cheapest, 1);
  if (step === undefined) throw new RangeError("nothing to take");
  return step;
}

/** What needs no explanation: a fault or an edit, an application's call, the start of a process. */
export const isRoot = (event: TraceEvent): boolean =>
  event.type === "fault" ||
  (event.type === "called" && event.request.type !== "poll") ||
  (event.type === "started" && event.causes.length === 0);

function* stepsFrom(recording: Recording, event: TraceEvent, back: Step): Generator<Step> {
  for (const silence of event.silences ?? []) {
    for (const seq of brokenBy(recording, event, silence)) {
      yield { seq, cost: back.cost + silenceCost, link: "silence", silence, back };
    }
  }
  for (const seq of event.causes) {
    const cause = eventOf(recording, seq);
    if (isOwnCall(event, cause) && event.causes.length > 1) continue;
    const last = cause?.type === "started" && cause.causes.length === 0;
    yield { seq, cost: back.cost + (last ? startCost : 1), link: "cause", back };
  }
  const world = worldCause(recording, event);
  if (world !== undefined) yield { seq: world.seq, cost: back.cost + 1, link: "after", back };
}

/** What a call came to is explained by the answer that brought it; that it had been called is at the chain's end. */
const isOwnCall = (event: TraceEvent, cause: TraceEvent | undefined): boolean =>
  event.type === "result" && cause?.type === "called" && cause.call === event.call;

/** Strikes that may have kept `peer` silent: in force at any time since its last word was sent. */
function* brokenBy(
  recording: Recording,
  event: TraceEvent,
  { peer, since }: TraceSilence,
): Generator<number> {
  const from = sentTime(recording, since);
  const struck = new Map<number, number>();
  const over = new Set<number>();
  for (const other of recording.events) {
    if (other.seq >= event.seq) break;
    if (other.type === "fault" && concerns(other, event.node, peer)) {
      struck.set(other.index, other.seq);
    } else if (other.type === "linkCut" && isLink(other, event.node, peer)) {
      const cut = other.causes.map((seq) => eventOf(recording, seq)).find(isFault);
      if (cut !== undefined) struck.set(cut.index, cut.seq);
    } else if (other.type === "healed" && other.at < from) over.add(other.index);
    else if (
      other.type === "lost" &&
      other.at >= from &&
      isBetween(recording, other, event, peer)
    ) {
      yield other.seq;
    }
  }
  for (const [index, seq] of struck) if (!over.has(index)) yield seq;
}

/** Every strike behind the silences that an event follows from, and who was silent. */
export const strikesBehind = (
  recording: Recording,
  event: TraceEvent,
): readonly { readonly seq: number; readonly peer: NodeName }[] =>
  (event.silences ?? []).flatMap((silence) =>
    [...brokenBy(recording, event, silence)].map((seq) => ({ seq, peer: silence.peer })),
  );

/** When the last word of a peer was sent: the sending of the message that the input `since` completed. */
function sentTime(recording: Recording, since: number): number {
  const heard = since < 0 ? undefined : eventOf(recording, since);
  if (heard === undefined) return 0;
  const sent = heard.causes.map((seq) => eventOf(recording, seq)?.at ?? heard.at);
  return Math.min(heard.at, ...sent);
}

type Strike = Extract<TraceEvent, { readonly type: "fault" }>;

const isFault = (event: TraceEvent | undefined): event is Strike => event?.type === "fault";

/** A cut concerns the links that it cuts, which the trace tells one by one; its targets are all ends of any of them. */
function concerns({ fault, targets }: Strike, node: NodeName, peer: NodeName): boolean {
  if (fault.type === "cut") return false;
  return targets.includes(peer) && (fault.type !== "reset" || targets.includes(node));
}

const isLink = (
  { node: a, peer: b }: { readonly node: NodeName; readonly peer: NodeName },
  node: NodeName,
  peer: NodeName,
): boolean => (a === node && b === peer) || (a === peer && b === node);

function isBetween(
  recording: Recording,
  lost: Extract<TraceEvent, { readonly type: "lost" }>,
  event: TraceEvent,
  peer: NodeName,
): boolean {
  const sent = eventOf(recording, lost.message);
  return sent?.type === "sent" && sent.node === peer && sent.to === event.node;
}

function hopsOf(recording: Recording, root: Step): readonly Hop[] {
  const hops: Hop[] = [];
  for (let step: Step | undefined = root; step !== undefined; step = step.back) {
    const event = eventOf(recording, step.seq);
    if (event === undefined) continue;
    hops.push({
      event,
      link: step.link,
      ...silenceOf(recording, step.silence),
    });
  }
  return folded(hops.reverse());
}

/** Of a timer that sets itself again and again only the last and the first time are told, and how often it was. */
function folded(hops: readonly Hop[]): readonly Hop[] {
  const kept: Hop[] = [];
  for (let start = 0; start < hops.length;) {
    let end = start + 1;
    while (end < hops.length && isAgain(hops[end - 1], hops[end])) end += 1;
    const [last, ...more] = hops.slice(start, end);
    const first = more.at(-1);
    if (last !== undefined) kept.push(last);
    if (first !== undefined)
      kept.push(more.length === 1 ? first : { ...first, times: end - start });
    start = end;
  }
  return kept;
}

const isAgain = (later: Hop | undefined, earlier: Hop | undefined): boolean =>
  later?.event.type === "timer" &&
  earlier?.event.type === "timer" &&
  earlier.link === "cause" &&
  later.event.timer === earlier.event.timer &&
  later.event.node === earlier.event.node;

function silenceOf(
  recording: Recording,
  silence: TraceSilence | undefined,
): Pick<Hop, "peer" | "heardAt"> {
  if (silence === undefined) return {};
  const heard = silence.since < 0 ? undefined : eventOf(recording, silence.since);
  return { peer: silence.peer, ...(heard === undefined ? {} : { heardAt: heard.at }) };
}
