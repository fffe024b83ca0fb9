/*
 * What a Fetch asks and which session it belongs to (KIP-227; Kafka's FetchManager.newContext and the FetchContexts).
 */
import type { BrokerEpoch, BrokerId, LeaderEpoch, Millis } from "../../foundation/ids.ts";
import { offset, partitionName, type Uuid, zeroUuid } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import { closeSession, createSession } from "../../replication/fetch-session-cache.ts";
import {
  type CachedPartition,
  type FetchSession,
  maybeRest,
  openPartitions,
  openSessionOf,
  takeTold,
  updateSession,
  wakeAll,
} from "../../replication/fetch-sessions.ts";
import { isOfEarlierLife } from "../../replication/leader.ts";
import type { FetchContext, FetchQuestion, FetchWant } from "../../replication/purgatory.ts";
import { isAtEnd, partitionOf, type WantAnswer } from "../../replication/reading.ts";
import type { FetchRequest } from "../../wire/api/fetch.ts";
import type { ErrorName } from "../../wire/errors.ts";
import { epochAfter, finalEpoch, isFull } from "../../wire/fetch-session.ts";
import type { Caller } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { viewOf } from "../view.ts";

/** Topics go by id from this version of Fetch on. */
const topicIdsFrom = 13;
/** Consumers say in which rack they run from this version on (KIP-392). */
const racksFrom = 11;

/** What a request names; where a session goes on, that is only what has changed. */
export function questionOf(self: Broker, caller: Caller, request: FetchRequest): FetchQuestion {
  const replica = (
    request.replicaState.replicaId !== -1 ? request.replicaState.replicaId : request.replicaId
  ) as BrokerId;
  const wants: FetchWant[] = [];
  for (const topic of request.topics) {
    const of = topicOf(self, topic);
    for (const partition of topic.partitions) {
      wants.push({
        name: partitionName(of.topic, partition.partition),
        topic: of.topic,
        topicId: of.topicId,
        index: partition.partition,
        offset: offset(partition.fetchOffset),
        epoch: partition.currentLeaderEpoch as LeaderEpoch,
        lastEpoch: partition.lastFetchedEpoch as LeaderEpoch,
        logStart: offset(partition.logStartOffset),
        maxBytes: partition.partitionMaxBytes,
      });
    }
  }
  // Whoever speaks an older version does not say where it runs, and may read from leaders only (FetchParams.fetchOnlyLeader).
  const rack = replica === -1 && caller.version >= racksFrom ? request.rackId : undefined;
  const { minBytes, maxBytes } = request;
  return { caller, replica, minBytes, maxBytes, rack, wants };
}

/** A topic that goes by id has an empty name where this broker does not know the id. */
function topicOf(
  self: Broker,
  { topic, topicId }: { readonly topic: string; readonly topicId: Uuid },
): { topic: string; topicId: Uuid } {
  if (topicId === zeroUuid) return { topic, topicId: self.image.topics.get(topic)?.id ?? zeroUuid };
  return { topic: self.image.topicNames.get(topicId) ?? "", topicId };
}

/** Finds or ends the session that a request names, and takes over what it changes there; or what is wrong with it. */
export function contextOf(
  self: Broker,
  question: FetchQuestion,
  request: FetchRequest,
  now: Millis,
): FetchContext | ErrorName {
  const { sessionId, sessionEpoch: epoch } = request;
  const brokerEpoch = request.replicaState.replicaEpoch as BrokerEpoch;
  const cache = self.fetchSessions;
  const usesTopicIds = question.caller.version >= topicIdsFrom;
  const session = openSessionOf(cache, sessionId);
  if (isFull(epoch)) {
    // A full fetch ends the session that it names.
    if (session !== undefined) closeSession(cache, session);
    if (epoch === finalEpoch) return { type: "sessionless" };
    return { type: "full", brokerEpoch, usesTopicIds };
  }
  if (session === undefined) return "FETCH_SESSION_ID_NOT_FOUND";
  if (session.epoch !== epoch) return "INVALID_FETCH_SESSION_EPOCH";
  if (session.usesTopicIds !== usesTopicIds) return "FETCH_SESSION_TOPIC_ID_ERROR";
  if (session.replica !== question.replica || session.brokerEpoch !== brokerEpoch) {
    // What rests was counted for another life of the follower's broker.
    wakeAll(session, self.partitions);
    session.replica = question.replica;
    session.brokerEpoch = brokerEpoch;
  }
  const forgotten = forgottenWants(self, request);
  updateSession(cache, session, question.wants, forgotten, self.partitions);
  if (session.partitions.size === 0) {
    closeSession(cache, session);
    return { type: "sessionless" };
  }
  session.lastUsed = now;
  session.epoch = epochAfter(session.epoch);
  return { type: "incremental", session: sessionId, epoch };
}

