/* Follows one record through the events of a run: each that has to do with it becomes a step of its life. */
import type { NodeName, TraceEvent } from "#sim";
import { brokerName } from "./picture.ts";
import type { Identity, LifeStep, StepKind } from "./record-life.ts";
import { type Recording, eventOf } from "./recording.ts";

/** A replica's copy: where its batch stands in which file, and whether it is on the platter. */
interface Copy {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  synced: boolean;
}

export interface Tracking {
  readonly identity: Identity;
  readonly steps: LifeStep[];
  readonly holders: Map<NodeName, Copy>;
  /** Messages that may carry its batch to a leader, by their `sent` event, and inputs that brought such sendings about. */
  readonly carriers: Set<number>;
  readonly packedBy: Set<number>;
  readonly readers: Set<NodeName>;
  partition: string | undefined;
  offset: number | undefined;
  /** Who leads the partition, as committed last; -1: nobody. */
  leader: number;
  isSafe: boolean;
  wasHeld: boolean;
  /** The election that left it behind, until a leader holds it again. */
  passedOver: LifeStep | undefined;
}

export const newTracking = (identity: Identity): Tracking => ({
  identity,
  steps: [],
  holders: new Map(),
  carriers: new Set(),
  packedBy: new Set(),
  readers: new Set(),
  partition: undefined,
  offset: undefined,
  leader: -1,
  isSafe: false,
  wasHeld: false,
  passedOver: undefined,
});

function add(tracking: Tracking, kind: StepKind, event: TraceEvent, text: string): LifeStep {
  const step = { kind, event, text };
  tracking.steps.push(step);
  return step;
}

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;
type Note = Of<"note">["event"];
type NoteOf<Type extends Note["type"]> = Extract<Note, { readonly type: Type }>;

/** Takes the next event of the run in. */
export function track(tracking: Tracking, recording: Recording, event: TraceEvent): void {
  const { fact, producer } = tracking.identity;
  switch (event.type) {
    case "called":
      if (event.seq === fact?.event) {
        add(tracking, "called", event, `${event.node}'s application hands it over`);
      }
      return;
    case "sent":
      return onSent(tracking, event);
    case "received":
      return onReceived(tracking, event);
    case "lost":
      if (!tracking.carriers.has(event.message)) return;
      add(tracking, "messageLost", event, `The message that carries it is lost (${event.why})`);
      return;
    case "result":
      if (event.node === producer && event.call === fact?.call) onTold(tracking, event);
      else onPolled(tracking, event);
      return;
    case "disk":
    case "writeBack":
      return onDisk(tracking, event);
    case "fileHurt":
      return onHurt(tracking, event);
    case "note":
      return onNote(tracking, recording, event, event.event);
    default:
  }
}

/** What leaves with the step that packed it and goes to a leader may be what carries it. */
function onSent(tracking: Tracking, event: Of<"sent">): void {
  const { identity, leader, packedBy, carriers } = tracking;
  if (event.node !== identity.producer || event.api !== "Produce" || event.response) return;
  if (!event.causes.some((cause) => packedBy.has(cause))) return;
  if (leader >= 0 && event.to !== brokerName(leader)) return;
  carriers.add(event.seq);
  add(tracking, "sent", event, `${event.node} sends it to ${event.to}`);
}

function onReceived(tracking: Tracking, event: Of<"received">): void {
  if (!event.done.some((message) => tracking.carriers.has(message))) return;
  add(tracking, "received", event, `${event.node} reads it off its connection`);
}

function onTold(tracking: Tracking, event: Of<"result">): void {
  const { outcome, node } = event;
  const words: Readonly<Record<string, string>> = {
    acknowledged: `${node} is told that it is stored`,
    sent: `${node} sent it and asks no more`,
    failed: `${node} is told that it was not kept`,
    unknown: `${node} will never know whether it was kept`,
  };
  const text = words[outcome.type];
  if (text !== undefined) add(tracking, "told", event, text);
}

function onPolled(tracking: Tracking, event: Of<"result">): void {
  const { partition, offset, identity, readers } = tracking;
  if (event.outcome.type !== "polled" || readers.has(event.node)) return;
  const isRead = event.outcome.records.some(
    (record) =>
      record.partition === partition &&
      record.offset === offset &&
      (identity.fact === undefined || record.value === identity.fact.value),
  );
  if (!isRead) return;
  readers.add(event.node);
  add(tracking, "read", event, `${event.node} reads it`);
}

function onDisk(tracking: Tracking, event: Of<"disk" | "writeBack">): void {
  const copy = tracking.holders.get(event.node);
  if (copy === undefined || copy.synced || copy.file !== event.file) return;
  if (event.type === "disk") {
    if (event.op !== "fsync") return;
    copy.synced = true;
    add(tracking, "fsynced", event, `${event.node} fsyncs it`);
    return;
  }
  if (!event.ranges.some(([from, to]) => from <= copy.from && copy.to <= to)) return;
  copy.synced = true;
  add(tracking, "fsynced", event, `The machine of ${event.node} writes it to its platter`);
}

const hurts = {
  undone: "the write never reached its disk",
  torn: "the write was torn",
  unsynced: "it was not on its disk yet",
  emptied: "the disk is another one now",
} as const;

