/*
 * A consumer without a group (Kafka's KafkaConsumer with assign): it knows its partitions, stands somewhere in each,
 * and hands out what it fetched, in the order of the log.
 */
import type { ClientCall } from "../../foundation/calls.ts";
import { type CallId, type Millis, offset, partitionName } from "../../foundation/ids.ts";
import type { ConsumerSettings } from "../../foundation/settings.ts";
import type { Turn } from "../../foundation/turn.ts";
import { want } from "../network/cluster.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { drain, sendFetches } from "./fetcher.ts";
import { earliest, forgetWhereToStand, latest, query, sendQueries } from "./offsets.ts";
import { newAssigned, seekTo } from "./positions.ts";
import type { Consumer } from "./state.ts";

export const newConsumer = (): Consumer => ({
  type: "consumer",
  assigning: new Map(),
  assigned: new Map(),
  queries: new Map(),
  nextQuery: 0,
  polls: [],
  ends: new Map(),
  sessions: new Map(),
  fetchingFrom: new Set(),
  turnOf: 0,
});

export function onConsumerCall(
  self: Client,
  consumer: Consumer,
  call: CallId,
  asked: ClientCall,
  turn: Turn,
): void {
  switch (asked.type) {
    case "assign":
      for (const { topic, partition } of asked.partitions) assign(self, consumer, topic, partition);
      return resolve(self, call, { type: "done" }, turn);
    case "assignTopic":
      want(self, asked.topic);
      consumer.assigning.set(call, asked.topic);
      return;
    case "seek":
      return seek(self, consumer, call, asked, turn);
    case "poll":
      consumer.polls.push({ call, deadline: (turn.now.monotonic + asked.timeout) as Millis });
      return;
    case "endOffsets":
      return askEnds(self, consumer, call, turn);
    default: {
      const reason = `A consumer does not know ${asked.type}.`;
      return resolve(self, call, { type: "failed", error: "INVALID_REQUEST", reason }, turn);
    }
  }
}

function assign(self: Client, consumer: Consumer, topic: string, partition: number): void {
  want(self, topic);
  const name = partitionName(topic, partition);
  if (!consumer.assigned.has(name)) {
    consumer.assigned.set(name, newAssigned(name, topic, partition));
  }
}

function seek(
  self: Client,
  consumer: Consumer,
  call: CallId,
  { topic, partition: index, to }: Extract<ClientCall, { type: "seek" }>,
  turn: Turn,
): void {
  const partition = consumer.assigned.get(partitionName(topic, index));
  if (partition === undefined) {
    const reason = `${partitionName(topic, index)} is not assigned.`;
    return resolve(self, call, { type: "failed", error: "INVALID_REQUEST", reason }, turn);
  }
  if (to === "earliest" || to === "latest") {
    query(consumer, partition, to === "earliest" ? earliest : latest, "seek");
  } else {
    forgetWhereToStand(consumer, partition);
    seekTo(partition, offset(to), -1, "seek", turn);
  }
  resolve(self, call, { type: "done" }, turn);
}

function askEnds(self: Client, consumer: Consumer, call: CallId, turn: Turn): void {
  const partitions = [...consumer.assigned.values()];
  if (partitions.length === 0)
    return resolve(self, call, { type: "endOffsets", offsets: [] }, turn);
  consumer.ends.set(call, { call, found: new Map(), wanted: partitions.length });
  for (const partition of partitions) query(consumer, partition, latest, "seek", call);
}

/** Does all that can be done now. */
export function advanceConsumer(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  turn: Turn,
): void {
  assignTopics(self, consumer, turn);
  startPositions(consumer, settings);
  sendQueries(self, consumer, turn);
  answerPolls(self, consumer, settings, turn);
  sendFetches(self, consumer, settings, turn);
}

function assignTopics(self: Client, consumer: Consumer, turn: Turn): void {
  for (const [call, topic] of consumer.assigning) {
    const known = self.cluster.topics.get(topic);
    if (known === undefined || known.partitions.length === 0) continue;
    for (const index of known.partitions.keys()) assign(self, consumer, topic, index);
    consumer.assigning.delete(call);
    resolve(self, call, { type: "done" }, turn);
  }
}

/** Partitions that were never told where to stand begin where auto.offset.reset says, once somebody polls. */
function startPositions(consumer: Consumer, settings: ConsumerSettings): void {
  const policy = settings["auto.offset.reset"];
  if (consumer.polls.length === 0 || policy === "none") return;
  for (const partition of consumer.assigned.values()) {
    if (partition.position !== undefined || isAsked(consumer, partition.name)) continue;
    query(consumer, partition, policy === "earliest" ? earliest : latest, "start");
  }
}

/** A question where this partition shall stand is out. */
function isAsked(consumer: Consumer, partition: string): boolean {
  for (const { name, call } of consumer.queries.values()) {
    if (call === undefined && name === partition) return true;
  }
  return false;
}

function answerPolls(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  turn: Turn,
): void {
  for (;;) {
    const [poll] = consumer.polls;
    if (poll === undefined) return;
    const records = drain(consumer, settings["max.poll.records"]);
    if (records.length === 0 && poll.deadline > turn.now.monotonic)
      return wakeBy(self, poll.deadline);
    consumer.polls.shift();
    const positions = [...consumer.assigned.values()].flatMap(({ topic, partition, position }) =>
      position === undefined ? [] : [{ topic, partition, offset: position }],
    );
    resolve(self, poll.call, { type: "polled", records, positions }, turn);
  }
}
