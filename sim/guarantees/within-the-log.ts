import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { followLetGo, type LetGo } from "./let-go.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

/** One replica's log, as far as the trace told. */
interface Held {
  start: number;
  /** The log end offset. */
  end: number;
  /** What it believes the high watermark to be. */
  mark: number;
}

interface State extends Plain {
  /** By node and partition. */
  readonly logs: Map<string, Held>;
  /** By partition: the latest start that a leader decided on, or that retention did. */
  readonly letGo: LetGo;
}

/** start ≤ high watermark ≤ log end, on every replica at every time. */
export const withinTheLog: Guarantee<State> = {
  id: "within-the-log",
  sentence: "A replica's high watermark lies within its log, and it appends where its log ends.",
  why: "A high watermark behind the end would call records committed that are not there.",
  preconditions: [],
  begin: () => ({ ...newPlain(), logs: new Map(), letGo: new Map() }),
  step,
  verdict: plainVerdict,
};

/** What tells how far a replica's log reaches. */
type Told = Extract<
  CoreEvent,
  {
    type:
      "logOpened" | "appended" | "truncated" | "logStartRaised" | "logRestarted" | "highWatermark";
  }
>;

function step(state: State, event: TraceEvent): void {
  followLetGo(state.letGo, event);
  if (event.type !== "note") return;
  const what = event.event;
  switch (what.type) {
    case "logOpened":
    case "appended":
    case "truncated":
    case "logStartRaised":
    case "logRestarted":
    case "highWatermark": {
      const problem = problemWith(state, event.node, what);
      return judgePlain(state, event, problem === undefined, () => `${event.node} ${problem}.`);
    }
    case "replicaDeleted":
      state.logs.delete(placeOf(event.node, what.partition));
      state.letGo.delete(what.partition);
      return;
    default:
      return;
  }
}

/** Takes in what a replica told of its log; what is wrong with it, in words that follow the node's name. */
function problemWith(state: State, node: string, what: Told): string | undefined {
  const { partition } = what;
  const log = logOf(state, node, partition);
  const { end } = log;
  const letGo = state.letGo.get(partition) ?? 0;
  switch (what.type) {
    case "logOpened":
      log.start = what.start;
      log.end = what.end;
      log.mark = what.highWatermark;
      if (log.start <= log.mark && log.mark <= log.end) return undefined;
      return `opened ${partition} from ${log.start} to ${log.end} with a high watermark of ${log.mark}`;
    case "appended":
      log.end = what.next;
      if (what.base === end && what.next > what.base) return undefined;
      return `appended at offset ${what.base} of ${partition}, which ends at ${end}`;
    case "truncated":
      log.end = what.to;
      // Cut before its start it begins there, and tells its high watermark next.
      if (what.to < log.start) log.start = what.to;
      else if (log.mark > what.to)
        return `cut ${partition} back to ${what.to}, with a high watermark of ${log.mark}`;
      return undefined;
    case "logStartRaised":
      log.start = what.to;
      if (what.to <= log.mark && what.to <= letGo) return undefined;
      return `let ${partition} begin at ${what.to} (${what.why}), with a high watermark of ${log.mark}; let go was what lies before ${letGo}`;
    case "logRestarted":
      log.start = what.start;
      log.end = what.start;
      if (what.start > what.from && what.start <= letGo) return undefined;
      return `began ${partition} anew at ${what.start}, where it ended at ${what.from} and only what lies before ${letGo} was let go`;
    case "highWatermark":
      log.mark = what.offset;
      if (log.start <= log.mark && log.mark <= log.end) return undefined;
      return `moved the high watermark of ${partition} to ${log.mark}, and its log goes from ${log.start} to ${log.end}`;
  }
}

const placeOf = (node: string, partition: string): string => `${node} ${partition}`;

function logOf({ logs }: State, node: string, partition: string): Held {
  const known = logs.get(placeOf(node, partition));
  if (known !== undefined) return known;
  const fresh = { start: 0, end: 0, mark: 0 };
  logs.set(placeOf(node, partition), fresh);
  return fresh;
}
