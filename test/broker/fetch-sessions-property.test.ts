import fc from "fast-check";
import { expect, it } from "vitest";
import {
  beginAnew,
  brokerId,
  buildFetch,
  fetch,
  type FetchResponse,
  type FetchSessionHandler,
  newFetchSessionHandler,
  noSession,
  type PartitionQuestion,
  takeFetchAnswer,
} from "#core";
import {
  type BrokerNode,
  leadingBroker,
  ordersId,
  peerEpoch,
  sendProduce,
} from "../support/broker-node.ts";
import type { Talk } from "../support/test-node.ts";

/*
 * The model of a broker with fetch sessions is the same broker asked for everything each time: whoever fills in what an
 * incremental answer leaves out must know the same, at the same moment, and the leader must know the same of them.
 */
const partitionCount = 3;
const indexes = Array.from({ length: partitionCount }, (_, i) => i);
/** Consumer and followers. */
const askers = [-1, 2, 3] as const;
type Asker = (typeof askers)[number];

type Told = FetchResponse["responses"][number]["partitions"][number];

/** One who fetches from one of the two brokers. */
interface Asking {
  talk: Talk;
  /** undefined: it names everything each time, and wants no session. */
  readonly session: FetchSessionHandler | undefined;
  readonly told: Map<number, Told>;
  out: number | undefined;
}

interface Side {
  readonly broker: BrokerNode;
  readonly askers: Map<Asker, Asking>;
}

function newSide(withSessions: boolean): Side {
  const broker = leadingBroker([{}, {}, {}], { "min.insync.replicas": "2" }, lagSettings);
  return {
    broker,
    askers: new Map(
      askers.map((asker) => [
        asker,
        {
          talk: broker.node.connect(),
          session: withSessions ? newFetchSessionHandler() : undefined,
          told: new Map(),
          out: undefined,
        },
      ]),
    ),
  };
}

const lagSettings = { "replica.lag.time.max.ms": 900 };

/** What one asks: the same on both sides. */
interface Standing {
  readonly offsets: number[];
  readonly left: Set<number>;
  brokerEpoch: number;
}

function questionsOf(
  { broker }: Side,
  { offsets, left }: Standing,
  more: { stale: boolean; lastEpoch: boolean },
): Map<string, PartitionQuestion | undefined> {
  const questions = indexes.map((partition): [string, PartitionQuestion | undefined] => {
    const { leaderEpoch } = broker.partition(`orders-${partition}`);
    const question: PartitionQuestion = {
      topic: "orders",
      topicId: ordersId,
      partition,
      currentLeaderEpoch: more.stale && partition === 0 ? leaderEpoch - 1 : leaderEpoch,
      fetchOffset: offsets[partition] ?? 0,
      lastFetchedEpoch: more.lastEpoch ? leaderEpoch : -1,
      logStartOffset: 0,
      partitionMaxBytes: 1 << 20,
    };
    return [`orders-${partition}`, left.has(partition) ? undefined : question];
  });
  return new Map(questions);
}

function send(
  side: Side,
  asker: Asker,
  standing: Standing,
  step: { wait: boolean; stale: boolean; lastEpoch: boolean },
): void {
  const asking = side.askers.get(asker);
  if (asking === undefined || asking.out !== undefined) return;
  const next = questionsOf(side, standing, step);
  const handler = asking.session ?? newFetchSessionHandler();
  const part = buildFetch(handler, next.keys(), (name) => next.get(name));
  asking.out = asking.talk.ask(fetch, {
    ...part,
    ...(asking.session === undefined ? { sessionEpoch: -1 } : {}),
    ...(asker === -1
      ? {}
      : { replicaState: { replicaId: asker, replicaEpoch: standing.brokerEpoch } }),
    maxWaitMs: step.wait ? 500 : 0,
    minBytes: 1,
    maxBytes: 1 << 20,
  });
}

/** What an asker learns of each partition from its answer, if that has come. */
function learn({ askers: all }: Side, asker: Asker) {
  const asking = all.get(asker);
  if (asking?.out === undefined) return undefined;
  const answer = asking.talk.answer(fetch, asking.out);
  if (answer === undefined) return undefined;
  asking.out = undefined;
  if (asking.session !== undefined) expect(takeFetchAnswer(asking.session, answer)).toBeUndefined();
  else expect(answer.sessionId).toBe(noSession);
  const told = answer.responses.flatMap(({ partitions }) => partitions);
  for (const one of told) asking.told.set(one.partitionIndex, one);
  const fresh = new Set(told.map((one) => one.partitionIndex));
  return indexes.flatMap((index) => {
    const one = asking.told.get(index);
    const named = asking.session === undefined || asking.session.partitions.has(`orders-${index}`);
    if (one === undefined || (!fresh.has(index) && !named)) return [];
    if (!fresh.has(index) && asking.session === undefined) return [];
    return [
      {
        index,
        error: one.errorCode,
        highWatermark: one.highWatermark,
        logStart: one.logStartOffset,
        diverging: fresh.has(index) ? one.divergingEpoch : { epoch: -1, endOffset: -1 },
        records: fresh.has(index) ? (one.records?.length ?? 0) : 0,
      },
    ];
  });
}

