/*
 * A run in the Trace Event Format, which Perfetto and chrome://tracing read. Nodes are processes; each input that one
 * handles is a slice as long as its step took; a message is an arrow between two slices; faults, lives and requests
 * that wait are spans.
 */
import type { NodeName, TraceEvent } from "../trace/events.ts";
import { nodesOf } from "../world/create.ts";
import { type Recorded, brokenOf } from "./recorded.ts";
import { noteSentence, shortSentence } from "./sentences.ts";

/** One line of the format. Times are microseconds, up to the nanosecond. */
export interface ChromeEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: "M" | "X" | "i" | "b" | "e" | "s" | "f";
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: number;
  readonly bp?: "e";
  readonly s?: "p" | "g";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The JSON text of a run. */
export function chromeTrace(run: Recorded): string {
  const { scenario, hash } = run;
  const lines = chromeEvents(run).map((event) => JSON.stringify(event));
  const about = { scenario: scenario.name, seed: scenario.seed, hash };
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n${lines.join(",\n")}\n]}\n`;
}

/** Inputs that a process handles: what a slice begins with. */
type Input = Extract<
  TraceEvent,
  {
    type:
      | "started"
      | "timer"
      | "opened"
      | "closed"
      | "received"
      | "filled"
      | "drained"
      | "called"
      | "stopAsked";
  }
>;

const inputs: ReadonlySet<string> = new Set<Input["type"]>([
  "started",
  "timer",
  "opened",
  "closed",
  "received",
  "filled",
  "drained",
  "called",
  "stopAsked",
]);

const isInput = (event: TraceEvent): event is Input => inputs.has(event.type);

/** A slice: where it stands, and when it is over. */
interface Slice {
  readonly pid: number;
  readonly start: number;
  end: number;
  readonly event: Input;
}

const nanosecond = 0.001;
/** The thread of a process on which its inputs stand. */
const inputThread = 1;

interface Drawing {
  readonly pids: ReadonlyMap<NodeName, number>;
  readonly lines: ChromeEvent[];
  readonly end: number;
}

/** The events of the format, in no particular order. */
export function chromeEvents(run: Recorded): ChromeEvent[] {
  const { scenario, events } = run;
  const names = ["", ...nodesOf(scenario).map(({ name }) => name)];
  const drawing: Drawing = {
    pids: new Map(names.map((name, i) => [name, i + 1])),
    lines: [],
    end: events.at(-1)?.at ?? 0,
  };
  for (const [name, pid] of drawing.pids) {
    const args = { name: name === "" ? "faults" : name };
    const place = { ts: 0, pid, tid: inputThread } as const;
    drawing.lines.push({ name: "process_name", ph: "M", ...place, args });
    drawing.lines.push({
      ...{ name: "process_sort_index", ph: "M", ...place },
      args: { sort_index: pid },
    });
  }
  const slices = slicesOf(drawing, events);
  drawSlices(drawing, slices);
  drawMessages(drawing, events, slices);
  drawSpans(drawing, events);
  drawInstants(drawing, run);
  return drawing.lines.map((line) => ({
    ...line,
    ts: toNanoseconds(line.ts),
    ...(line.dur === undefined ? {} : { dur: toNanoseconds(line.dur) }),
  }));
}

/** Sums of nanoseconds as microseconds have a tail of binary fractions. */
const toNanoseconds = (micros: number): number => Math.round(micros * 1000) / 1000;

/**
 * The slice of every input, by its number. A process handles one input after another, so that slices never overlap; where
 * several stand in one microsecond, each begins a nanosecond after the one before.
 */
function slicesOf({ pids }: Drawing, events: readonly TraceEvent[]): Map<number, Slice> {
  const slices = new Map<number, Slice>();
  const latest = new Map<NodeName, Slice>();
  for (const event of events) {
    const before = latest.get(event.node);
    if (isInput(event)) {
      const start = Math.max(event.at, before?.end ?? 0);
      const pid = pids.get(event.node) ?? 0;
      const slice: Slice = { pid, start, end: start + nanosecond, event };
      slices.set(event.seq, slice);
      latest.set(event.node, slice);
    } else if (event.type === "disk" && before !== undefined && event.until > before.end) {
      before.end = event.until + nanosecond;
    } else if (event.type === "down" && before !== undefined) {
      before.end = Math.max(before.start + nanosecond, Math.min(before.end, event.at));
    }
  }
  return slices;
}

function drawSlices({ lines }: Drawing, slices: ReadonlyMap<number, Slice>): void {
  for (const { pid, start, end, event } of slices.values()) {
    lines.push({
      ...{ name: nameOf(event), cat: event.type, ph: "X", ts: start, dur: end - start },
      ...{ pid, tid: inputThread },
      args: { seq: event.seq, what: shortSentence(event) },
    });
  }
}

const nameOf = (event: Input): string =>
  event.type === "received"
    ? `from ${event.from}`
    : event.type === "timer"
      ? event.timer
      : event.type === "called"
        ? event.request.type
        : event.type;

type Sent = Extract<TraceEvent, { type: "sent" }>;

/** An arrow for each message that was received whole; what was lost has none, and a mark where it was sent. */
function drawMessages(
  { lines, pids }: Drawing,
  events: readonly TraceEvent[],
  slices: ReadonlyMap<number, Slice>,
): void {
  const sent = new Map<number, Sent>();
  const tid = inputThread;
  for (const event of events) {
    if (event.type === "sent") sent.set(event.seq, event);
    else if (event.type === "lost") {
      const name = `lost: ${messageName(sent.get(event.message))} (${event.why})`;
      const pid = pids.get(event.node) ?? 0;
      lines.push({ name, cat: "lost", ph: "i", s: "p", ts: event.at, pid, tid });
    } else if (event.type === "received") {
      const to = slices.get(event.seq);
      for (const id of event.done) {
        const message = sent.get(id);
        const from = slices.get(message?.causes[0] ?? -1);
        if (from === undefined || to === undefined) continue;
        const line = { name: messageName(message), cat: "message", tid, id };
        // It leaves when the step is over, and is read when the other's begins.
        lines.push({ ...line, ph: "s", pid: from.pid, ts: from.end - nanosecond });
        lines.push({ ...line, ph: "f", bp: "e", pid: to.pid, ts: to.start });
      }
    }
  }
}

const messageName = (message: Sent | undefined): string =>
  message === undefined ? "message" : `${message.api}${message.response ? " answer" : ""}`;

/** What begins and ends: faults, processes that are down or stand still, requests that wait. */
function drawSpans(drawing: Drawing, events: readonly TraceEvent[]): void {
  const open = new Map<string, SpanBegin[]>();
  let id = 0;
  const begin: Spans["begin"] = (key, event, cat, name) => {
    const pid = drawing.pids.get(event.node) ?? 0;
    const args = { seq: event.seq };
    const line: SpanBegin = {
      ...{ name, cat, ph: "b", ts: event.at, pid, tid: inputThread },
      ...{ id: (id += 1), args },
    };
    drawing.lines.push(line);
    open.set(key, [...(open.get(key) ?? []), line]);
  };
  const end: Spans["end"] = (key, at, why) => {
    const [first, ...rest] = open.get(key) ?? [];
    if (first === undefined) return;
    if (rest.length === 0) open.delete(key);
    else open.set(key, rest);
    const { name, cat, pid, tid, id } = first;
    const args = why === undefined ? {} : { args: { why } };
    drawing.lines.push({ name, cat, ph: "e", ts: at, pid, tid, id, ...args });
  };
  const endAll: Spans["endAll"] = (prefix, at, why) => {
    for (const [key, { length }] of open)
      if (key.startsWith(prefix)) for (let i = 0; i < length; i++) end(key, at, why);
  };
  for (const event of events) spanOf(event, { begin, end, endAll });
  endAll("", drawing.end, "the run ends");
}

type SpanBegin = ChromeEvent & { readonly cat: string; readonly id: number };

interface Spans {
  readonly begin: (key: string, event: TraceEvent, cat: string, name: string) => void;
  readonly end: (key: string, at: number, why?: string) => void;
  /** Ends all whose key begins so. */
  readonly endAll: (prefix: string, at: number, why?: string) => void;
}

function spanOf(event: TraceEvent, { begin, end, endAll }: Spans): void {
  const { node, at } = event;
  switch (event.type) {
    case "fault":
      return begin(`fault ${event.index}`, event, "fault", event.sentence);
    case "healed":
      return end(`fault ${event.index}`, at);
    case "down":
      end(`paused ${node}`, at);
      endAll(`parked ${node} `, at, event.how);
      return begin(`down ${node}`, event, "state", `down: ${event.how}`);
    case "started":
      return end(`down ${node}`, at);
    case "paused":
      return begin(`paused ${node}`, event, "state", "paused");
    case "resumed":
      return end(`paused ${node}`, at);
    case "note":
      return waiting(event, begin, end);
    default:
      return undefined;
  }
}

/** A request that waits in purgatory, from when it was parked until it was answered. */
function waiting(
  { event, ...place }: Extract<TraceEvent, { type: "note" }>,
  begin: Spans["begin"],
  end: Spans["end"],
): void {
  if (event.type !== "parked" && event.type !== "completed") return;
  // The answer names the request among its causes, behind what made it possible.
  const request = place.causes.at(-1);
  const key = `parked ${place.node} ${event.api} ${event.partition} ${request}`;
  if (event.type === "completed") return end(key, place.at, event.why);
  begin(key, { ...place, event }, "parked", `${event.api} of ${event.partition} waits`);
}

/** What the core told beside: marks of one moment. What broke is marked across all processes. */
function drawInstants(drawing: Drawing, { events, judgements }: Recorded): void {
  const { lines, pids } = drawing;
  const tid = inputThread;
  for (const event of events) {
    if (event.type !== "note" || silent.has(event.event.type)) continue;
    const pid = pids.get(event.node) ?? 0;
    const args = { seq: event.seq, what: noteSentence(event.event) };
    lines.push({
      name: event.event.type,
      cat: "note",
      ph: "i",
      s: "p",
      ts: event.at,
      pid,
      tid,
      args,
    });
  }
  for (const { id, broke, evidence } of brokenOf(judgements)) {
    if (broke === undefined) continue;
    const args = { seq: broke.seq, evidence };
    lines.push({
      name: `broken: ${id}`,
      cat: "broken",
      ph: "i",
      s: "g",
      ts: broke.at,
      pid: 1,
      tid,
      args,
    });
  }
}

/** Notes that are spans, or as many as there are messages. */
const silent: ReadonlySet<string> = new Set(["parked", "completed", "followerFetched"]);
