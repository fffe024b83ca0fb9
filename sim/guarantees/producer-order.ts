import { topicOf, uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection } from "./committed.ts";
import type { Break, Guarantee } from "./guarantee.ts";
import {
  followProducerSettings,
  isIdempotent,
  newProducerSettings,
  type ProducerSettingsState,
} from "./producer-settings.ts";

/** One record as a reader saw it: its place in the order of sends, and its offset. */
interface Read {
  readonly place: number;
  readonly offset: number;
  readonly name: string;
  /** The leader epoch under which it was appended. */
  readonly epoch: number;
}

interface Sent {
  readonly producer: string;
  readonly place: number;
  readonly idempotent: boolean;
}

interface State {
  /** Topics in which a replica that is not in sync may lead: another log may take the place of one that was read. */
  readonly unclean: ReadonlySet<string>;
  /** Ids of the preconditions that were off for what was exempt. */
  readonly off: Set<string>;
  readonly settings: ProducerSettingsState;
  /** Names of sent records to their producer, place in its order, and whether it was idempotent: then it is promised. */
  readonly sent: Map<string, Sent>;
  readonly places: Map<string, number>;
  /** Which life each producer is in: what one life left under way may arrive after what the next one sent (KIP-98). */
  readonly lives: Map<string, number>;
  /** By reader, partition and producer: what it has read, in the order of offsets. */
  readonly lines: Map<string, Read[]>;
  /** Partitions and offsets of the records that were judged. */
  readonly judged: Set<string>;
  exempt: number;
  readonly breaks: Break[];
}

/** Order as sent: what one producer sent to one partition stands there in that order, and once. */
export const producerOrder: Guarantee<State> = {
  id: "producer-order",
  sentence: "Records of a partition keep the order in which a producer sent them.",
  why: "Whoever reads an account's deposits and withdrawals must not see a withdrawal first.",
  preconditions: [
    {
      id: "idempotent-producer",
      sentence: "the producer is idempotent (enable.idempotence, which needs acks=all)",
    },
    cleanElection,
  ],
  begin: (scenario) => ({
    settings: newProducerSettings(scenario),
    unclean: uncleanTopics(scenario),
    off: new Set(),
    sent: new Map(),
    places: new Map(),
    lives: new Map(),
    lines: new Map(),
    judged: new Set(),
    exempt: 0,
    breaks: [],
  }),
  step,
  verdict: ({ judged, exempt, breaks, off }) => ({
    checked: judged.size,
    exempt,
    precondition: [...off],
    breaks,
  }),
};

function step(state: State, event: TraceEvent): void {
  followProducerSettings(state.settings, event);
  if (event.type === "called" && event.request.type === "send") {
    const producer = `${event.node} ${state.lives.get(event.node) ?? 1}`;
    const place = (state.places.get(producer) ?? 0) + 1;
    state.places.set(producer, place);
    const idempotent = isIdempotent(state.settings, event.node);
    state.sent.set(event.request.value, { producer, place, idempotent });
  } else if (event.type === "result" && event.outcome.type === "polled") {
    for (const record of event.outcome.records) judge(state, event, record);
  } else if (event.type === "note" && event.event.type === "positionReset") {
    const { partition, offset } = event.event;
    for (const [key, line] of state.lines)
      if (key.startsWith(`${event.node} ${partition} `)) goTo(line, offset);
  } else if (event.type === "started") {
    state.lives.set(event.node, event.life);
    const prefix = `${event.node} `;
    for (const key of state.lines.keys()) if (key.startsWith(prefix)) state.lines.delete(key);
  }
}

/** Whoever goes back sees again what it saw, or what took its place: what stands before is still before it. */
function goTo(line: Read[], offset: number): void {
  while ((line.at(-1)?.offset ?? -1) >= offset) line.pop();
}

type Seen = Extract<
  Extract<TraceEvent, { type: "result" }>["outcome"],
  { type: "polled" }
>["records"][number];

function judge(state: State, event: TraceEvent, record: Seen): void {
  const { partition, offset, value, epoch } = record;
  const sent = state.sent.get(value);
  if (sent === undefined) return;
  const key = `${event.node} ${partition} ${sent.producer}`;
  const line = state.lines.get(key) ?? [];
  const before = line.at(-1);
  // Leader epochs rise along a log: where they fall, another log has taken the place of the one that was read before.
  const isReplaced = before !== undefined && epoch < before.epoch;
  const off = [
    ...(sent.idempotent ? [] : ["idempotent-producer"]),
    ...(isReplaced && state.unclean.has(topicOf(partition)) ? [cleanElection.id] : []),
  ];
  const place = `${partition} ${offset}`;
  if (!state.judged.has(place)) {
    state.judged.add(place);
    if (off.length > 0) state.exempt += 1;
    for (const id of off) state.off.add(id);
  }
  if (before !== undefined && offset > before.offset && sent.place <= before.place) {
    const what = sent.place === before.place ? "stands there twice" : "was sent earlier";
    state.breaks.push({
      evidence: `${event.node} read ${value} at offset ${offset} of ${partition} after ${before.name} at ${before.offset}, but ${value} ${what}.`,
      off,
      seq: event.seq,
      at: event.at,
    });
  }
  line.push({ place: sent.place, offset, name: value, epoch });
  state.lines.set(key, line);
}
