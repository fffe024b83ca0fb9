import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By client and call: what was sent. */
  readonly sends: Map<string, string>;
  /** How often a value was sent: what was sent twice may stand for either. */
  readonly times: Map<string, number>;
  /** What producers were told has failed, and with which error. */
  readonly failed: Map<string, string>;
  /** By value: where it was read. */
  readonly read: Map<string, string>;
}

/**
 * A write that failed is not there (G1a, no aborted read): what may have been appended is no failure, its outcome is
 * unknown.
 */
export const failedStaysUnread: Guarantee<State> = {
  id: "failed-stays-unread",
  sentence: "What its producer was told has failed is never read, neither before nor after.",
  why: "Whoever is told that a payment failed makes it again.",
  preconditions: [],
  begin: () => ({
    ...newPlain(),
    sends: new Map(),
    times: new Map(),
    failed: new Map(),
    read: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  if (event.type === "called" && event.request.type === "send") {
    const { value } = event.request;
    state.sends.set(`${event.node} ${event.call}`, value);
    state.times.set(value, (state.times.get(value) ?? 0) + 1);
  }
  if (event.type !== "result") return;
  const { outcome } = event;
  if (outcome.type === "failed")
    onFailed(state, event, `${event.node} ${event.call}`, outcome.error);
  if (outcome.type !== "polled") return;
  for (const { partition, offset, value } of outcome.records) {
    const where = `at offset ${offset} of ${partition}`;
    state.read.set(value, `${event.node} ${where}`);
    const error = state.failed.get(value);
    if (!isOne(state, value)) continue;
    judgePlain(
      state,
      event,
      error === undefined,
      () => `${event.node} read ${value} ${where}; its producer was told that it failed: ${error}.`,
    );
  }
}

function onFailed(state: State, event: TraceEvent, call: string, error: string): void {
  const value = state.sends.get(call);
  if (value === undefined || !isOne(state, value)) return;
  state.failed.set(value, error);
  const where = state.read.get(value);
  judgePlain(
    state,
    event,
    where === undefined,
    () => `${value} was read by ${where}; its producer is told that it failed: ${error}.`,
  );
}

const isOne = ({ times }: State, value: string): boolean => times.get(value) === 1;
