/*
 * The serving side of fetch sessions (KIP-227; Kafka's FetchManager, FetchSessionCache and FetchSession): a broker
 * remembers what was asked of each partition and what it told last, so that a request names only what changed and an
 * answer only what has something to say.
 *
 * Kafka looks at every partition of a session on each fetch. Here those that rest (nothing to read, nothing to tell,
 * nothing that a look would change) are not looked at until something about them changes: `stir` wakes them, and does
 * for them what the looks in between would have done.
 */
import { assert } from "../foundation/assert.ts";
import type {
  BrokerEpoch,
  BrokerId,
  InputId,
  LeaderEpoch,
  Millis,
  Offset,
  Uint32,
} from "../foundation/ids.ts";
import { epochAfter, initialEpoch, noSession } from "../wire/fetch-session.ts";
import type { Partition } from "./partition.ts";
import type { FetchWant } from "./purgatory.ts";
import { type Partitions, partitionOf, type WantAnswer } from "./reading.ts";

/** ms for which a session must go unused before anybody may take its place (Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS). */
export const minEviction = 120_000;

/** One partition of a session (Kafka's CachedPartition). */
export interface CachedPartition {
  want: FetchWant;
  /** Its turn: those with records in an answer go to the end of the line. */
  place: number;
  /** As told last; -1 after an error, so that it is told again. */
  highWatermark: Offset;
  logStart: Offset;
  /** The leader epoch at the last look; -1: there was no such partition. */
  seenEpoch: LeaderEpoch;
}

/** A follower's last fetch in a session: it counts for the partitions that rest, too. */
export interface Pulse {
  readonly at: Millis;
  readonly input: InputId;
}

export interface FetchSession {
  readonly id: number;
  /** Of the next request. */
  epoch: number;
  /** A follower's: these are kept before those of consumers. */
  readonly privileged: boolean;
  /** Who fetches, by its last request; -1: a consumer. */
  replica: BrokerId;
  readonly usesTopicIds: boolean;
  readonly createdAt: Millis;
  lastUsed: Millis;
  /** The broker epoch under which its follower fetches. */
  brokerEpoch: BrokerEpoch;
  pulse: Pulse | undefined;
  /** By topic and index. */
  readonly partitions: Map<string, CachedPartition>;
  nextPlace: number;
  /** Keys of the partitions that the next fetch looks at. */
  readonly open: Set<string>;
  /** Keys of all others, by partition name. */
  readonly resting: Map<string, string>;
  /** Names that `watchers` holds this session under. */
  readonly watched: Set<string>;
  /** Ids of its fetches that wait. */
  readonly parked: Set<number>;
  /** It is out of the cache, and remembered only until what waits is answered. */
  closed: boolean;
}

/** All sessions of a broker. They do not outlive it. */
export interface FetchSessions {
  readonly sessions: Map<number, FetchSession>;
  /** Ids of sessions by the names of their partitions; one that has forgotten a partition may still stand here. */
  readonly watchers: Map<string, Set<number>>;
  /** Sessions whose waiting fetches are to be looked at; empty between steps. */
  readonly stirred: Set<number>;
}

export const newFetchSessions = (): FetchSessions => ({
  sessions: new Map(),
  watchers: new Map(),
  stirred: new Set(),
});

/** Under which key a session knows a partition: from Fetch 13 on topics go by id, and a name may be unknown. */
export const wantKey = (want: FetchWant, usesTopicIds: boolean): string =>
  usesTopicIds ? `${want.topicId}/${want.index}` : want.name;

/** The session of this id, unless it has been closed. */
export function openSessionOf(cache: FetchSessions, id: number): FetchSession | undefined {
  const session = cache.sessions.get(id);
  return session?.closed === false ? session : undefined;
}

/** Who asks for a session, and what its partitions were just told. */
export interface Newcomer {
  readonly replica: BrokerId;
  readonly brokerEpoch: BrokerEpoch;
  readonly usesTopicIds: boolean;
  readonly answers: readonly WantAnswer[];
}

