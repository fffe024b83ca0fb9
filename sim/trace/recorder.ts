/*
 * Every event of a world passes here: it is numbered, it moves the hash, and, only if somebody listens, it is
 * built as an object. What happens often has a function that takes plain values; the rest is built anyhow.
 */
import {
  apiName,
  type CallId,
  type ClientCall,
  type ClientOutcome,
  type CoreEvent,
  crc32c,
  type FrameLabel,
} from "#core";
import type { Audit } from "../audit/audit.ts";
import type { Crossing } from "../world/network/crossing.ts";
import { carriedEpoch } from "./carried-epoch.ts";
import type { DiskDone, Micros, TraceBody, TraceEvent, TraceSilence } from "./events.ts";
import { mixData, mixInteger, mixText, mixWord, type Tape } from "./hash.ts";
import { mixCall, mixOutcome, traceCall, traceOutcome } from "./told.ts";

/** Who wants to know: called with each event as it happens, in order. It must not touch the world. */
export interface Recorder {
  readonly listener?: (event: TraceEvent) => void;
  /** Whether it wants the traffic too (default): messages, timers and disk operations, most of a trace. */
  readonly traffic?: boolean;
  /** Gets what looks into the processes show; nobody looks unless it is there. */
  readonly auditor?: ((audit: Audit) => void) | undefined;
  /** Hears what crosses the network, with its bytes. They are sealed. */
  readonly wire?: ((crossing: Crossing) => void) | undefined;
  /**
   * Gets the bytes of each message just before its `sent` event, which names it, whether it will arrive or not: events
   * have only their length and checksum. They are sealed.
   */
  readonly frames?: ((message: number, bytes: Uint8Array) => void) | undefined;
}

/** The listener, whoever listens to traffic, wire or frames, and the auditor: what a run needs to know of its recorder. */
export const ears = (
  record: Recorder | undefined,
): Pick<Recording, "listener" | "trafficListener" | "frames"> & {
  readonly auditor: Recorder["auditor"];
  readonly wire: Recorder["wire"];
} => ({
  listener: record?.listener,
  auditor: record?.auditor,
  wire: record?.wire,
  frames: record?.frames,
  trafficListener: record?.traffic === false ? undefined : record?.listener,
});

/** What recording needs of a run. */
export interface Recording {
  readonly world: { readonly now: Micros; readonly tape: Tape };
  readonly listener: ((event: TraceEvent) => void) | undefined;
  readonly trafficListener: ((event: TraceEvent) => void) | undefined;
  readonly frames: Recorder["frames"];
}

/** A node as far as events name it; undefined is the world itself. */
export type Place =
  { readonly index: number; readonly spec: { readonly name: string } } | undefined;

/** What brought an event about: the input in hand (-1: none), and what the effect named besides. */
export interface Causes {
  readonly inHand: number;
  readonly more: readonly number[] | undefined;
  readonly silences: readonly TraceSilence[] | undefined;
}

const causedBy = (event: number): Causes => ({
  inHand: event,
  more: undefined,
  silences: undefined,
});

const codes = {
  other: 1,
  timer: 2,
  received: 3,
  sent: 4,
  disk: 5,
  note: 6,
  called: 7,
  told: 8,
} as const;

const diskOps: Readonly<Record<DiskDone["op"], number>> = {
  append: 1,
  write: 2,
  truncate: 3,
  fsync: 4,
  rename: 5,
  remove: 6,
  fsyncFolder: 7,
};

function begin(run: Recording, code: number, place: Place, cause: number): number {
  const { tape, now } = run.world;
  mixWord(tape.lanes, code);
  mixInteger(tape.lanes, now);
  mixWord(tape.lanes, place === undefined ? -1 : place.index);
  mixInteger(tape.lanes, cause);
  return tape.seq++;
}

function mixMore(run: Recording, { more, silences }: Causes): void {
  const { lanes } = run.world.tape;
  if (more !== undefined) {
    mixWord(lanes, more.length ^ 0x27d4eb2f);
    for (const cause of more) mixInteger(lanes, cause);
  }
  if (silences !== undefined) mixData(lanes, silences);
}

const listOf = ({ inHand, more }: Causes): readonly number[] =>
  more === undefined || more.length === 0
    ? one(inHand)
    : [...one(inHand), ...more.filter((cause) => cause !== inHand)];

const one = (cause: number): readonly number[] => (cause < 0 ? [] : [cause]);

const nameOf = (place: Place): string => (place === undefined ? "" : place.spec.name);

/**
 * Hands an event over. What happens often is built as one literal; an event with silences, which is rare, is built
 * again to bear them. (Measured: spreading what all events have cost half as much again as the literal.)
 */
function tell(
  listener: (event: TraceEvent) => void,
  { silences }: Causes,
  event: TraceEvent,
): void {
  if (silences === undefined) return listener(event);
  const { seq, at, node, causes, ...body } = event;
  listener({ seq, at, node, causes, silences, ...body });
}

/** Records an event that is rare enough to be built anyhow. Returns its number. */
export function recordEvent(
  run: Recording,
  place: Place,
  causes: Causes | number,
  body: TraceBody,
): number {
  const because = typeof causes === "number" ? causedBy(causes) : causes;
  const seq = begin(run, codes.other, place, because.inHand);
  mixMore(run, because);
  mixData(run.world.tape.lanes, body);
  const { listener, world } = run;
  if (listener === undefined) return seq;
  const list = listOf(because);
  tell(listener, because, { seq, at: world.now, node: nameOf(place), causes: list, ...body });
  return seq;
}

