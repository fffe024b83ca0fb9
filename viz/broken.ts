/* The break that a reader stands at: what broke with the last event that is shown, in its own words. */
import type { TraceEvent } from "#sim";
import { explaining } from "./model/evidence.ts";
import { type Run, brokenAt } from "./run.ts";

/** A break as it is told. */
export interface ToldBreak {
  readonly sentence: string;
  /** What broke, by its id. */
  readonly guarantee: string;
  /** Whether it was promised at all, with what was asked for. */
  readonly isPromised: boolean;
  /** The event whose causes explain it. */
  readonly event: TraceEvent | undefined;
}

/** What broke with the last of the first `count` events; undefined: nothing did. */
export function breakAfter(run: Run, count: number): ToldBreak | undefined {
  const last = run.recording.events[count - 1];
  const verdict = last === undefined ? undefined : brokenAt(run, last.seq);
  if (verdict === undefined || verdict.evidence === null) return undefined;
  const isPromised = verdict.state === "broken";
  return {
    guarantee: verdict.id,
    isPromised,
    sentence: `${breakOpening(isPromised)}: ${asOnScreen(verdict.evidence)}`,
    event: explaining(run.recording, verdict.event ?? verdict.seq, verdict.record),
  };
}

/** How the telling of a break begins. */
export const breakOpening = (isPromised: boolean): string =>
  isPromised ? "Broken" : "Broken, not promised";

/** What the band has room for. */
const mostLetters = 100;

/** With the names that nodes have on the screen, without the full stop; of what is too long the first sentence. */
function asOnScreen(evidence: string): string {
  const named = evidence
    .replace(/\bbroker (\d+)/gi, "b$1")
    .replace(/\d{4,}(?=\.\d{3} ms)/g, (digits) => Number(digits).toLocaleString("en-US"))
    .replace(/\.$/, "");
  const [first = named] = named.split(/\. (?=[A-Z])/);
  return named.length > mostLetters ? first : named;
}