function onHurt(tracking: Tracking, event: Of<"fileHurt">): void {
  const copy = tracking.holders.get(event.node);
  if (copy === undefined || copy.file !== event.file || copy.to <= event.from) return;
  // A bit that changed by itself is found out by whoever reads it.
  if (event.why === "rotten") return;
  lose(tracking, "hurt", event, `${event.node} has lost it: ${hurts[event.why]}`);
}

function lose(tracking: Tracking, kind: StepKind, event: TraceEvent, text: string): void {
  tracking.holders.delete(event.node);
  add(tracking, kind, event, text);
}

function onNote(tracking: Tracking, recording: Recording, event: Of<"note">, note: Note): void {
  if (note.type === "batched") return onBatched(tracking, event, note);
  if (note.type === "appended") return onAppended(tracking, recording, event, note);
  if (!("partition" in note) || note.partition !== tracking.partition) return;
  const { offset, holders } = tracking;
  const { node } = event;
  if (note.type === "partitionChanged") return onElected(tracking, event, note);
  if (offset === undefined || !holders.has(node)) return;
  switch (note.type) {
    case "highWatermark":
      if (tracking.isSafe || note.role !== "leader" || note.offset <= offset) return;
      tracking.isSafe = true;
      add(tracking, "safe", event, `It is below the high watermark ${note.offset}: readers get it`);
      return;
    case "truncated":
      if (note.to > offset) return;
      return lose(tracking, "cut", event, `${node} cuts its log back to ${note.to}, before it`);
    case "logOpened":
      if (note.end > offset) return;
      return lose(tracking, "cut", event, `${node} opens its log, which ends at ${note.end}`);
    case "logRestarted":
      return lose(tracking, "cut", event, `${node} throws its copy of the log away`);
    case "replicaDeleted":
      return lose(tracking, "letGo", event, `${node} drops its copy: the topic is gone`);
    case "logStartRaised":
      if (note.to <= offset) return;
      return lose(tracking, "letGo", event, `${node} lets it go: its log begins at ${note.to}`);
    default:
  }
}

function onBatched(tracking: Tracking, event: Of<"note">, note: NoteOf<"batched">): void {
  const { identity, packedBy } = tracking;
  if (note.crc !== identity.crc || event.node !== identity.producer) return;
  tracking.partition = note.partition;
  for (const cause of event.causes.slice(0, 1)) packedBy.add(cause);
  const others = note.calls.length - 1;
  const company = others === 0 ? "" : ` with ${others === 1 ? "1 other" : `${others} others`}`;
  const tries = note.attempt === 0 ? "packs it" : "tries it again";
  add(tracking, "batched", event, `${event.node} ${tries} for ${note.partition}${company}`);
}

function onAppended(
  tracking: Tracking,
  recording: Recording,
  event: Of<"note">,
  note: NoteOf<"appended">,
): void {
  const { identity, holders } = tracking;
  const { node } = event;
  if (note.crc !== identity.crc) return onOther(tracking, event, note);
  tracking.partition = note.partition;
  const offset = note.base + identity.index;
  const isCopy = note.role === "follower";
  const isAgain = tracking.offset !== undefined && tracking.offset !== offset && !isCopy;
  tracking.offset = offset;
  tracking.wasHeld = true;
  const from = eventOf(recording, event.causes[0] ?? -1);
  if (isCopy && from?.type === "received") {
    add(tracking, "fetched", from, `${node} has fetched it from ${from.from}`);
  }
  const file = `${note.partition}/${String(note.segment).padStart(20, "0")}.log`;
  const to = note.position + note.length;
  holders.set(node, { file, from: note.position, to, synced: false });
  const role = isCopy ? "copies" : isAgain ? "writes once more" : "writes";
  add(
    tracking,
    isCopy ? "copied" : "appended",
    event,
    `${node} ${role} it ${isCopy ? "into its log" : "into its log, as the leader"}: offset ${offset}`,
  );
  if (!isCopy) tracking.passedOver = undefined;
}

/** Another record stands where this one stood: whoever leads has written over it. */
function onOther(tracking: Tracking, event: Of<"note">, note: NoteOf<"appended">): void {
  const { offset, partition, wasHeld, holders, steps } = tracking;
  if (!wasHeld || note.partition !== partition || offset === undefined) return;
  if (note.role !== "leader" || offset < note.base || offset >= note.next) return;
  if (holders.has(event.node) || steps.some(({ kind }) => kind === "replaced")) return;
  add(tracking, "replaced", event, `${event.node} gives its offset ${offset} to another record`);
}

/** A leader whose log lacks the record leaves it behind: followers will cut theirs to be like its. */
function onElected(
  tracking: Tracking,
  event: Of<"note">,
  { leader, epoch, partition }: NoteOf<"partitionChanged">,
): void {
  const before = tracking.leader;
  tracking.leader = leader;
  if (leader < 0 || leader === before || !tracking.wasHeld) return;
  const name = brokerName(leader);
  if (tracking.holders.has(name)) {
    tracking.passedOver = undefined;
    return;
  }
  const text = `${name} leads ${partition} from now on, in epoch ${epoch}, and does not have it`;
  tracking.passedOver ??= add(tracking, "passedOver", event, text);
}
