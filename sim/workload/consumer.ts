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
  return { type: "consumer", spec, assigned: false };
}

/** Takes its topic, then polls for ever and asks for the ends. Where it begins is its client's auto.offset.reset. */
export function stepConsumer(
  self: ConsumerApplication,
  now: Micros,
  event: ApplicationEvent,
  outbox: ApplicationEffect[],
): void {
  const { topic, startMs, pollMs, endsMs } = self.spec;
  const start = microsOf(startMs);
  if (event.type === "wake") {
    if (self.assigned) outbox.push({ type: "call", request: { type: "endOffsets" } });
    else if (now < start) outbox.push({ type: "wake", at: start });
    else outbox.push({ type: "call", request: { type: "assignTopic", topic } });
    return;
  }
  const isFirst = !self.assigned && event.outcome.type === "done";
  const isEnds = event.outcome.type === "endOffsets";
  if (isFirst) self.assigned = true;
  if (endsMs !== undefined && (isFirst || isEnds)) {
    outbox.push({ type: "wake", at: now + microsOf(endsMs) });
  }
  if (isEnds) return;
  const timeout = millis(Math.max(1, Math.floor(pollMs)));
  outbox.push({ type: "call", request: { type: "poll", timeout } });
}
