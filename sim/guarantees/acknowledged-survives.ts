import { deletedTopics, topicOf, uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, isrSurvivor, topicKept } from "./committed.ts";
import {
  findBatch,
  followCopies,
  disksKeepBits,
  isCovered,
  keepsBits,
  mayBeLed,
} from "./copies.ts";
import { type Batch, type Copies, newCopies } from "./copies-state.ts";
import {
  followVoterDisks,
  keepDisks,
  newVoterDisks,
  type VoterDisks,
  votersKeepDisks,
} from "./voter-disks.ts";
import { followLetGo, isLetGo, type LetGo, recordsKept } from "./let-go.ts";
import type { Break, Guarantee, Precondition, Verdict } from "./guarantee.ts";
import {
  acksOf,
  followProducerSettings,
  newProducerSettings,
  type ProducerSettingsState,
} from "./producer-settings.ts";

/** A record that its producer was told is safe. */
interface Acknowledged {
  readonly name: string;
  readonly partition: string;
  /** -1: known as a duplicate, but not where it stands; it may stand anywhere. */
  readonly offset: number;
  /** Checksum and base offset of the batch that carried it. */
  readonly crc: number;
  readonly base: number;
  readonly acks: string;
  readonly at: number;
  /** The fresh reader found it where it was acknowledged. */
  found: boolean;
}

interface State {
  readonly settings: ProducerSettingsState;
  /** Topics in which a replica that is not in sync may lead. */
  readonly unclean: ReadonlySet<string>;
  /** Topics that the operator deletes. */
  readonly deleted: ReadonlySet<string>;
  /** All is promised beforehand. */
  readonly atlas: boolean;
  readonly copies: Copies;
  readonly letGo: LetGo;
  readonly voters: VoterDisks;
  /** By client and call: the record's name, the checksum of the batch that carries it, and its place in it. */
  readonly calls: Map<string, { readonly name: string; crc: number; place: number }>;
  readonly records: Acknowledged[];
  /** What the fresh reader read, by partition and offset. */
  readonly read: Map<string, string>;
  verifying: boolean;
  end: { readonly seq: number; readonly at: number; readonly complete: boolean } | undefined;
}

/** The one excuse for a partition that nobody leads in the end. */
const eligibleKeepsDisk: Precondition = {
  id: "eligible-keeps-disk",
  sentence:
    "where nobody leads the partition after the heal, somebody who may lead it still has its disk",
};

/** N−1 of N: no acknowledged record is lost. */
export const acknowledgedSurvives: Guarantee<State> = {
  id: "acknowledged-survives",
  sentence: "With replication factor N, N−1 brokers can fail and no acknowledged record is lost.",
  why: "Whoever was told that a record is safe has thrown away the only other copy.",
  preconditions: [
    { id: "acks-all", sentence: "the producer waits for all in-sync replicas (acks=all)" },
    cleanElection,
    topicKept,
    recordsKept,
    {
      // The promise is made record by record: a closer look than the one at a whole partition.
      id: isrSurvivor.id,
      sentence:
        "while any replica has lost the record's bytes, one that is in sync or eligible to lead has not been hit by a fault since it joined",
    },
    disksKeepBits,
    votersKeepDisks,
    eligibleKeepsDisk,
  ],
  begin: (scenario, copies = newCopies(scenario)) => ({
    settings: newProducerSettings(scenario),
    unclean: uncleanTopics(scenario),
    deleted: deletedTopics(scenario),
    atlas: scenario.atlas === true,
    copies,
    letGo: new Map(),
    voters: newVoterDisks(scenario),
    calls: new Map(),
    records: [],
    read: new Map(),
    verifying: false,
    end: undefined,
  }),
  step,
  verdict,
};

function step(state: State, event: TraceEvent): void {
  followProducerSettings(state.settings, event);
  followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  followVoterDisks(state.voters, event);
  switch (event.type) {
    case "called":
      if (event.request.type === "send") {
        state.calls.set(`${event.node} ${event.call}`, {
          name: event.request.value,
          crc: -1,
          place: 0,
        });
      }
      return;
    case "note":
      if (event.event.type !== "batched") return;
      for (const [place, call] of event.event.calls.entries()) {
        const sent = state.calls.get(`${event.node} ${call}`);
        if (sent === undefined) continue;
        sent.crc = event.event.crc;
        sent.place = place;
      }
      return;
    case "result":
      return onResult(state, event);
    case "phase":
      if (event.phase === "verify") state.verifying = true;
      if (event.phase === "end") onEnd(state, event);
      return;
    default:
      return;
  }
}

function onResult(state: State, event: Extract<TraceEvent, { type: "result" }>): void {
  const { outcome } = event;
  if (outcome.type === "acknowledged") {
    const sent = state.calls.get(`${event.node} ${event.call}`);
    const acks = acksOf(state.settings, event.node);
    // Whoever asks for no answer is told nothing.
    if (sent === undefined || acks === "0") return;
    const { partition, offset } = outcome;
    const { name, crc, place } = sent;
    const base = offset - place;
    state.records.push({ name, crc, base, partition, offset, acks, at: event.at, found: false });
    state.calls.delete(`${event.node} ${event.call}`);
  } else if (outcome.type === "polled" && state.verifying && event.node === "v1") {
    for (const { partition, offset, value } of outcome.records) {
      state.read.set(`${partition} ${offset}`, value);
    }
  }
}

