import { hasFlaw } from "../../foundation/flaws.ts";
import type { BrokerEpoch, LeaderEpoch, Millis } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { unparkFromSession } from "../../replication/fetch-session-cache.ts";
import type { CachedPartition } from "../../replication/fetch-sessions.ts";
import { recordFetch } from "../../replication/leader.ts";
import type { Partition } from "../../replication/partition.ts";
import { preferredReplica } from "../../replication/preferred-replica.ts";
import {
  type FetchContext,
  type FetchQuestion,
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
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { noSession } from "../../wire/fetch-session.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import { spreadChanges } from "../changes.ts";
import type { Broker } from "../state.ts";
import { viewOf } from "../view.ts";
import { wait } from "../waiting.ts";
import {
  beginSession,
  contextOf,
  countResting,
  letRest,
  lookOf,
  questionOf,
  tellSession,
} from "./fetch-context.ts";

/** Fetch by a consumer or a follower: records now, or when there are enough, or when the wait is over. */
export function onFetch(self: Broker, caller: Caller, request: FetchRequest, turn: Turn): void {
  spreadChanges(self);
  const asked = questionOf(self, caller, request);
  const context = contextOf(self, asked, request, turn.now.monotonic);
  if (typeof context === "string") {
    note(turn, { type: "refused", api: "Fetch", error: context });
    return answerSession(self, caller, noSession, context, turn);
  }
  const { question, open } = lookOf(self, asked, context);
  if (question.replica !== -1) {
    countFollower(self, question, brokerEpochOf(request), turn);
    if (context.type === "incremental")
      countResting(self, context.session, brokerEpochOf(request), turn);
  }
  const answers = answersTo(self, question, turn);
  const urgent = answers.some(isUrgent);
  const enough = bytesIn(answers) >= question.minBytes;
  const empty = open === undefined && question.wants.length === 0;
  if (urgent || enough || request.maxWaitMs <= 0 || empty) {
    answerFetch(self, question, context, open, answers, turn);
  } else parkFetch(self, question, context, request.maxWaitMs, turn);
  if (open !== undefined && context.type === "incremental")
    letRest(self, context.session, question, open, answers);
}

const brokerEpochOf = (request: FetchRequest): BrokerEpoch =>
  request.replicaState.replicaEpoch as BrokerEpoch;

function parkFetch(
  self: Broker,
  question: FetchQuestion,
  context: FetchContext,
  maxWait: number,
  turn: Turn,
): void {
  const id = self.purgatory.nextId++;
  const deadline = (turn.now.monotonic + maxWait) as Millis;
  if (context.type === "incremental") {
    // It waits on its session: there all its partitions are, and each tells of its changes.
    const asked = { ...question, wants: [] };
    self.fetchSessions.sessions.get(context.session)?.parked.add(id);
    const parked = { type: "fetch", id, deadline, question: asked, epochs: [], context } as const;
    return wait(self, parked, [], turn);
  }
  const on = question.wants.map((want) => partitionOf(self.partitions, want));
  const epochs = on.map(epochOf);
  wait(self, { type: "fetch", id, deadline, question, epochs, context }, on.filter(isHeld), turn);
}

const epochOf = (partition: Partition | undefined): LeaderEpoch =>
  partition?.leaderEpoch ?? (-1 as LeaderEpoch);
const isHeld = (partition: Partition | undefined): partition is Partition =>
  partition !== undefined;

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
    const { start } = replica;
    const { offset: fetched, logStart } = want;
    recordFetch(partition, role, replica, { offset: fetched, logStart, brokerEpoch }, view, turn);
    // Most fetches ask of most partitions what they asked before: nobody who waits on those need be looked at.
    const moved = partition.highWatermark !== highWatermark || role.pendingIsr !== pendingIsr;
    if (moved || replica.start !== start) self.dirty.add(partition.name);
  }
}

/** What a fetch is answered now; a consumer in another rack may be sent to a nearer replica. */
function answersTo(self: Broker, question: FetchQuestion, turn: Turn): WantAnswer[] {
  const { rack } = question;
  const { files } = turn.ports;
  if (rack === undefined || self.config.settings["replica.selector.class"] === "")
    return answerWants(self.partitions, question, files);
  const view = viewOf(self);
  return answerWants(self.partitions, question, files, (partition, want) =>
    preferredReplica(partition, rack, want.offset, view),
  );
}

/** What no consumer and no follower waits for. */
const isUrgent = ({ error, diverging, preferred }: WantAnswer): boolean =>
  error !== "NONE" || diverging !== undefined || preferred !== undefined;

const bytesIn = (answers: readonly WantAnswer[]): number =>
  answers.reduce((sum, one) => sum + one.records.length, 0);

/** Looks at a parked fetch again: enough records, another leader epoch, or the end of its wait answer it. */
export function retryFetch(self: Broker, parked: ParkedFetch, overdue: boolean, turn: Turn): void {
  const { context } = parked;
  const { question, open } = lookOf(self, parked.question, context);
  const epochs = open?.map(({ seenEpoch }) => seenEpoch) ?? parked.epochs;
  if (!overdue && isUnchanged(self, question, epochs)) return;
  const on = question.wants.map((want) => partitionOf(self.partitions, want));
  const moved = on.some((partition, i) => epochOf(partition) !== epochs[i]);
  const answers = answersTo(self, question, turn);
  const urgent = answers.some(isUrgent);
  if (!overdue && !moved && !urgent && bytesIn(answers) < question.minBytes) return;
  unpark(self.purgatory, parked.id, open === undefined ? on.filter(isHeld) : []);
  answerFetch(self, question, context, open, answers, turn);
  if (context.type === "incremental")
    unparkFromSession(self.fetchSessions, context.session, parked.id);
}

/** Nothing that a parked fetch waits for has come. */
function isUnchanged(
  self: Broker,
  question: FetchQuestion,
  epochs: readonly LeaderEpoch[],
): boolean {
  if (question.minBytes <= 0) return false;
  return question.wants.every(
    (want, i) =>
      epochOf(partitionOf(self.partitions, want)) === epochs[i] &&
      isAtEnd(self.partitions, question, want),
  );
}

function answerFetch(
  self: Broker,
  { caller, replica }: FetchQuestion,
  context: FetchContext,
  open: readonly CachedPartition[] | undefined,
  answers: readonly WantAnswer[],
  turn: Turn,
): void {
  if (context.type === "incremental") {
    const told = tellSession(self, context, open ?? [], answers);
    if (told === undefined)
      return answerSession(self, caller, context.session, "INVALID_FETCH_SESSION_EPOCH", turn);
    return sendAnswers(self, caller, context.session, told, turn);
  }
  const sessionId =
    context.type === "full" ? beginSession(self, replica, context, answers, turn) : noSession;
  sendAnswers(self, caller, sessionId, answers, turn);
}

/** The session itself is answered: with an error, which says nothing of any partition. */
function answerSession(
  self: Broker,
  caller: Caller,
  sessionId: number,
  error: ErrorName,
  turn: Turn,
): void {
  const body = { throttleTimeMs: 0, errorCode: errorCode(error), sessionId, responses: [] };
  answer(self, caller, fetch, body, turn);
}

function sendAnswers(
  self: Broker,
  caller: Caller,
  sessionId: number,
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
  answer(self, caller, fetch, { throttleTimeMs: 0, sessionId, responses }, turn);
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
    preferredReadReplica: one.preferred ?? -1,
    records: one.records,
  };
}