/** Only which partitions they are matters. */
function forgottenWants(self: Broker, request: FetchRequest): FetchWant[] {
  return request.forgottenTopicsData.flatMap((topic) => {
    const of = topicOf(self, topic);
    return topic.partitions.map((index) => ({
      name: partitionName(of.topic, index),
      topic: of.topic,
      topicId: of.topicId,
      index,
      offset: offset(-1),
      epoch: -1 as LeaderEpoch,
      lastEpoch: -1 as LeaderEpoch,
      logStart: offset(-1),
      maxBytes: 0,
    }));
  });
}

/** What a fetch has to be looked at for now: what it names, or those partitions of its session that do not rest. */
export function lookOf(
  self: Broker,
  asked: FetchQuestion,
  context: FetchContext,
): { question: FetchQuestion; open: readonly CachedPartition[] | undefined } {
  if (context.type !== "incremental") return { question: asked, open: undefined };
  const cache = self.fetchSessions;
  const session = cache.sessions.get(context.session);
  if (session === undefined) return { question: asked, open: [] };
  const open = openPartitions(cache, session, (want) => resolved(self, session, want));
  return { question: { ...asked, wants: open.map(({ want }) => want) }, open };
}

/** An id may have got a name since it was asked for, and a name another id. */
function resolved(self: Broker, session: FetchSession, want: FetchWant): FetchWant {
  if (session.usesTopicIds && want.topic !== "") return want;
  const given = session.usesTopicIds ? want.topicId : zeroUuid;
  const { topic, topicId } = topicOf(self, { topic: want.topic, topicId: given });
  if (topic === want.topic && topicId === want.topicId) return want;
  return { ...want, topic, topicId, name: partitionName(topic, want.index) };
}

/** A fetch counts for the partitions of its session that rest, as one that stands at their ends. */
export function countResting(self: Broker, id: number, epoch: BrokerEpoch, turn: Turn): void {
  const session = self.fetchSessions.sessions.get(id);
  if (session === undefined || isOfEarlierLife(viewOf(self), session.replica, epoch)) return;
  session.pulse = { at: turn.now.monotonic, input: turn.input.id };
}

/** After a look: partitions that have nothing to say rest until something happens to them. */
export function letRest(
  self: Broker,
  id: number,
  question: FetchQuestion,
  open: readonly CachedPartition[],
  answers: readonly WantAnswer[],
): void {
  const session = self.fetchSessions.sessions.get(id);
  if (session === undefined) return;
  for (const [i, cached] of open.entries()) {
    const partition = partitionOf(self.partitions, cached.want);
    cached.seenEpoch = partition?.leaderEpoch ?? (-1 as LeaderEpoch);
    if (partition === undefined || answers[i]?.error !== "NONE") continue;
    maybeRest(session, cached, partition, isAtEnd(self.partitions, question, cached.want));
  }
}

/** What an incremental answer tells, of answers to all that was looked at; undefined: another request of the session has overtaken this one. */
export function tellSession(
  self: Broker,
  context: Extract<FetchContext, { type: "incremental" }>,
  open: readonly CachedPartition[],
  answers: readonly WantAnswer[],
): WantAnswer[] | undefined {
  const session = self.fetchSessions.sessions.get(context.session);
  if (session?.epoch !== epochAfter(context.epoch)) return undefined;
  return answers.filter((one, i) => {
    const cached = open[i];
    return cached !== undefined && takeTold(session, cached, one);
  });
}

/** Begins a session with what a full answer tells, if there is room. @returns its id, or 0. */
export function beginSession(
  self: Broker,
  replica: BrokerId,
  { brokerEpoch, usesTopicIds }: Extract<FetchContext, { type: "full" }>,
  answers: readonly WantAnswer[],
  turn: Turn,
): number {
  const slots = self.config.settings["max.incremental.fetch.session.cache.slots"];
  const newcomer = { replica, brokerEpoch, usesTopicIds, answers };
  const { ports, now } = turn;
  return createSession(self.fetchSessions, slots, newcomer, now.monotonic, () => ports.random());
}