/** A timer fired; `setBy` is the input that set it. */
export function recordTimer(run: Recording, place: Place, setBy: number, timer: string): number {
  const seq = begin(run, codes.timer, place, setBy);
  mixText(run.world.tape.lanes, timer);
  run.trafficListener?.({
    seq,
    at: run.world.now,
    node: nameOf(place),
    causes: one(setBy),
    type: "timer",
    timer,
  });
  return seq;
}

/** Bytes were handled: `messages` are those they belong to, `done` how many of them, from the first, are complete. */
export function recordReceived(
  run: Recording,
  place: Place,
  connection: number,
  from: string,
  bytes: number,
  messages: readonly number[],
  done: number,
): number {
  const first = messages[0] ?? -1;
  const seq = begin(run, codes.received, place, first);
  const { lanes } = run.world.tape;
  mixInteger(lanes, connection);
  mixInteger(lanes, bytes);
  mixWord(lanes, done);
  for (let i = 1; i < messages.length; i++) mixInteger(lanes, messages[i] ?? -1);
  run.trafficListener?.({
    seq,
    at: run.world.now,
    node: nameOf(place),
    causes: listOf({ inHand: first, more: messages, silences: undefined }),
    type: "received",
    connection,
    from,
    bytes,
    done: messages.slice(0, done),
  });
  return seq;
}

/** A message left; `arrival` -1: held. */
export function recordSent(
  run: Recording,
  place: Place,
  causes: Causes,
  connection: number,
  to: string,
  bytes: Uint8Array,
  frame: FrameLabel,
  arrival: Micros,
): number {
  const seq = begin(run, codes.sent, place, causes.inHand);
  mixMore(run, causes);
  const { lanes } = run.world.tape;
  const crc = crc32c(bytes);
  mixInteger(lanes, connection);
  mixWord(lanes, bytes.length);
  mixWord(lanes, crc);
  mixInteger(lanes, arrival);
  const { trafficListener, world } = run;
  run.frames?.(seq, bytes);
  if (trafficListener === undefined) return seq;
  const epoch = carriedEpoch(frame, bytes);
  tell(trafficListener, causes, {
    seq,
    at: world.now,
    node: nameOf(place),
    causes: listOf(causes),
    type: "sent",
    connection,
    to,
    api: apiName(frame.api),
    version: frame.version,
    correlation: frame.correlation,
    response: frame.response,
    bytes: bytes.length,
    crc,
    arrival: arrival < 0 ? null : arrival,
    ...(epoch === undefined ? {} : { epoch }),
  });
  return seq;
}

/** A disk operation was begun, complete at `until`. `bytes` is what it wrote, if it wrote. */
export function recordDisk(
  run: Recording,
  place: Place,
  cause: number,
  op: DiskDone["op"],
  path: string,
  file: number,
  named: boolean,
  position: number,
  bytes: Uint8Array | undefined,
  until: Micros,
): number {
  const seq = begin(run, codes.disk, place, cause);
  const { lanes } = run.world.tape;
  mixWord(lanes, diskOps[op]);
  mixWord(lanes, file);
  // A file is known by its number once the hash has heard its name.
  if (named) mixText(lanes, path);
  mixInteger(lanes, position);
  const length = bytes === undefined ? 0 : bytes.length;
  mixWord(lanes, length);
  if (bytes !== undefined) mixWord(lanes, crc32c(bytes));
  mixInteger(lanes, until);
  run.trafficListener?.({
    seq,
    at: run.world.now,
    node: nameOf(place),
    causes: one(cause),
    type: "disk",
    op,
    file: path,
    position,
    length,
    until,
  });
  return seq;
}

/** Something that only the core knows; its step began at `began`. */
export function recordNote(
  run: Recording,
  place: Place,
  causes: Causes,
  event: CoreEvent,
  began: Micros,
): number {
  const seq = begin(run, codes.note, place, causes.inHand);
  mixMore(run, causes);
  mixData(run.world.tape.lanes, event);
  const { listener, world } = run;
  if (listener === undefined) return seq;
  const because = listOf(causes);
  const at = world.now;
  const node = nameOf(place);
  if (began === at) tell(listener, causes, { seq, at, node, causes: because, type: "note", event });
  else tell(listener, causes, { seq, at, node, causes: because, type: "note", event, began });
  return seq;
}

/** An application called its client. */
export function recordCalled(
  run: Recording,
  place: Place,
  cause: number,
  call: CallId,
  request: ClientCall,
): number {
  const seq = begin(run, codes.called, place, cause);
  mixInteger(run.world.tape.lanes, call);
  mixCall(run.world.tape.lanes, request);
  run.listener?.({
    seq,
    at: run.world.now,
    node: nameOf(place),
    causes: one(cause),
    type: "called",
    call,
    request: traceCall(request),
  });
  return seq;
}

/** A client told its application. */
export function recordTold(
  run: Recording,
  place: Place,
  causes: Causes,
  call: CallId,
  outcome: ClientOutcome,
): number {
  const seq = begin(run, codes.told, place, causes.inHand);
  mixMore(run, causes);
  mixInteger(run.world.tape.lanes, call);
  mixOutcome(run.world.tape.lanes, outcome);
  const { listener, world } = run;
  if (listener === undefined) return seq;
  tell(listener, causes, {
    seq,
    at: world.now,
    node: nameOf(place),
    causes: listOf(causes),
    type: "result",
    call,
    outcome: traceOutcome(outcome),
  });
  return seq;
}
