/*
 * Which fetch sessions a broker keeps (KIP-227; Kafka's FetchSessionCache): there are slots, and who needs one may take
 * the place of another that is worth less.
 */
import type { BrokerEpoch, BrokerId, Millis, Uint32 } from "../foundation/ids.ts";
import { epochAfter, initialEpoch, noSession } from "../wire/fetch-session.ts";
import { type FetchSession, type FetchSessions, put, wantKey } from "./fetch-sessions.ts";
import type { WantAnswer } from "./reading.ts";

/** ms for which a session must go unused before anybody may take its place (Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS). */
export const minEviction = 120_000;

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
    const known = session.partitions.get(wantKey(want, usesTopicIds));
    const cached = known ?? put(cache, session, want);
    cached.want = want;
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
