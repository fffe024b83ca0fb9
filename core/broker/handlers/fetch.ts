import type { BrokerEpoch, BrokerId, LeaderEpoch, Millis } from "../../foundation/ids.ts";
import { hasFlaw } from "../../foundation/flaws.ts";
import { offset, partitionName, zeroUuid } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { recordFetch } from "../../replication/leader.ts";
import type { Partition } from "../../replication/partition.ts";
import {
  type FetchQuestion,
  type FetchWant,
  type ParkedFetch,
  unpark,
} from "../../replication/purgatory.ts";
import {
  answerWants,
  checkWant,
  isAtEnd,
  partitionOf,
  type WantAnswer,
} from "../../replication/reading.ts";
import { fetch, type FetchRequest } from "../../wire/api/fetch.ts";
import { errorCode } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { viewOf } from "../view.ts";
import { wait } from "../waiting.ts";

/** Fetch by a consumer or a follower: records now, or when there are enough, or when the wait is over. */
export function onFetch(self: Broker, caller: Caller, request: FetchRequest, turn: Turn): void {
  const question = questionOf(self, caller, request);
  if (question.replica !== -1) {
    countFollower(self, question, (request.replicaState.replicaEpoch ?? -1) as BrokerEpoch, turn);
  }
  const answers = answerWants(self.partitions, question, turn.ports.files);
  const urgent = answers.some((one) => one.error !== "NONE" || one.diverging !== undefined);
  const enough = bytesIn(answers) >= question.minBytes;
  if (urgent || enough || request.maxWaitMs <= 0 || question.wants.length === 0) {
    answerFetch(self, question, answers, turn);
    return;
  }
  const id = self.purgatory.nextId++;
  const deadline = (turn.now.monotonic + request.maxWaitMs) as Millis;
  const on = question.wants.map((want) => partitionOf(self.partitions, want));
  const epochs = on.map(epochOf);
  wait(self, { type: "fetch", id, deadline, question, epochs }, on.filter(isHeld), turn);
}

const epochOf = (partition: Partition | undefined): LeaderEpoch =>
  partition?.leaderEpoch ?? (-1 as LeaderEpoch);
const isHeld = (partition: Partition | undefined): partition is Partition =>
  partition !== undefined;

function questionOf(self: Broker, caller: Caller, request: FetchRequest): FetchQuestion {
  const replica = (
    request.replicaState.replicaId !== -1 ? request.replicaState.replicaId : request.replicaId
  ) as BrokerId;
  const wants: FetchWant[] = [];
  for (const topic of request.topics) {
    // From version 13 on topics go by id; an id that this broker does not know keeps an empty name.
    const byId = topic.topicId !== zeroUuid;
    const name = byId ? (self.image.topicNames.get(topic.topicId) ?? "") : topic.topic;
    const topicId = byId ? topic.topicId : (self.image.topics.get(name)?.id ?? zeroUuid);
    for (const partition of topic.partitions) {
      wants.push({
        name: partitionName(name, partition.partition),
        topic: name,
        topicId,
        index: partition.partition,
        offset: offset(partition.fetchOffset),
        epoch: partition.currentLeaderEpoch as LeaderEpoch,
        lastEpoch: partition.lastFetchedEpoch as LeaderEpoch,
        maxBytes: partition.partitionMaxBytes,
      });
    }
  }
  return { caller, replica, minBytes: request.minBytes, maxBytes: request.maxBytes, wants };
}

/** A follower's fetch offset is its acknowledgement; one that diverges or is fenced does not count (KAFKA-13141). */
function countFollower(
  self: Broker,
  question: FetchQuestion,
  brokerEpoch: BrokerEpoch,
  turn: Turn,
): void {
  const view = viewOf(self);
  for (const want of question.wants) {
    const checked = checkWant(self.partitions, question, want);
    if (!("diverging" in checked)) continue;
    const { partition } = checked;
    if (checked.diverging !== undefined && !hasFlaw(partition, "divergence-counted")) continue;
    const { role, highWatermark } = partition;
    if (role.type !== "leader") continue;
    const replica = role.remote.get(question.replica);
    if (replica === undefined) continue;
    const { pendingIsr } = role;
    recordFetch(partition, role, replica, { offset: want.offset, brokerEpoch }, view, turn);
    // Most fetches ask of most partitions what they asked before: nobody who waits on those need be looked at.
    if (partition.highWatermark !== highWatermark || role.pendingIsr !== pendingIsr)
      self.dirty.add(partition.name);
  }
}

const bytesIn = (answers: readonly WantAnswer[]): number =>
  answers.reduce((sum, one) => sum + one.records.length, 0);

/** Looks at a parked fetch again: enough records, another leader epoch, or the end of its wait answer it. */
export function retryFetch(self: Broker, parked: ParkedFetch, overdue: boolean, turn: Turn): void {
  const { question } = parked;
  if (!overdue && isUnchanged(self, parked)) return;
  const on = question.wants.map((want) => partitionOf(self.partitions, want));
  const moved = on.some((partition, i) => epochOf(partition) !== parked.epochs[i]);
  const answers = answerWants(self.partitions, question, turn.ports.files);
  const urgent = answers.some((one) => one.error !== "NONE" || one.diverging !== undefined);
  if (!overdue && !moved && !urgent && bytesIn(answers) < question.minBytes) return;
  unpark(self.purgatory, parked.id, on.filter(isHeld));
  answerFetch(self, question, answers, turn);
}

/** Nothing that a parked fetch waits for has come. */
function isUnchanged(self: Broker, { question, epochs }: ParkedFetch): boolean {
  if (question.minBytes <= 0) return false;
  return question.wants.every(
    (want, i) =>
      epochOf(partitionOf(self.partitions, want)) === epochs[i] &&
      isAtEnd(self.partitions, question, want),
  );
}

function answerFetch(
  self: Broker,
  question: FetchQuestion,
  answers: readonly WantAnswer[],
  turn: Turn,
): void {
  const responses: FetchedTopic[] = [];
  for (const one of answers) {
    if (one.error !== "NONE") noteRefusal(one, turn);
    let topic = responses.at(-1);
    if (
      topic === undefined ||
      topic.topicId !== one.want.topicId ||
      topic.topic !== one.want.topic
    ) {
      topic = { topic: one.want.topic, topicId: one.want.topicId, partitions: [] };
      responses.push(topic);
    }
    topic.partitions.push(fetchedPartition(one));
  }
  const { caller } = question;
  answer(self, caller, fetch, { throttleTimeMs: 0, responses }, turn);
}

function noteRefusal(one: WantAnswer, turn: Turn): void {
  const partition = `${one.want.topic}-${one.want.index}`;
  note(turn, { type: "refused", api: "Fetch", partition, error: one.error });
}

interface FetchedTopic {
  readonly topic: string;
  readonly topicId: WantAnswer["want"]["topicId"];
  readonly partitions: ReturnType<typeof fetchedPartition>[];
}

function fetchedPartition(one: WantAnswer) {
  return {
    partitionIndex: one.want.index,
    errorCode: errorCode(one.error),
    highWatermark: one.highWatermark,
    lastStableOffset: one.highWatermark,
    logStartOffset: one.logStart,
    ...(one.diverging === undefined
      ? {}
      : { divergingEpoch: { epoch: one.diverging.epoch, endOffset: one.diverging.end } }),
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: one.records,
  };
}
