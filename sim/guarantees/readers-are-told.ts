import type { TraceEvent } from "../trace/events.ts";
import type { Break, Guarantee, Verdict } from "./guarantee.ts";

/** What one reader takes a partition to hold: by offset, the record that it read there last. */
interface View {
  readonly reader: string;
  readonly partition: string;
  readonly records: Map<number, string>;
}

interface State {
  readonly views: Map<string, View>;
  /** What the fresh reader read, by partition and offset. */
  readonly log: Map<string, string>;
  verifying: boolean;
  end: { readonly seq: number; readonly at: number } | undefined;
}

/** KIP-320: a reader that goes on in another log than the one it has read is told where the two part. */
export const readersAreTold: Guarantee<State> = {
  id: "readers-are-told",
  sentence: "A consumer that reads on was told of every record that it had read and that is gone.",
  why: "Records may be lost where nobody promised to keep them; a consumer that does not hear of it passes over those that took their place.",
  preconditions: [],
  begin: () => ({ views: new Map(), log: new Map(), verifying: false, end: undefined }),
  step,
  verdict,
};

function step(state: State, event: TraceEvent): void {
  if (event.type === "phase") {
    if (event.phase === "verify") state.verifying = true;
    if (event.phase === "end" && event.complete) state.end = { seq: event.seq, at: event.at };
  } else if (event.type === "started") {
    for (const [key, view] of state.views) if (view.reader === event.node) state.views.delete(key);
  } else if (event.type === "note" && event.event.type === "positionReset") {
    const { partition, offset } = event.event;
    const { records } = viewOf(state, event.node, partition);
    for (const at of records.keys()) if (at >= offset) records.delete(at);
  } else if (event.type === "result" && event.outcome.type === "polled") {
    for (const { partition, offset, value } of event.outcome.records) {
      if (event.node === "v1") {
        if (state.verifying) state.log.set(`${partition} ${offset}`, value);
      } else viewOf(state, event.node, partition).records.set(offset, value);
    }
  }
}

function viewOf(state: State, reader: string, partition: string): View {
  const key = `${reader} ${partition}`;
  const known = state.views.get(key);
  if (known !== undefined) return known;
  const fresh = { reader, partition, records: new Map<number, string>() };
  state.views.set(key, fresh);
  return fresh;
}

/** Judged at the end: then it is known which of all records that were read are there. */
function verdict({ views, log, end }: State): Verdict {
  let checked = 0;
  const breaks: Break[] = [];
  if (end === undefined) return { checked, exempt: 0, precondition: [], breaks };
  for (const { reader, partition, records } of views.values()) {
    checked += records.size;
    const isThere = (at: number): boolean => log.get(`${partition} ${at}`) === records.get(at);
    let last = -1;
    for (const at of records.keys()) if (at > last && isThere(at)) last = at;
    const [gone] = [...records.keys()].filter((at) => at < last && !isThere(at));
    if (gone === undefined) continue;
    const instead = log.get(`${partition} ${gone}`) ?? "nothing";
    const evidence = `${reader} read ${records.get(gone)} at offset ${gone} of ${partition} and went on to ${last}; nobody told it that ${instead} stands at ${gone} now.`;
    breaks.push({ evidence, off: [], ...end });
  }
  return { checked, exempt: 0, precondition: [], breaks };
}
