import type { LeaderEpoch, Millis, Offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { appendFromClient } from "../../replication/appending.ts";
import {
  hasEnoughAfterAppend,
  hasEnoughInSync,
  raiseHighWatermark,
} from "../../replication/leader.ts";
import type { Partition } from "../../replication/partition.ts";
import { type ParkedProduce, type ProduceWait, unpark } from "../../replication/purgatory.ts";
import { produce, type ProduceRequest } from "../../wire/api/produce.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, becauseOf, type Caller, dropSession, release } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { partitionNamed, viewOf } from "../view.ts";
import { wait } from "../waiting.ts";

/** Produce: appends, and answers at once (acks 0, 1) or when the high watermark has passed (acks=all). */
export function onProduce(self: Broker, caller: Caller, request: ProduceRequest, turn: Turn): void {
  const { acks } = request;
  if (acks !== 0 && acks !== 1 && acks !== -1) return refuseAcks(self, caller, request, turn);
  const waits: ProduceWait[] = [];
  for (const topic of request.topicData) {
    for (const { index, records } of topic.partitionData) {
      waits.push(appendOne(self, topic.name, index, records, acks, turn));
    }
  }
  if (acks === 0) {
    const session = self.sessions.get(caller.connection);
    if (session === undefined) return;
    // Without an answer a closed connection is the only way to tell the client that something went wrong.
    if (waits.some((wait) => wait.outcome !== "NONE")) dropSession(self, caller.connection, turn);
    else release(self, session);
    return;
  }
  if (waits.every((wait) => wait.outcome !== undefined)) {
    answerProduce(self, caller, waits, turn);
    return;
  }
  parkProduce(self, caller, waits, request.timeoutMs, turn);
}

function refuseAcks(self: Broker, caller: Caller, request: ProduceRequest, turn: Turn): void {
  const waits = request.topicData.flatMap((topic) =>
    topic.partitionData.map(({ index }) => refused(topic.name, index, "INVALID_REQUIRED_ACKS")),
  );
  answerProduce(self, caller, waits, turn);
}

function appendOne(
  self: Broker,
  topic: string,
  index: number,
  records: Uint8Array | null,
  acks: number,
  turn: Turn,
): ProduceWait {
  const partition = partitionNamed(self, topic, index);
  if (partition === undefined) return refused(topic, index, "UNKNOWN_TOPIC_OR_PARTITION");
  if (partition.role.type !== "leader") return refused(topic, index, "NOT_LEADER_OR_FOLLOWER");
  if (acks === -1 && !hasEnoughInSync(partition)) {
    note(turn, {
      type: "refused",
      api: "Produce",
      partition: partition.name,
      error: "NOT_ENOUGH_REPLICAS",
    });
    return refused(topic, index, "NOT_ENOUGH_REPLICAS");
  }
  const appended = appendFromClient(partition, records, turn);
  if (!appended.ok) {
    note(turn, {
      type: "refused",
      api: "Produce",
      partition: partition.name,
      error: appended.error,
    });
    return refused(topic, index, appended.error);
  }
  if (!appended.duplicate) {
    raiseHighWatermark(partition, viewOf(self), turn);
    self.dirty.add(partition.name);
  }
  const one: ProduceWait = {
    name: partition.name,
    topic,
    index,
    epoch: partition.leaderEpoch,
    base: appended.base,
    until: appended.next,
    outcome: acks === -1 ? undefined : "NONE",
  };
  if (acks === -1) settleWait(self, one);
  return one;
}

const refused = (topic: string, index: number, outcome: ErrorName): ProduceWait => ({
  name: "",
  topic,
  index,
  epoch: -1 as LeaderEpoch,
  base: -1 as Offset,
  until: -1 as Offset,
  outcome,
});

/** Decides one partition of a produce if it can be decided now; a duplicate waits for the high watermark too. */
function settleWait(self: Broker, wait: ProduceWait): void {
  const partition = self.partitions.get(wait.name);
  if (partition === undefined) {
    // The topic was deleted while the produce waited.
    wait.outcome = "UNKNOWN_TOPIC_OR_PARTITION";
  } else if (partition.role.type !== "leader" || partition.leaderEpoch !== wait.epoch) {
    wait.outcome = "NOT_LEADER_OR_FOLLOWER";
  } else if (partition.highWatermark >= wait.until) {
    wait.outcome = hasEnoughAfterAppend(partition) ? "NONE" : "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
  }
}

function parkProduce(
  self: Broker,
  caller: Caller,
  waits: readonly ProduceWait[],
  timeoutMs: number,
  turn: Turn,
): void {
  const id = self.purgatory.nextId++;
  const deadline = (turn.now.monotonic + Math.max(0, timeoutMs)) as Millis;
  wait(self, { type: "produce", id, caller, deadline, waits }, waitedOn(self, waits), turn);
  for (const wait of waits) {
    if (wait.outcome !== undefined) continue;
    note(turn, { type: "parked", api: "Produce", partition: wait.name, until: wait.until });
  }
}

function waitedOn(self: Broker, waits: readonly ProduceWait[]): Partition[] {
  const partitions: Partition[] = [];
  for (const { name } of waits) {
    const partition = self.partitions.get(name);
    if (partition !== undefined) partitions.push(partition);
  }
  return partitions;
}

/** Looks at a parked produce again; answers it once every partition is decided, or its time is over. */
export function retryProduce(
  self: Broker,
  parked: ParkedProduce,
  overdue: boolean,
  turn: Turn,
): void {
  let open = false;
  for (const wait of parked.waits) {
    if (wait.outcome !== undefined) continue;
    settleWait(self, wait);
    if (wait.outcome === undefined && overdue) wait.outcome = "REQUEST_TIMED_OUT";
    if (wait.outcome === undefined) open = true;
    else noteCompleted(parked, wait, turn);
  }
  if (open) return;
  unpark(self.purgatory, parked.id, waitedOn(self, parked.waits));
  answerProduce(self, parked.caller, parked.waits, turn);
}

function noteCompleted(parked: ParkedProduce, wait: ProduceWait, turn: Turn): void {
  const why =
    wait.outcome === "NONE"
      ? "satisfied"
      : wait.outcome === "REQUEST_TIMED_OUT"
        ? "expired"
        : "failed";
  const event = { type: "completed", api: "Produce", partition: wait.name, why } as const;
  note(turn, event, becauseOf(parked.caller, turn));
}

function answerProduce(
  self: Broker,
  caller: Caller,
  waits: readonly ProduceWait[],
  turn: Turn,
): void {
  const topics = new Map<string, ProduceWait[]>();
  for (const wait of waits) {
    const same = topics.get(wait.topic);
    if (same === undefined) topics.set(wait.topic, [wait]);
    else same.push(wait);
  }
  const responses = [...topics].map(([name, partitions]) => ({
    name,
    partitionResponses: partitions.map((wait) => ({
      index: wait.index,
      errorCode: errorCode(wait.outcome ?? "UNKNOWN_SERVER_ERROR"),
      baseOffset: wait.outcome === "NONE" ? wait.base : -1,
      logAppendTimeMs: -1,
      logStartOffset: self.partitions.get(wait.name)?.log.start ?? -1,
    })),
  }));
  answer(self, caller, produce, { responses, throttleTimeMs: 0 }, turn);
}
