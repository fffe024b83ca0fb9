import { describe, expect, it } from "vitest";
import { type BrokerEpoch, type LeaderEpoch, millis, offset, uint32, uuid } from "#core";
import {
  closeSession,
  createSession,
  minEviction,
  unparkFromSession,
} from "../../core/replication/fetch-session-cache.ts";
import {
  type CachedPartition,
  type FetchSessions,
  maybeRest,
  newFetchSessions,
  openSessionOf,
} from "../../core/replication/fetch-sessions.ts";
import type { WantAnswer } from "../../core/replication/reading.ts";
import { newReplica } from "../support/replicas.ts";
import { id } from "../support/turns.ts";

const topicId = uuid("00000000-0000-0000-0000-00000000000a");

const answerOf = (index: number): WantAnswer => ({
  want: {
    name: `orders-${index}`,
    topic: "orders",
    topicId,
    index,
    offset: offset(0),
    epoch: 0 as LeaderEpoch,
    lastEpoch: -1 as LeaderEpoch,
    logStart: offset(-1),
    maxBytes: 100,
  },
  error: "NONE",
  highWatermark: offset(0),
  logStart: offset(0),
  diverging: undefined,
  preferred: undefined,
  records: new Uint8Array(0),
});

/** A cache with room for two, whose sessions are numbered from 1 in the order in which they are asked for. */
function cacheOfTwo() {
  const cache = newFetchSessions();
  let drawn = 0;
  const ask = (replica: number, size: number, at = 0): number =>
    createSession(
      cache,
      2,
      {
        replica: id(replica),
        brokerEpoch: -1 as BrokerEpoch,
        usesTopicIds: true,
        answers: Array.from({ length: size }, (_, index) => answerOf(index)),
      },
      millis(at),
      () => uint32(drawn++),
    );
  return { cache, ask };
}

const held = (cache: FetchSessions): number[] => [...cache.sessions.keys()];
const use = (cache: FetchSessions, session: number, at: number): void => {
  const found = openSessionOf(cache, session);
  if (found === undefined) throw new Error("no such session");
  found.lastUsed = millis(at);
};

describe("the fetch session cache", () => {
  it("gives ids that are positive and its own, and draws again where one is taken", () => {
    const cache = newFetchSessions();
    const draws = [0xffffffff, 0xffffffff, 0x7ffffffd, 0];
    const newcomer = {
      replica: id(-1),
      brokerEpoch: -1 as BrokerEpoch,
      usesTopicIds: true,
      answers: [],
    };
    const next = () =>
      createSession(cache, 9, newcomer, millis(0), () => uint32(draws.shift() ?? 7));
    const ids = [next(), next(), next()];
    expect(new Set(ids).size).toBe(3);
    for (const one of ids) {
      expect(one).toBeGreaterThan(0);
      expect(one).toBeLessThan(2 ** 31);
    }
  });

  it("refuses a session when all its slots are held by equals", () => {
    const { cache, ask } = cacheOfTwo();
    expect([ask(-1, 1), ask(-1, 1), ask(-1, 1)]).toEqual([1, 2, 0]);
    expect(held(cache)).toEqual([1, 2]);
  });

  it("lets a follower take the place of the smallest consumer, and never the reverse", () => {
    const { cache, ask } = cacheOfTwo();
    ask(-1, 3);
    ask(-1, 2);
    expect(ask(2, 1)).toBe(3);
    expect(held(cache)).toEqual([1, 3]);
    expect(ask(3, 1)).toBe(4);
    expect(held(cache)).toEqual([3, 4]);
    expect(ask(-1, 9, minEviction)).toBe(0);
  });

  it("gives the place of one that has gone unused for longer than two minutes to anybody", () => {
    const { cache, ask } = cacheOfTwo();
    ask(2, 5);
    ask(3, 5);
    use(cache, 2, 1);
    expect(ask(-1, 1, minEviction)).toBe(0);
    expect(ask(-1, 1, minEviction + 1)).toBe(3);
    expect(held(cache)).toEqual([2, 3]);
  });

  it("gives the place of an old one that is in use only to a larger one", () => {
    const { cache, ask } = cacheOfTwo();
    ask(-1, 2);
    ask(-1, 3);
    const now = minEviction + 10;
    use(cache, 1, now);
    use(cache, 2, now);
    expect(ask(-1, 2, now)).toBe(0);
    expect(ask(-1, 3, now)).toBe(3);
    expect(held(cache)).toEqual([2, 3]);
  });

  it("remembers a closed session until what waits in it is answered, and nothing of it after", () => {
    const { cache, ask } = cacheOfTwo();
    const session = cache.sessions.get(ask(2, 2));
    if (session === undefined) throw new Error("no session");
    session.parked.add(40);
    closeSession(cache, session);
    expect(openSessionOf(cache, session.id)).toBeUndefined();
    expect(held(cache)).toEqual([session.id]);
    unparkFromSession(cache, session.id, 40);
    expect(cache).toEqual(newFetchSessions());
  });
});

describe("a partition of a consumer's session", () => {
  const told = { highWatermark: offset(0), logStart: offset(0) };
  const untold = offset(-1);
  it.each([
    ["rests when there is nothing more to tell", true, told, true],
    ["does not rest while there is something to read", false, told, false],
    ["does not rest before its high watermark is told", true, { highWatermark: untold }, false],
    ["does not rest before its log's start is told", true, { logStart: untold }, false],
  ])("%s", (_, atEnd, known: Partial<CachedPartition>, rests) => {
    const { cache, ask } = cacheOfTwo();
    const session = cache.sessions.get(ask(-1, 1));
    const [cached] = session?.partitions.values() ?? [];
    if (session === undefined || cached === undefined) throw new Error("no session");
    session.open.add(cached.key);
    Object.assign(cached, told, known);
    maybeRest(session, cached, newReplica(1).partition, atEnd);
    expect(session.open.has(cached.key)).toBe(!rests);
    expect([...session.resting]).toEqual(rests ? [["orders-0", cached.key]] : []);
  });
});
