/*
 * Asks the controller for another ISR (Kafka's AlterPartitionManager, KIP-497): what was proposed leaves in one
 * request, one request at a time, with the broker epochs by which the controller knows a replica's life (KIP-903).
 */
import {
  type BrokerEpoch,
  type BrokerId,
  type LeaderEpoch,
  partitionName,
  type PartitionEpoch,
} from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { settleIsr } from "../replication/isr.ts";
import { raiseHighWatermark } from "../replication/leader.ts";
import type { Partition, PendingIsr } from "../replication/partition.ts";
import { alterPartition, type AlterPartitionResponse } from "../wire/api/alter-partition.ts";
import { errorName } from "../wire/errors.ts";
import { ask } from "../wire/channel.ts";
import { knowsController } from "./controllers.ts";
import type { Broker } from "./state.ts";
import { viewOf } from "./view.ts";

export const isrRetryTimer = "isrRetry";

/** Notes a partition whose proposed ISR has not been sent. */
export function collectIsr(self: Broker, partition: Partition): void {
  const { role } = partition;
  if (role.type === "leader" && role.pendingIsr?.sent === false) self.isrToAsk.add(partition.name);
}

/** Sends what was collected, unless an answer is still out. */
export function askIsr(self: Broker, turn: Turn): void {
  if (self.isrAsking || self.isrToAsk.size === 0 || self.timers.has(isrRetryTimer)) return;
  if (!knowsController(self)) return;
  const asked: string[] = [];
  const topics = [...byTopic(self)].map(([topicId, partitions]) => ({
    topicId,
    partitions: partitions.flatMap((partition) => {
      const { role } = partition;
      if (role.type !== "leader" || role.pendingIsr === undefined) return [];
      asked.push(partition.name);
      role.pendingIsr.sent = true;
      return [partitionBody(self, partition, role.pendingIsr)];
    }),
  }));
  self.isrToAsk.clear();
  if (asked.length === 0) return;
  self.isrAsking = true;
  const body = { brokerId: self.config.nodeId, brokerEpoch: self.lifecycle.epoch, topics };
  const timeout = self.config.settings["controller.quorum.request.timeout.ms"];
  const purpose = { type: "alterPartition", partitions: asked } as const;
  ask(self, self.toController.requests, alterPartition, body, purpose, timeout, turn);
}

function byTopic(self: Broker): Map<Partition["topicId"], Partition[]> {
  const topics = new Map<Partition["topicId"], Partition[]>();
  for (const name of self.isrToAsk) {
    const partition = self.partitions.get(name);
    if (partition?.role.type !== "leader" || partition.role.pendingIsr?.sent !== false) continue;
    const same = topics.get(partition.topicId);
    if (same === undefined) topics.set(partition.topicId, [partition]);
    else same.push(partition);
  }
  return topics;
}

function partitionBody(self: Broker, partition: Partition, { isr, brokerEpochs }: PendingIsr) {
  const { epoch } = self.lifecycle;
  const none = -1 as BrokerEpoch;
  return {
    partitionIndex: partition.index,
    leaderEpoch: partition.leaderEpoch,
    newIsrWithEpochs: isr.map((id, i) => ({
      brokerId: id,
      brokerEpoch: id === self.config.nodeId ? epoch : (brokerEpochs[i] ?? none),
    })),
    leaderRecoveryState: 0,
    partitionEpoch: partition.partitionEpoch,
  };
}

/** The controller decided; undefined: nothing was heard, so ask again after a moment. */
export function onIsrAnswered(
  self: Broker,
  asked: readonly string[],
  response: AlterPartitionResponse | undefined,
  turn: Turn,
): void {
  self.isrAsking = false;
  if (response === undefined || response.errorCode !== 0) {
    if (response !== undefined) {
      const error = errorName(response.errorCode);
      note(turn, { type: "refused", api: "AlterPartition", error });
    }
    for (const name of asked) unsend(self, name);
    return retryLater(self, turn);
  }
  for (const { topicId, partitions } of response.topics) {
    const topic = self.image.topicNames.get(topicId) ?? "";
    for (const answer of partitions) {
      settleOne(self, partitionName(topic, answer.partitionIndex), answer, turn);
    }
  }
  if (self.isrToAsk.size > 0) retryLater(self, turn);
}

type AlteredPartition = AlterPartitionResponse["topics"][number]["partitions"][number];

function settleOne(self: Broker, name: string, answer: AlteredPartition, turn: Turn): void {
  const partition = self.partitions.get(name);
  if (partition === undefined) return;
  const error = errorName(answer.errorCode);
  if (error !== "NONE")
    note(turn, { type: "refused", api: "AlterPartition", partition: name, error });
  settleIsr(partition, {
    error,
    leaderEpoch: answer.leaderEpoch as LeaderEpoch,
    partitionEpoch: answer.partitionEpoch as PartitionEpoch,
    isr: answer.isr as readonly BrokerId[],
  });
  raiseHighWatermark(partition, viewOf(self), turn);
  collectIsr(self, partition);
  self.dirty.add(name);
}

function unsend(self: Broker, name: string): void {
  const role = self.partitions.get(name)?.role;
  if (role?.type !== "leader" || role.pendingIsr === undefined) return;
  role.pendingIsr.sent = false;
  self.isrToAsk.add(name);
}

function retryLater(self: Broker, turn: Turn): void {
  if (self.timers.has(isrRetryTimer)) return;
  self.timers.add(isrRetryTimer);
  const backoff = self.config.settings["controller.quorum.retry.backoff.ms"];
  setTimer(turn, isrRetryTimer, turn.now.monotonic + backoff);
}

/** The moment is over. */
export function onIsrRetryTimer(self: Broker, turn: Turn): void {
  self.timers.delete(isrRetryTimer);
  askIsr(self, turn);
}
