import type { TraceEvent } from "../trace/events.ts";
import { followLetGo, isLetGo, type LetGo } from "./let-go.ts";
import type { Break, Guarantee, Verdict } from "./guarantee.ts";

/** What one reader takes a partition to hold: by offset, the record that it read there last. */
interface View {
  readonly reader: string;
  readonly partition: string;
  readonly records: Map<number, Read>;
}

interface Read {
  readonly value: string;
  readonly epoch: number;
  /** The reader was told of an earlier epoch that ends only behind it: nothing says whether it is still there. */
  blurred: boolean;
}

interface State {
  readonly views: Map<string, View>;
  /** What the fresh reader read, by partition and offset. */
  readonly log: Map<string, string>;
  /** What is gone on purpose took nobody's place. */
  readonly letGo: LetGo;
  verifying: boolean;
  end: { readonly seq: number; readonly at: number } | undefined;
}

/** KIP-320: a reader that goes on in another log than the one it has read is told where the two part. */
export const readersAreTold: Guarantee<State> = {
  id: "readers-are-told",
  sentence: "A consumer that reads on was told of every record that it had read and that is gone.",
  why: "Records may be lost where nobody promised to keep them; a consumer that does not hear of it passes over those that took their place.",
  preconditions: [
    {
      id: "epoch-told",
      sentence:
        "the log that took the place of what was read holds no more of the epoch before it: a consumer compares the last epoch that both know, and where that ends (KIP-320)",
    },
  ],
  begin: () => ({
    views: new Map(),
    log: new Map(),
    letGo: new Map(),
    verifying: false,
    end: undefined,
  }),
  step,
  verdict,
};

function step(state: State, event: TraceEvent): void {
  followLetGo(state.letGo, event);
  if (event.type === "phase") {
    if (event.phase === "verify") state.verifying = true;
    if (event.phase === "end" && event.complete) state.end = { seq: event.seq, at: event.at };
  } else if (event.type === "started") {
    for (const [key, view] of state.views) if (view.reader === event.node) state.views.delete(key);
  } else if (event.type === "note" && event.event.type === "positionReset") {
    const { partition, offset, epoch, why } = event.event;
    const { records } = viewOf(state, event.node, partition);
    for (const [at, read] of records) {
      if (at >= offset) records.delete(at);
      else if (why === "truncation" && read.epoch > epoch) read.blurred = true;
    }
  } else if (event.type === "result" && event.outcome.type === "polled") {
    for (const { partition, offset, value, epoch } of event.outcome.records) {
      if (event.node === "v1") {
        if (state.verifying) state.log.set(`${partition} ${offset}`, value);
      } else
        viewOf(state, event.node, partition).records.set(offset, { value, epoch, blurred: false });
    }
  }
}

function viewOf(state: State, reader: string, partition: string): View {
  const key = `${reader} ${partition}`;
  const known = state.views.get(key);
  if (known !== undefined) return known;
  const fresh = { reader, partition, records: new Map<number, Read>() };
  state.views.set(key, fresh);
  return fresh;
}

/** Judged at the end: then it is known which of all records that were read are there. */
function verdict({ views, log, letGo, end }: State): Verdict {
  let checked = 0;
  let exempt = 0;
  const breaks: Break[] = [];
  if (end === undefined) return { checked, exempt, precondition: [], breaks };
  for (const { reader, partition, records } of views.values()) {
    checked += records.size;
    for (const { blurred } of records.values()) if (blurred) exempt += 1;
    const isThere = (at: number): boolean =>
      isLetGo(letGo, partition, at) || log.get(`${partition} ${at}`) === records.get(at)?.value;
    let last = -1;
    for (const at of records.keys()) if (at > last && isThere(at)) last = at;
    const gone = [...records.keys()].filter((at) => at < last && !isThere(at));
    // What nothing could tell of must not hide what it could.
    const first = gone.find((at) => records.get(at)?.blurred !== true) ?? gone[0];
    if (first === undefined) continue;
    const read = records.get(first);
    const instead = log.get(`${partition} ${first}`) ?? "nothing";
    const evidence = `${reader} read ${read?.value} at offset ${first} of ${partition} and went on to ${last}; nobody told it that ${instead} stands at ${first} now.`;
    breaks.push({ evidence, off: read?.blurred === true ? ["epoch-told"] : [], ...end });
  }
  const precondition = exempt > 0 ? ["epoch-told"] : [];
  return { checked, exempt, precondition, breaks };
}