/** Begins a session if there is room for it (maybeCreateSession). @returns its id, or 0. */
export function createSession(
  cache: FetchSessions,
  slots: number,
  newcomer: Newcomer,
  now: Millis,
  random: () => Uint32,
): number {
  const { replica, brokerEpoch, usesTopicIds, answers } = newcomer;
  const privileged = replica !== -1;
  if (!makeRoom(cache, slots, { privileged, size: answers.length }, now)) return noSession;
  const session: FetchSession = {
    id: drawId(cache, random),
    epoch: epochAfter(initialEpoch),
    privileged,
    replica,
    usesTopicIds,
    createdAt: now,
    lastUsed: now,
    brokerEpoch,
    pulse: undefined,
    partitions: new Map(),
    nextPlace: 0,
    open: new Set(),
    resting: new Map(),
    watched: new Set(),
    parked: new Set(),
    closed: false,
  };
  cache.sessions.set(session.id, session);
  for (const { want, highWatermark, logStart } of answers) {
    const cached = put(cache, session, want);
    cached.highWatermark = highWatermark;
    cached.logStart = logStart;
  }
  return session.id;
}

/** Positive, and unique on this broker. */
function drawId(cache: FetchSessions, random: () => Uint32): number {
  for (;;) {
    const id = 1 + (random() % 0x7ffffffe);
    if (!cache.sessions.has(id)) return id;
  }
}

/**
 * Whether there is room, if need be in the place of another (tryEvict): of one that has gone unused for long, else of
 * the one worth least, if the newcomer is not worth less: a follower's more than a consumer's, then the larger.
 */
function makeRoom(
  cache: FetchSessions,
  slots: number,
  newcomer: { readonly privileged: boolean; readonly size: number },
  now: Millis,
): boolean {
  const held = [...cache.sessions.values()].filter(({ closed }) => !closed);
  if (held.length < slots) return true;
  const oldest = least(held, (a, b) => a.lastUsed - b.lastUsed || a.id - b.id);
  if (oldest === undefined) return false;
  if (now - oldest.lastUsed > minEviction) {
    closeSession(cache, oldest);
    return true;
  }
  const worth = (a: { privileged: boolean; size: number }, b: typeof a): number =>
    Number(a.privileged) - Number(b.privileged) || a.size - b.size;
  const sizeOf = ({ privileged, partitions }: FetchSession) => ({
    privileged,
    size: partitions.size,
  });
  const evictable = held.filter(
    (one) => one.lastUsed - one.createdAt > minEviction || (newcomer.privileged && !one.privileged),
  );
  const cheapest = least(evictable, (a, b) => worth(sizeOf(a), sizeOf(b)) || a.id - b.id);
  if (cheapest === undefined) return false;
  // Between equals the newcomer's place in Kafka's order is before all: its id counts as 0.
  if (worth(newcomer, sizeOf(cheapest)) <= 0) return false;
  closeSession(cache, cheapest);
  return true;
}

function least<T>(all: readonly T[], order: (a: T, b: T) => number): T | undefined {
  return all.reduce<T | undefined>(
    (found, one) => (found === undefined || order(one, found) < 0 ? one : found),
    undefined,
  );
}

/** Takes a session out of the cache. */
export function closeSession(cache: FetchSessions, session: FetchSession): void {
  session.closed = true;
  if (session.parked.size === 0) forgetSession(cache, session);
}

/** A fetch of this session waits no longer. */
export function unparkFromSession(cache: FetchSessions, id: number, parked: number): void {
  const session = cache.sessions.get(id);
  if (session === undefined) return;
  session.parked.delete(parked);
  if (session.closed && session.parked.size === 0) forgetSession(cache, session);
}

function forgetSession(cache: FetchSessions, session: FetchSession): void {
  cache.sessions.delete(session.id);
  for (const name of session.watched) {
    const watchers = cache.watchers.get(name);
    watchers?.delete(session.id);
    if (watchers?.size === 0) cache.watchers.delete(name);
  }
}

/** Takes over what a request names, and forgets what it says to forget (FetchSession.update). */
export function updateSession(
  cache: FetchSessions,
  session: FetchSession,
  wants: readonly FetchWant[],
  forgotten: readonly FetchWant[],
  partitions: Partitions,
): void {
  for (const want of wants) {
    wake(session, wantKey(want, session.usesTopicIds), partitions);
    put(cache, session, want);
  }
  for (const want of forgotten) {
    const key = wantKey(want, session.usesTopicIds);
    wake(session, key, partitions);
    session.open.delete(key);
    session.partitions.delete(key);
  }
}