/** What the leader knows, and what it has told the trace of replicas. */
const known = ({ broker }: Side) => ({
  partitions: indexes.map((index) => {
    const { highWatermark, isr, role, leaderEpoch } = broker.partition(`orders-${index}`);
    const remote = role.type === "leader" ? [...role.remote.values()].map(({ end }) => end) : [];
    return { highWatermark, isr, leaderEpoch, remote };
  }),
  // A session has its own order of partitions: within one fetch they are told in another one.
  proposed: inOrder(broker.node.notes("isrProposed")),
  fetched: inOrder(broker.node.notes("followerFetched")),
});

const inOrder = (notes: readonly object[]): string[] =>
  notes.map((note) => JSON.stringify(note)).sort();

const oneOfThree = fc.constantFrom(...askers);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("append"), index: fc.nat(2) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("fetch"),
      asker: oneOfThree,
      advance: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
      wait: fc.boolean(),
      stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      lastEpoch: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("time"), ms: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("lead"), index: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("isr"),
      index: fc.nat(2),
      isr: fc.constantFrom([1, 2], [1, 3], [1, 2, 3], [1]),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("register"), asker: fc.constantFrom(2, 3) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("lose"), asker: oneOfThree }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("leave"), asker: oneOfThree, index: fc.nat(2) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(steps: readonly Step[]): void {
  const sides = [newSide(true), newSide(false)] as const;
  const standings = new Map<Asker, Standing>(
    askers.map((asker) => [
      asker,
      { offsets: indexes.map(() => 0), left: new Set<number>(), brokerEpoch: peerEpoch },
    ]),
  );
  let nextEpoch = 1000;
  const standingOf = (asker: number): Standing => {
    const found = standings.get(asker as Asker);
    if (found === undefined) throw new Error("no such asker");
    return found;
  };
  for (const one of steps) {
    if (one.type === "fetch") moveOn(sides[0], one.asker, standingOf(one.asker), one.advance);
    if (one.type === "register") standingOf(one.asker).brokerEpoch = nextEpoch++;
    if (one.type === "leave") toggle(standingOf(one.asker).left, one.index);
    for (const side of sides) apply(side, one, standingOf);
    for (const asker of askers) expect(learn(sides[0], asker)).toEqual(learn(sides[1], asker));
    expect(known(sides[0])).toEqual(known(sides[1]));
  }
}

function toggle(set: Set<number>, member: number): void {
  if (!set.delete(member)) set.add(member);
}

/** It now holds some more of what there is to hold; nothing while its last question is out. */
function moveOn(side: Side, asker: Asker, { offsets }: Standing, by: readonly number[]): void {
  if (side.askers.get(asker)?.out !== undefined) return;
  for (const index of indexes) {
    const { log, highWatermark } = side.broker.partition(`orders-${index}`);
    const end = asker === -1 ? highWatermark : log.end;
    offsets[index] = Math.min(end, (offsets[index] ?? 0) + (by[index] ?? 0));
  }
}

function apply(side: Side, one: Step, standingOf: (asker: number) => Standing): void {
  const { broker } = side;
  switch (one.type) {
    case "append":
      return void sendProduce(broker.node.connect(), ["x"], { acks: 1, index: one.index });
    case "fetch":
      return send(side, one.asker, standingOf(one.asker), one);
    case "time":
      return broker.node.advance(one.ms);
    case "lead":
      return broker.change({ leader: 1 }, one.index);
    case "isr":
      return broker.change({ isr: one.isr }, one.index);
    case "register":
      return broker.registerPeer(brokerId(one.asker), standingOf(one.asker).brokerEpoch);
    case "lose": {
      const asking = side.askers.get(one.asker);
      if (asking === undefined) return;
      asking.talk.end();
      asking.talk = broker.node.connect();
      if (asking.out !== undefined && asking.session !== undefined) beginAnew(asking.session);
      asking.out = undefined;
      return;
    }
    case "leave":
      return;
  }
}

it("a broker with fetch sessions tells and knows what one without them does", () => {
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), run), { numRuns: 60 });
}, 120_000);
