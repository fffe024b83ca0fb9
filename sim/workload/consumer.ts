import { millis, must } from "#core";
import { microsOf } from "../faults/plan.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { ApplicationEffect, ApplicationEvent } from "../world/machines.ts";
import type { ConsumerApplication } from "./state.ts";

export function startConsumer(scenario: Scenario, name: string): ConsumerApplication {
  const spec = must(
    scenario.workload.consumers.find((one) => one.name === name),
    "a consumer's node is named in the workload",
  );
  return { type: "consumer", spec };
}

/** Takes its topic, then polls for ever. Where it begins is its client's auto.offset.reset. */
export function stepConsumer(
  self: ConsumerApplication,
  now: Micros,
  event: ApplicationEvent,
  outbox: ApplicationEffect[],
): void {
  const { topic, startMs, pollMs } = self.spec;
  const start = microsOf(startMs);
  if (event.type === "wake") {
    if (now < start) outbox.push({ type: "wake", at: start });
    else outbox.push({ type: "call", request: { type: "assignTopic", topic } });
    return;
  }
  const timeout = millis(Math.max(1, Math.floor(pollMs)));
  outbox.push({ type: "call", request: { type: "poll", timeout } });
}