function put(cache: FetchSessions, session: FetchSession, want: FetchWant): CachedPartition {
  const key = wantKey(want, session.usesTopicIds);
  let cached = session.partitions.get(key);
  if (cached === undefined) {
    const none = -1 as Offset;
    cached = {
      want,
      place: session.nextPlace++,
      highWatermark: none,
      logStart: none,
      seenEpoch: -1 as LeaderEpoch,
    };
    session.partitions.set(key, cached);
  } else cached.want = want;
  session.open.add(key);
  watch(cache, session, want.name);
  return cached;
}

function watch(cache: FetchSessions, session: FetchSession, name: string): void {
  if (session.watched.has(name)) return;
  session.watched.add(name);
  const watchers = cache.watchers.get(name);
  if (watchers === undefined) cache.watchers.set(name, new Set([session.id]));
  else watchers.add(session.id);
}

/** The partitions that a look must be given to, in their turn. `resolve` says which partition a want means by now. */
export function openPartitions(
  cache: FetchSessions,
  session: FetchSession,
  resolve: (want: FetchWant) => FetchWant,
): CachedPartition[] {
  const found: CachedPartition[] = [];
  for (const key of session.open) {
    const cached = session.partitions.get(key);
    assert(cached !== undefined, "an open partition is in the session");
    cached.want = resolve(cached.want);
    watch(cache, session, cached.want.name);
    found.push(cached);
  }
  return found.sort((a, b) => a.place - b.place);
}

/** Something about a partition has changed: the sessions that hold it look at it again, and at what waits. */
export function stir(cache: FetchSessions, name: string, partitions: Partitions): void {
  const watchers = cache.watchers.get(name);
  if (watchers === undefined) return;
  for (const id of watchers) {
    const session = cache.sessions.get(id);
    assert(session !== undefined, "who watches is a session");
    const key = session.resting.get(name);
    if (key !== undefined) wake(session, key, partitions);
    if (session.parked.size > 0) cache.stirred.add(id);
  }
}

/** All partitions of a session are looked at again. */
export function wakeAll(session: FetchSession, partitions: Partitions): void {
  for (const key of session.resting.values()) wake(session, key, partitions);
}

/**
 * A partition that rested is looked at again. While it rested its follower stood at the log's end, so that each fetch
 * of the session found it caught up: that is made up for here, before anybody asks.
 */
function wake(session: FetchSession, key: string, partitions: Partitions): void {
  const cached = session.partitions.get(key);
  if (cached === undefined || session.open.has(key)) return;
  const { want } = cached;
  session.resting.delete(want.name);
  session.open.add(key);
  const { pulse } = session;
  const partition = partitionOf(partitions, want);
  // Under another epoch the leader has begun to count anew.
  if (pulse === undefined || partition?.leaderEpoch !== want.epoch) return;
  if (partition.role.type !== "leader") return;
  const replica = partition.role.remote.get(session.replica);
  if (replica === undefined || replica.lastFetch > pulse.at) return;
  if (replica.lastCaughtUp < pulse.at) replica.lastCaughtUp = pulse.at;
  replica.lastFetch = pulse.at;
  replica.lastFetchInput = pulse.input;
}

/**
 * Lets a partition rest that a look would find unchanged until something happens to it: `atEnd` says that nothing can
 * be read or is wrong. A follower must also count for nothing more: the high watermark can rise no further, and it is
 * in sync already.
 */
export function maybeRest(
  session: FetchSession,
  cached: CachedPartition,
  partition: Partition,
  atEnd: boolean,
): void {
  const { highWatermark, log, isr } = partition;
  if (!atEnd || cached.highWatermark !== highWatermark || cached.logStart !== log.start) return;
  if (session.replica !== -1 && (highWatermark !== log.end || !isr.includes(session.replica)))
    return;
  const key = wantKey(cached.want, session.usesTopicIds);
  session.open.delete(key);
  session.resting.set(cached.want.name, key);
}

/**
 * Whether an incremental answer must tell of this partition, which is then remembered as told
 * (CachedPartition.maybeUpdateResponseData).
 */
export function takeTold(
  session: FetchSession,
  cached: CachedPartition,
  answer: WantAnswer,
): boolean {
  const refused = answer.error !== "NONE";
  const highWatermark = refused ? (-1 as Offset) : answer.highWatermark;
  const hasRecords = answer.records.length > 0;
  const tells =
    hasRecords ||
    refused ||
    answer.diverging !== undefined ||
    cached.highWatermark !== highWatermark ||
    cached.logStart !== answer.logStart;
  cached.highWatermark = highWatermark;
  cached.logStart = answer.logStart;
  if (hasRecords) cached.place = session.nextPlace++;
  return tells;
}
