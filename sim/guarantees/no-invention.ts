import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";
import {
  followProducerSettings,
  isIdempotent,
  newProducerSettings,
  type ProducerSettingsState,
} from "./producer-settings.ts";

interface State extends Plain {
  readonly settings: ProducerSettingsState;
  /** By name of a record: its key, and whether it stands at most once, since an idempotent producer sent it. */
  readonly sent: Map<string, { readonly key: string | null; readonly idempotent: boolean }>;
  /** By name: where the fresh reader found it. */
  readonly found: Map<string, string>;
  verifying: boolean;
}

/** Nothing that was not sent, nothing damaged, and of an idempotent producer nothing twice. */
export const noInvention: Guarantee<State> = {
  id: "no-invention",
  sentence:
    "Every record that is read was sent, with that key; and what an idempotent producer sent stands once.",
  why: "A payment that nobody made, or that is made twice, is as bad as one that is lost.",
  preconditions: [],
  begin: (scenario) => ({
    ...newPlain(),
    settings: newProducerSettings(scenario),
    sent: new Map(),
    found: new Map(),
    verifying: false,
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followProducerSettings(state.settings, event);
  if (event.type === "phase" && event.phase === "verify") state.verifying = true;
  if (event.type === "called" && event.request.type === "send") {
    const { value, key } = event.request;
    state.sent.set(value, { key, idempotent: isIdempotent(state.settings, event.node) });
  }
  if (event.type !== "result" || event.outcome.type !== "polled") return;
  for (const { partition, offset, key, value } of event.outcome.records) {
    const where = `offset ${offset} of ${partition}`;
    const sent = state.sent.get(value);
    judgePlain(state, event, sent !== undefined && sent.key === key, () =>
      sent === undefined
        ? `${event.node} read ${value} at ${where}, which nobody sent.`
        : `${event.node} read ${value} at ${where} with the key ${key}; it was sent with ${sent.key}.`,
    );
    if (!state.verifying || event.node !== "v1" || sent === undefined) continue;
    const before = state.found.get(value) ?? where;
    state.found.set(value, before);
    judgePlain(
      state,
      event,
      before === where || !sent.idempotent,
      () => `${value} stands at ${before}, and at ${where} as well.`,
    );
  }
}
