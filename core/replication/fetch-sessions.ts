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
} from "../foundation/ids.ts";
import type { Partition } from "./partition.ts";
import type { FetchWant } from "./purgatory.ts";
import { type Partitions, partitionOf, type WantAnswer } from "./reading.ts";

/** One partition of a session (Kafka's CachedPartition). */
export interface CachedPartition {
  readonly key: string;
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

/** Takes over what a request names, and forgets what it says to forget (FetchSession.update). */
export function updateSession(
  cache: FetchSessions,
  session: FetchSession,
  wants: readonly FetchWant[],
  forgotten: readonly FetchWant[],
  partitions: Partitions,
): void {
  for (const want of wants) {
    const key = wantKey(want, session.usesTopicIds);
    const cached = session.partitions.get(key);
    if (cached === undefined) {
      put(cache, session, want);
      continue;
    }
    wake(session, cached, partitions);
    cached.want = want;
    watch(cache, session, want.name);
  }
  for (const want of forgotten) {
    const cached = session.partitions.get(wantKey(want, session.usesTopicIds));
    if (cached === undefined) continue;
    wake(session, cached, partitions);
    session.open.delete(cached.key);
    session.partitions.delete(cached.key);
  }
}

/** Takes a partition into a session. */
export function put(cache: FetchSessions, session: FetchSession, want: FetchWant): CachedPartition {
  const none = -1 as Offset;
  const cached: CachedPartition = {
    key: wantKey(want, session.usesTopicIds),
    want,
    place: session.nextPlace++,
    highWatermark: none,
    logStart: none,
    seenEpoch: -1 as LeaderEpoch,
  };
  session.partitions.set(cached.key, cached);
  session.open.add(cached.key);
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
    const want = resolve(cached.want);
    if (want !== cached.want) {
      cached.want = want;
      watch(cache, session, want.name);
    }
    found.push(cached);
  }
  return found.length < 2 ? found : found.sort((a, b) => a.place - b.place);
}

/** Something about a partition has changed: the sessions that hold it look at it again, and at what waits. */
export function stir(cache: FetchSessions, name: string, partitions: Partitions): void {
  const watchers = cache.watchers.get(name);
  if (watchers === undefined) return;
  for (const id of watchers) {
    const session = cache.sessions.get(id);
    assert(session !== undefined, "who watches is a session");
    const key = session.resting.get(name);
    const cached = key === undefined ? undefined : session.partitions.get(key);
    if (cached !== undefined) wake(session, cached, partitions);
    if (session.parked.size > 0) cache.stirred.add(id);
  }
}

/** All partitions of a session are looked at again. */
export function wakeAll(session: FetchSession, partitions: Partitions): void {
  for (const key of session.resting.values()) {
    const cached = session.partitions.get(key);
    if (cached !== undefined) wake(session, cached, partitions);
  }
}

/**
 * A partition that rested is looked at again. While it rested its follower stood at the log's end, so that each fetch
 * of the session found it caught up: that is made up for here, before anybody asks.
 */
function wake(session: FetchSession, { key, want }: CachedPartition, partitions: Partitions): void {
  if (session.open.has(key)) return;
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
  session.open.delete(cached.key);
  session.resting.set(cached.want.name, cached.key);
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
    answer.preferred !== undefined ||
    cached.highWatermark !== highWatermark ||
    cached.logStart !== answer.logStart;
  cached.highWatermark = highWatermark;
  cached.logStart = answer.logStart;
  if (hasRecords) cached.place = session.nextPlace++;
  return tells;
}