function onEnd(state: State, { seq, at, complete }: Extract<TraceEvent, { type: "phase" }>): void {
  state.end = { seq, at, complete };
  const everywhere = new Set<string>();
  for (const [place, name] of state.read) {
    everywhere.add(`${place.slice(0, place.lastIndexOf(" "))} ${name}`);
  }
  for (const record of state.records) {
    const { partition, offset: stands, name } = record;
    record.found =
      stands >= 0
        ? state.read.get(`${partition} ${stands}`) === name
        : everywhere.has(`${partition} ${name}`);
  }
}

const batchOf = ({ copies }: State, { partition, base, crc }: Acknowledged): Batch | undefined =>
  findBatch(copies, partition, base, crc);

const isLed = ({ copies }: State, { partition }: Acknowledged): boolean =>
  (copies.partitions.get(partition)?.leader ?? -1) >= 0;

const canBeLed = (state: State, record: Acknowledged): boolean =>
  isLed(state, record) || mayBeLed(state.copies, record.partition);

/** Preconditions that were off for a record, by the faults alone. */
function offFor(state: State, record: Acknowledged): string[] {
  const off: string[] = [];
  if (record.acks !== "all") off.push("acks-all");
  const topic = topicOf(record.partition);
  if (state.unclean.has(topic)) off.push(cleanElection.id);
  if (state.deleted.has(topic)) off.push(topicKept.id);
  if (isLetGo(state.letGo, record.partition, record.offset)) off.push(recordsKept.id);
  if (!state.atlas && !isCovered(state.copies, record.partition, batchOf(state, record)))
    off.push(isrSurvivor.id);
  // Of one whose place nobody knows: wherever it may stand.
  const end = record.offset < 0 ? Infinity : record.offset + 1;
  if (!keepsBits(state.copies, record.partition, end)) off.push(disksKeepBits.id);
  if (state.end !== undefined && !canBeLed(state, record)) off.push(eligibleKeepsDisk.id);
  if (!keepDisks(state.voters)) off.push(votersKeepDisks.id);
  return off;
}

function verdict(state: State): Verdict {
  const breaks: Break[] = [];
  const precondition = new Set<string>();
  const open = new Map<string, number>();
  let exempt = 0;
  for (const record of state.records) {
    const off = offFor(state, record);
    if (off.length > 0) exempt += 1;
    for (const id of off) precondition.add(id);
    if (state.end === undefined || record.found) continue;
    const { seq, at } = state.end;
    const { partition, offset } = record;
    // Surviving is not being readable: where nobody can lead, nobody can say that it is lost.
    if (!canBeLed(state, record)) {
      open.set(partition, (open.get(partition) ?? 0) + 1);
      continue;
    }
    const where = offset < 0 ? {} : { record: { partition, offset } };
    breaks.push({ evidence: sentenceOf(state, record, off), off, seq, at, ...where });
  }
  return {
    checked: state.records.length,
    exempt,
    precondition: [...precondition],
    breaks,
    ...(open.size === 0 ? {} : { open: leaderless(open) }),
  };
}

function leaderless(records: ReadonlyMap<string, number>): { count: number; why: string } {
  const count = [...records.values()].reduce((sum, one) => sum + one, 0);
  const names = [...records.keys()].join(", ");
  return { count, why: `${names} ${records.size === 1 ? "stays" : "stay"} without a leader` };
}

function sentenceOf(state: State, record: Acknowledged, off: readonly string[]): string {
  const { name, partition, offset, acks, at } = record;
  const there = state.read.get(`${partition} ${offset}`);
  const instead =
    there !== undefined
      ? `${there} stands there`
      : !isLed(state, record)
        ? `nobody leads ${partition}`
        : state.end?.complete === true
          ? "nothing is there"
          : "it cannot be read: the cluster does not recover";
  const sentence = `${name} was acknowledged (acks=${acks}) at offset ${offset} of ${partition} at ${at / 1000} ms; after the heal ${instead}.`;
  const bareAt = batchOf(state, record)?.unprotectedAt ?? -1;
  return off.includes(isrSurvivor.id) && bareAt >= 0
    ? `${sentence} From ${bareAt / 1000} ms on a copy was lost and every replica in sync or eligible had been hit.`
    : sentence;
}

/** Of the records acknowledged under acks=all and clean elections, how many lost a copy while the promise held. */
export function promisedUnderLoss(state: unknown): {
  readonly acknowledged: number;
  readonly under: number;
} {
  const own = state as State;
  let acknowledged = 0;
  let under = 0;
  for (const record of own.records) {
    const off = offFor(own, record);
    if (off.includes("acks-all") || off.includes(cleanElection.id)) continue;
    acknowledged += 1;
    if (off.length === 0 && batchOf(own, record)?.everLost === true) under += 1;
  }
  return { acknowledged, under };
}
