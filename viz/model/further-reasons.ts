/*
 * What else an event needed besides what its chain of causes follows: the decision that made possible what a trace names
 * only the last straw of, and the other strikes behind a silence. Each is an event with a chain of its own.
 */
import type { BrokerId, CoreEvent } from "#core";
import type { TraceEvent } from "#sim";
import { brokerName } from "./picture.ts";
import { type Recording, eventOf } from "./recording.ts";
import { strikesBehind } from "./why.ts";

export interface Reason {
  readonly event: TraceEvent;
  /** What it is to the event that needed it: "b2 was not in sync since this:". */
  readonly words: string;
}

type Change = Extract<CoreEvent, { readonly type: "partitionChanged" }>;

interface Decision {
  readonly event: TraceEvent;
  readonly change: Change;
}

/** Reasons of `event` beyond those that `told` holds already, the earliest first. */
export function furtherReasons(
  recording: Recording,
  event: TraceEvent,
  told: ReadonlySet<number>,
): readonly Reason[] {
  const strikes = strikesBehind(recording, event).map(({ seq, peer }) =>
    reasonOf(
      eventOf(recording, seq),
      `${event.node} heard nothing from ${peer}, which this broke:`,
    ),
  );
  const seen = new Set([...told, event.seq]);
  return [...decided(recording, event), ...strikes]
    .filter((reason) => reason !== undefined)
    .filter((reason) => !seen.has(reason.event.seq) && seen.add(reason.event.seq))
    .sort((a, b) => a.event.seq - b.event.seq);
}

const reasonOf = (event: TraceEvent | undefined, words: string): Reason | undefined =>
  event === undefined ? undefined : { event, words };

/** Decisions of the controllers that another event of the same partition stands on. */
function decided(recording: Recording, event: TraceEvent): readonly (Reason | undefined)[] {
  if (event.type !== "note") return [];
  const note = event.event;
  if (note.type === "truncated" && note.reason !== "recovery") {
    const election = decisionsBefore(recording, event, note.partition).find(isElection);
    if (election === undefined) return [];
    return [reasonOf(election.event, `${brokerName(election.change.leader)} leads since this:`)];
  }
  if (note.type !== "partitionChanged") return [];
  const before = decisionsBefore(recording, event, note.partition);
  if (note.why === "offline") return [narrowed(before)];
  return isElection({ event, change: note }) ? [leftSync(before, note.leader)] : [];
}

/** What the controllers decided about a partition before an event, the latest first. */
function decisionsBefore(
  recording: Recording,
  { seq }: TraceEvent,
  partition: string,
): readonly Decision[] {
  return recording.changes.toReversed().flatMap((one) => {
    const event = one < seq ? eventOf(recording, one) : undefined;
    if (event?.type !== "note" || event.event.type !== "partitionChanged") return [];
    return event.event.partition === partition ? [{ event, change: event.event }] : [];
  });
}

const isElection = ({ change: { why, leader } }: Decision): boolean =>
  why !== "isr" && why !== "created" && leader !== -1;

/** The decision that took a broker out of the ISR; none if it was in it to the last. */
function leftSync(before: readonly Decision[], broker: BrokerId): Reason | undefined {
  const inSync = before.findIndex(({ change }) => change.isr.includes(broker));
  const left = before[inSync - 1];
  return reasonOf(left?.event, `${brokerName(broker)} was not in sync since this:`);
}

/** The last decision that left fewer in sync than there had been. */
function narrowed(before: readonly Decision[]): Reason | undefined {
  const last = before.find(({ change }, index) => {
    const earlier = before[index + 1];
    return earlier !== undefined && change.isr.length < earlier.change.isr.length;
  });
  return last && reasonOf(last.event, `${fewWords(last.change.isr)} in sync since this:`);
}

function fewWords(isr: readonly BrokerId[]): string {
  if (isr.length === 0) return "nobody was";
  return `only ${isr.map(brokerName).join(", ")} ${isr.length === 1 ? "was" : "were"}`;
}
