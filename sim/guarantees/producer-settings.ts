/*
 * With which settings each producer sends: its own, until somebody changes them and it has started anew.
 */
import type { HandFault, Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";

type Settings = Extract<HandFault, { type: "producerConfig" }>["config"];

export interface ProducerSettingsState {
  /** What the process that runs now was started with. */
  readonly now: Map<string, Settings>;
  /** What the next one will be started with. */
  readonly next: Map<string, Settings>;
}

export const newProducerSettings = ({ workload }: Scenario): ProducerSettingsState => {
  const all = workload.producers.map(({ name, config }) => [name, config] as const);
  return { now: new Map(all), next: new Map(all) };
};

export function followProducerSettings(state: ProducerSettingsState, event: TraceEvent): void {
  if (event.type === "fault" && event.fault.type === "producerConfig" && event.met) {
    const { producer, config } = event.fault;
    state.next.set(producer, { ...state.next.get(producer), ...config });
  } else if (event.type === "started") {
    const settings = state.next.get(event.node);
    if (settings !== undefined) state.now.set(event.node, settings);
  }
}

/** How many copies a producer waits for now. */
export const acksOf = ({ now }: ProducerSettingsState, producer: string): "all" | "1" | "0" =>
  now.get(producer)?.acks ?? "all";

/** Whether it is idempotent now: enable.idempotence, which needs acks=all. */
export const isIdempotent = (state: ProducerSettingsState, producer: string): boolean =>
  state.now.has(producer) &&
  (state.now.get(producer)?.["enable.idempotence"] ?? true) &&
  acksOf(state, producer) === "all";
