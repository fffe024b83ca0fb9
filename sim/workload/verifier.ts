import { millis, partitionName } from "#core";
import { deletedTopics } from "../scenario/operating.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { ApplicationEffect, ApplicationEvent } from "../world/machines.ts";
import type { VerifierApplication } from "./state.ts";

const pollTimeout = millis(500);
const retryMicros = 200_000;

export function startVerifier(scenario: Scenario): VerifierApplication {
  const deleted = deletedTopics(scenario);
  const topics = scenario.topics.map(({ name }) => name).filter((name) => !deleted.has(name));
  return { type: "verifier", topics, unassigned: topics.length, ends: undefined };
}

/**
 * Takes all topics, asks where they end, and polls until it stands there in every partition. It reads while it asks:
 * where nobody leads one partition, and so nobody says where that ends, the others are read all the same.
 */
export function stepVerifier(
  self: VerifierApplication,
  now: Micros,
  event: ApplicationEvent,
  outbox: ApplicationEffect[],
): void {
  if (event.type === "wake") {
    if (self.topics.length === 0) outbox.push({ type: "finished" });
    else if (self.unassigned > 0) {
      for (const topic of self.topics)
        outbox.push({ type: "call", request: { type: "assignTopic", topic } });
    } else outbox.push({ type: "call", request: { type: "endOffsets" } });
    return;
  }
  const poll = { type: "call", request: { type: "poll", timeout: pollTimeout } } as const;
  const { outcome } = event;
  switch (outcome.type) {
    case "done":
      self.unassigned -= 1;
      if (self.unassigned === 0)
        outbox.push({ type: "call", request: { type: "endOffsets" } }, poll);
      return;
    case "endOffsets":
      self.ends = new Map(
        outcome.offsets.map(({ topic, partition, offset }) => [
          partitionName(topic, partition),
          offset,
        ]),
      );
      return;
    case "polled": {
      const at = new Map(
        outcome.positions.map(({ topic, partition, offset }) => [
          partitionName(topic, partition),
          offset,
        ]),
      );
      const { ends } = self;
      const isAtEnd =
        ends !== undefined && [...ends].every(([name, end]) => (at.get(name) ?? -1) >= end);
      outbox.push(isAtEnd ? { type: "finished" } : poll);
      return;
    }
    default:
      outbox.push({ type: "wake", at: now + retryMicros });
  }
}
