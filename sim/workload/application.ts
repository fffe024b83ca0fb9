/*
 * Seeded applications on top of the clients: what they call, and when. They hold no state of the cluster; whatever they
 * learn, their client told them.
 */
import type { ClientOutcome, Uint32 } from "#core";
import { lateBrokers } from "../scenario/operating.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { ApplicationEffect, ApplicationEvent, ApplicationMachine } from "../world/machines.ts";
import type { NodeSpec } from "../world/state.ts";
import { stepConsumer, startConsumer } from "./consumer.ts";
import { startProducer, stepProducer } from "./producer.ts";
import type { AdminApplication, Application } from "./state.ts";
import { startVerifier, stepVerifier } from "./verifier.ts";

/** How long an application waits before it does again what did not work. */
const retryMicros = 200_000;

/** How long an admin waits before it asks again who is there, and how long for all of them. */
const askMicros = 50_000;
const patienceMicros = 3_000_000;

/** The applications of a scenario's clients. */
export const applications: ApplicationMachine<Application> = {
  create: newApplication,
  step: stepApplication,
};

function newApplication(scenario: Scenario, node: NodeSpec, life: number): Application {
  switch (node.kind) {
    case "producer":
      return startProducer(scenario, node.name, life);
    case "consumer":
      return startConsumer(scenario, node.name);
    case "verifier":
      return startVerifier(scenario);
    default:
      return {
        type: "admin",
        brokers: scenario.cluster.brokers.length - lateBrokers(scenario).size,
        until: undefined,
        ready: false,
        topics: scenario.topics.map(({ name, partitions, replicationFactor, config }) => ({
          name,
          partitions,
          replicationFactor,
          configs: Object.fromEntries(
            Object.entries(config).map(([key, value]) => [key, String(value)]),
          ),
        })),
      };
  }
}

function stepApplication(
  self: Application,
  now: Micros,
  event: ApplicationEvent,
  random: () => Uint32,
  outbox: ApplicationEffect[],
): void {
  switch (self.type) {
    case "admin":
      return stepAdmin(self, now, event, outbox);
    case "producer":
      return stepProducer(self, now, event, random, outbox);
    case "consumer":
      return stepConsumer(self, now, event, outbox);
    case "verifier":
      return stepVerifier(self, now, event, outbox);
  }
}

function stepAdmin(
  self: AdminApplication,
  now: Micros,
  event: ApplicationEvent,
  outbox: ApplicationEffect[],
): void {
  self.until ??= now + patienceMicros;
  if (event.type === "result" && event.outcome.type === "cluster") {
    // Topics are made once every broker is there, so that replicas and leaders are spread.
    self.ready = event.outcome.brokers.length >= self.brokers;
    if (!self.ready) return void outbox.push({ type: "wake", at: now + askMicros });
  } else if (event.type === "result") {
    if (self.ready && isMade(event.outcome)) outbox.push({ type: "finished" });
    else outbox.push({ type: "wake", at: now + retryMicros });
    return;
  }
  if (self.topics.length === 0) return void outbox.push({ type: "finished" });
  self.ready ||= now >= self.until;
  if (self.ready)
    outbox.push({ type: "call", request: { type: "createTopics", topics: self.topics } });
  else outbox.push({ type: "call", request: { type: "describeCluster" } });
}

const isMade = (outcome: ClientOutcome): boolean =>
  outcome.type === "done" ||
  (outcome.type === "failed" && outcome.error === "TOPIC_ALREADY_EXISTS");
