import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { followLetGo, type LetGo } from "./let-go.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: the log end offset. */
  readonly ends: Map<string, number>;
  /** By node and partition: what it believes the high watermark to be. */
  readonly marks: Map<string, number>;
  /** By partition: the latest start that a leader decided on, or that retention did. */
  readonly letGo: LetGo;
}

/** start ≤ high watermark ≤ log end, on every replica at every time. */
export const withinTheLog: Guarantee<State> = {
  id: "within-the-log",
  sentence: "A replica's high watermark lies within its log, and it appends where its log ends.",
  why: "A high watermark behind the end would call records committed that are not there.",
  preconditions: [],
  begin: () => ({ ...newPlain(), ends: new Map(), marks: new Map(), letGo: new Map() }),
  step: (state, event) => {
    followLetGo(state.letGo, event);
    if (event.type === "note") onNote(state, event, event.node, event.event);
  },
  verdict: plainVerdict,
};

function onNote(state: State, event: TraceEvent, node: string, what: CoreEvent): void {
  if (!("partition" in what)) return;
  const key = `${node} ${what.partition}`;
  const end = state.ends.get(key) ?? 0;
  switch (what.type) {
    case "logOpened":
      state.ends.set(key, what.end);
      state.marks.set(key, what.highWatermark);
      judgePlain(
        state,
        event,
        what.start <= what.highWatermark && what.highWatermark <= what.end,
        () =>
          `${node} opened ${what.partition} from ${what.start} to ${what.end} with a high watermark of ${what.highWatermark}.`,
      );
      return;
    case "appended":
      state.ends.set(key, what.next);
      judgePlain(
        state,
        event,
        what.base >= end && what.next > what.base,
        () => `${node} appended at offset ${what.base} of ${what.partition}, which ends at ${end}.`,
      );
      return;
    case "truncated":
      state.ends.set(key, what.to);
      return;
    case "replicaDeleted":
      state.ends.delete(key);
      state.marks.delete(key);
      state.letGo.delete(what.partition);
      return;
    case "logStartRaised":
      judgePlain(
        state,
        event,
        what.to <= (state.marks.get(key) ?? 0) && what.to <= (state.letGo.get(what.partition) ?? 0),
        () =>
          `${node} let ${what.partition} begin at ${what.to} (${what.why}), with a high watermark of ${state.marks.get(key) ?? 0}; let go was what lies before ${state.letGo.get(what.partition) ?? 0}.`,
      );
      return;
    case "logRestarted":
      state.ends.set(key, what.start);
      judgePlain(
        state,
        event,
        what.start > what.from && what.start <= (state.letGo.get(what.partition) ?? 0),
        () =>
          `${node} began ${what.partition} anew at ${what.start}, where it ended at ${what.from} and only what lies before ${state.letGo.get(what.partition) ?? 0} was let go.`,
      );
      return;
    case "highWatermark":
      state.marks.set(key, what.offset);
      judgePlain(
        state,
        event,
        what.offset >= 0 && what.offset <= end,
        () =>
          `${node} moved the high watermark of ${what.partition} to ${what.offset}, and its log ends at ${end}.`,
      );
      return;
    default:
      return;
  }
}
