import { must, type Uint32, writeUtf8 } from "#core";
import { microsOf } from "../faults/plan.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { ApplicationEffect, ApplicationEvent } from "../world/machines.ts";
import { nameHeaders, packRecords, recordCount, takeRecord } from "./own-records.ts";
import type { ProducerApplication } from "./state.ts";

export function startProducer(scenario: Scenario, name: string, life: number): ProducerApplication {
  const spec = must(
    scenario.workload.producers.find((one) => one.name === name),
    "a producer's node is named in the workload",
  );
  const { records, ...rest } = spec;
  return {
    type: "producer",
    spec: rest,
    life,
    own: records === undefined ? undefined : packRecords(records),
    sent: 0,
    open: 0,
    over: false,
  };
}

/** Sends one record each time it wakes, until its time or its number of records is over. */
export function stepProducer(
  self: ProducerApplication,
  now: Micros,
  event: ApplicationEvent,
  random: () => Uint32,
  outbox: ApplicationEffect[],
): void {
  const { spec } = self;
  if (event.type === "result") {
    self.open -= 1;
    if (self.over && self.open === 0) outbox.push({ type: "finished" });
    return;
  }
  const start = microsOf(spec.startMs);
  if (now < start) {
    outbox.push({ type: "wake", at: start });
    return;
  }
  if (now >= microsOf(spec.endMs) || self.sent >= mostOf(self)) {
    self.over = true;
    if (self.open === 0) outbox.push({ type: "finished" });
    return;
  }
  outbox.push({ type: "call", request: { type: "send", record: nextRecord(self, random) } });
  self.open += 1;
  const [low, high] = [microsOf(spec.intervalMs[0]), microsOf(spec.intervalMs[1])];
  outbox.push({ type: "wake", at: now + low + (random() % (high - low + 1)) });
}

const mostOf = ({ spec: { maxRecords }, own }: ProducerApplication): number =>
  own === undefined ? maxRecords : Math.min(maxRecords, recordCount(own));

const firstLetter = 0x41;
const fillerLetter = 0x78;
const space = 0x20;

function nextRecord(self: ProducerApplication, random: () => Uint32) {
  const { spec, own } = self;
  self.sent += 1;
  // Records of a later life must not be taken for those of an earlier one.
  const name =
    self.life === 1 ? `${spec.name}-${self.sent}` : `${spec.name}.${self.life}-${self.sent}`;
  // Somebody's own value stays as it is, so that the name travels beside it.
  if (own !== undefined) {
    const { key, value } = takeRecord(own, self.sent - 1);
    return { topic: spec.topic, key, value, headers: nameHeaders(name) };
  }
  const key = spec.keys === 0 ? null : new Uint8Array(1);
  if (key !== null) key[0] = firstLetter + (random() % spec.keys);
  const value = new Uint8Array(Math.max(spec.valueBytes, name.length)).fill(fillerLetter);
  writeUtf8(name, value, 0);
  if (value.length > name.length) value[name.length] = space;
  return { topic: spec.topic, key, value };
}
