/*
 * DeleteRecords (KIP-107; Kafka's Partition.deleteRecordsOnLeader and DelayedDeleteRecords): the leader's log begins
 * later at once, and the answer waits until the low watermark says that every replica which is alive has followed.
 */
import { type Millis, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { raiseLogStart } from "../../log/log.ts";
import type { Partition } from "../../replication/partition.ts";
import { lowWatermark } from "../../replication/leader.ts";
import { type DeleteWait, type ParkedDelete, unpark } from "../../replication/purgatory.ts";
import { deleteRecords, type DeleteRecordsRequest } from "../../wire/api/delete-records.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, becauseOf, type Caller } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { partitionNamed, viewOf } from "../view.ts";
import { wait } from "../waiting.ts";

const atHighWatermark = -1;

export function onDeleteRecords(
  self: Broker,
  caller: Caller,
  request: DeleteRecordsRequest,
  turn: Turn,
): void {
  const waits = request.topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => deleteBefore(self, name, one.partitionIndex, one.offset, turn)),
  );
  for (const one of waits) settleWait(self, one);
  if (request.timeoutMs <= 0) for (const one of waits) one.outcome ??= "REQUEST_TIMED_OUT";
  if (waits.every(({ outcome }) => outcome !== undefined)) {
    return answerDelete(self, caller, waits, turn);
  }
  const id = self.purgatory.nextId++;
  const deadline = (turn.now.monotonic + request.timeoutMs) as Millis;
  wait(self, { type: "deleteRecords", id, caller, deadline, waits }, waitedOn(self, waits), turn);
  for (const { name, until, outcome } of waits) {
    if (outcome !== undefined) continue;
    note(turn, { type: "parked", api: "DeleteRecords", partition: name, until });
  }
}

/** Begins the leader's log later; what is refused has its outcome already. */
function deleteBefore(
  self: Broker,
  topic: string,
  index: number,
  asked: number,
  turn: Turn,
): DeleteWait {
  const partition = partitionNamed(self, topic, index);
  const refused = (outcome: ErrorName): DeleteWait => {
    if (partition !== undefined) {
      const { name } = partition;
      note(turn, { type: "refused", api: "DeleteRecords", partition: name, error: outcome });
    }
    const none = { until: offset(-1), low: offset(-1) };
    return { name: `${topic}-${index}`, topic, index, ...none, outcome };
  };
  if (partition === undefined) return refused("UNKNOWN_TOPIC_OR_PARTITION");
  if (partition.role.type !== "leader") return refused("NOT_LEADER_OR_FOLLOWER");
  const { name, log, highWatermark } = partition;
  const until = offset(asked === atHighWatermark ? highWatermark : asked);
  if (until < 0 || until > highWatermark) return refused("OFFSET_OUT_OF_RANGE");
  if (raiseLogStart(log, turn.ports.files, until)) {
    note(turn, { type: "logStartRaised", partition: name, to: log.start, why: "deleteRecords" });
    self.dirty.add(name);
  }
  return { name, topic, index, until, low: offset(-1), outcome: undefined };
}

/** Decides one partition if it can be decided now. Another epoch of this leader changes nothing. */
function settleWait(self: Broker, wait: DeleteWait): void {
  if (wait.outcome !== undefined) return;
  const partition = self.partitions.get(wait.name);
  if (partition === undefined) {
    wait.outcome = "UNKNOWN_TOPIC_OR_PARTITION";
  } else if (partition.role.type !== "leader") {
    wait.outcome = "NOT_LEADER_OR_FOLLOWER";
  } else {
    wait.low = lowWatermark(partition, viewOf(self));
    if (wait.low >= wait.until) wait.outcome = "NONE";
  }
}

/** Looks at a parked request again; answers it once every partition is decided, or its time is over. */
export function retryDelete(
  self: Broker,
  parked: ParkedDelete,
  overdue: boolean,
  turn: Turn,
): void {
  let open = false;
  for (const one of parked.waits) {
    if (one.outcome !== undefined) continue;
    settleWait(self, one);
    if (one.outcome === undefined && overdue) one.outcome = "REQUEST_TIMED_OUT";
    if (one.outcome === undefined) open = true;
    else noteCompleted(parked, one, turn);
  }
  if (open) return;
  unpark(self.purgatory, parked.id, waitedOn(self, parked.waits));
  answerDelete(self, parked.caller, parked.waits, turn);
}

function noteCompleted({ caller }: ParkedDelete, { name, outcome }: DeleteWait, turn: Turn): void {
  const why =
    outcome === "NONE" ? "satisfied" : outcome === "REQUEST_TIMED_OUT" ? "expired" : "failed";
  const event = { type: "completed", api: "DeleteRecords", partition: name, why } as const;
  note(turn, event, becauseOf(caller, turn));
}

function waitedOn(self: Broker, waits: readonly DeleteWait[]): Partition[] {
  return waits.flatMap(({ name }) => self.partitions.get(name) ?? []);
}

function answerDelete(
  self: Broker,
  caller: Caller,
  waits: readonly DeleteWait[],
  turn: Turn,
): void {
  const topics = [...new Set(waits.map(({ topic }) => topic))].map((name) => ({
    name,
    partitions: waits
      .filter(({ topic }) => topic === name)
      .map(({ index, low, outcome }) => ({
        partitionIndex: index,
        lowWatermark: outcome === "NONE" ? low : -1,
        errorCode: errorCode(outcome ?? "UNKNOWN_SERVER_ERROR"),
      })),
  }));
  answer(self, caller, deleteRecords, { throttleTimeMs: 0, topics }, turn);
}
