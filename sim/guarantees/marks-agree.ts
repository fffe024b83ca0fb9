import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForBatch } from "./committed.ts";
import { disksKeepBits, eraOf, followCopies } from "./copies.ts";
import { newCopies } from "./copies-state.ts";
import type { Break, Guarantee } from "./guarantee.ts";
import { followLetGo, isLetGo, type LetGo } from "./let-go.ts";

interface State extends Hazards {
  /** What a partition has let go: a replica that has not heard of it yet may still hold something else there. */
  readonly letGo: LetGo;
  /** By partition, and by which topic of that name it is: the batch that some replica has called committed, by its base offset. */
  readonly agreed: Map<string, Map<number, string>>;
  /** By broker and partition: how far that replica's batches have been compared. */
  readonly compared: Map<string, number>;
  /** Those in which two replicas have disagreed: whatever follows from that is not told again. */
  readonly broken: Set<string>;
  checked: number;
  exempt: number;
  readonly precondition: Set<string>;
  readonly breaks: Break[];
}

/** Committed prefixes agree: below the lower of two replicas' high watermarks their logs are the same. */
export const marksAgree: Guarantee<State> = {
  id: "marks-agree",
  sentence: "What lies below the high watermarks of two replicas is the same on both.",
  why: "Consumers read up to there, from followers too, and a record that others lack will be taken back.",
  preconditions: [cleanElection, isrSurvivor, disksKeepBits],
  begin: (scenario, copies = newCopies(scenario)) => ({
    unclean: uncleanTopics(scenario),
    copies,
    letGo: new Map(),
    agreed: new Map(),
    compared: new Map(),
    broken: new Set(),
    checked: 0,
    exempt: 0,
    precondition: new Set(),
    breaks: [],
  }),
  step,
  verdict: ({ checked, exempt, precondition, breaks }) => ({
    checked,
    exempt,
    precondition: [...precondition],
    breaks,
  }),
};

function step(state: State, event: TraceEvent): void {
  const { stale } = followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  if (event.type !== "note") return;
  const what = event.event;
  if (!("partition" in what)) return;
  const key = `${event.node} ${what.partition}`;
  switch (what.type) {
    case "highWatermark":
      if (stale) return;
      return compare(state, event, key, what.partition, what.offset);
    case "logOpened":
    case "logRestarted":
      state.compared.delete(key);
      return;
    case "truncated":
      if (what.to < (state.compared.get(key) ?? 0)) state.compared.set(key, what.to);
      return;
    case "replicaDeleted":
      state.compared.delete(key);
      if (!stale) state.broken.add(nameOf(state, what.partition));
      return;
    default:
      return;
  }
}

const nameOf = ({ copies }: State, partition: string): string =>
  `${partition} ${eraOf(copies, partition)}`;

function compare(
  state: State,
  event: TraceEvent,
  key: string,
  partition: string,
  mark: number,
): void {
  const name = nameOf(state, partition);
  const broker = state.copies.brokers.get(event.node);
  const own = state.copies.partitions.get(partition);
  if (broker === undefined || own === undefined || state.broken.has(name)) return;
  const agreed = state.agreed.get(name) ?? new Map<number, string>();
  state.agreed.set(name, agreed);
  const places = own.places.get(broker) ?? [];
  const from = state.compared.get(key) ?? 0;
  let first = places.length;
  while (first > 0 && (places[first - 1]?.next ?? 0) > from) first -= 1;
  for (const { batch, next } of places.slice(first)) {
    if (next > mark) break;
    state.compared.set(key, next);
    const base = own.batches.get(batch)?.base ?? -1;
    if (isLetGo(state.letGo, partition, next - 1)) continue;
    const other = agreed.get(base) ?? batch;
    const off = offForBatch(state, partition, own.batches.get(other));
    state.checked += 1;
    if (off.length > 0) state.exempt += 1;
    for (const id of off) state.precondition.add(id);
    // What took the place of a batch that nobody promised to keep is promised in its turn.
    agreed.set(base, off.length > 0 ? batch : other);
    if (other === batch) continue;
    if (off.length === 0) state.broken.add(name);
    const evidence = `${event.node} calls ${mark} offsets of ${partition} committed, and holds another record at offset ${base} than was committed there.`;
    state.breaks.push({ evidence, off, seq: event.seq, at: event.at });
    if (off.length === 0) return;
  }
}
