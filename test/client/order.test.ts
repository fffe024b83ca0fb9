import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallId, decodeRecords, type ErrorName, offset, produce, stampBatch } from "#core";
import { judge, type Producers, remember } from "../../core/log/producers.ts";
import { readBatchHeader } from "../../core/wire/batch.ts";
import {
  answerProduce,
  type Asked,
  batchesOf,
  type ClientNode,
  producerNode,
  send,
} from "../support/client-node.ts";

/*
 * One partition that two brokers hold alike, so that a batch once appended is there for both: what remains is what a
 * client must do by itself, over lost answers, errors before and after the append, resets and leaders that move.
 */
interface Model {
  readonly client: ClientNode;
  readonly values: string[];
  readonly producers: Producers;
  readonly taken: Set<Asked<typeof produce>["label"]>;
  readonly calls: Map<CallId, string>;
}

type Fate = "answered" | "lost" | "refused" | "timedOut";
type Op =
  | { readonly type: "send" | "wait" | "reset"; readonly count: number }
  | { readonly type: "deliver"; readonly broker: number; readonly fate: Fate }
  | { readonly type: "move" };

const text = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? undefined);

/** What the leader makes of one batch. */
function append(model: Model, records: Uint8Array): { error: ErrorName; base: number } {
  const batch = records.slice();
  const verdict = judge(model.producers, readBatchHeader(batch));
  if (verdict.type === "error") return { error: verdict.error, base: -1 };
  if (verdict.type === "duplicate") return { error: "NONE", base: verdict.base };
  const base = model.values.length;
  stampBatch(batch, offset(base), 0);
  remember(model.producers, readBatchHeader(batch));
  model.values.push(...decodeRecords(batch).map(({ value }) => text(value)));
  return { error: "NONE", base };
}

const leaderOf = ({ client }: Model): number => client.leaders[0]?.leader ?? -1;

/** The next request of a broker is handled, and answered or not. */
function deliver(model: Model, broker: number, fate: Fate): void {
  const { client, taken } = model;
  const asked = client
    .waiting(produce)
    .find(({ talk, label }) => talk.to === `b${broker}:9092` && !taken.has(label));
  if (asked === undefined) return;
  taken.add(asked.label);
  if (fate === "refused") return answerProduce(client, asked, { error: "NOT_ENOUGH_REPLICAS" });
  if (leaderOf(model) !== broker) {
    return answerProduce(client, asked, { error: "NOT_LEADER_OR_FOLLOWER" });
  }
  const [batch] = batchesOf(asked);
  if (batch === undefined) return;
  const outcome = append(model, batch.records);
  if (fate === "lost") return;
  if (fate === "timedOut") outcome.error = "REQUEST_TIMED_OUT";
  answerProduce(client, asked, outcome);
}

/** A broker's answers come in order: once one is lost nothing more is answered on its connection. */
const hangs = ({ client, taken }: Model, broker: number): boolean =>
  client
    .waiting(produce)
    .some(({ talk, label }) => talk.to === `b${broker}:9092` && taken.has(label));

/** Every connection ends; of each, the next `count` requests still reach their broker. */
function reset(model: Model, count: number): void {
  for (const broker of [1, 2]) for (let i = 0; i < count; i++) deliver(model, broker, "lost");
  for (const talk of model.client.node.talks) {
    if (talk.ended === undefined) talk.end("reset");
  }
}

function run(model: Model, one: Op): void {
  const { client, calls } = model;
  switch (one.type) {
    case "send":
      for (let i = 0; i < one.count; i++) {
        const value = `v${String(calls.size).padStart(4, "0")}`;
        calls.set(send(client, value, { partition: 0 }), value);
        client.node.advance(1);
      }
      return;
    case "wait":
      return client.node.advance(one.count * 100);
    case "reset":
      return reset(model, one.count);
    case "deliver":
      return deliver(model, one.broker, hangs(model, one.broker) ? "lost" : one.fate);
    case "move":
      client.leaders = client.leaders.map(({ leader, epoch }) => ({
        leader: 3 - leader,
        epoch: epoch + 1,
      }));
      return;
  }
}

function heal(model: Model): void {
  const { client, calls } = model;
  reset(model, 0);
  for (let i = 0; i < 600 && [...calls.keys()].some((call) => !client.outcome(call)); i++) {
    client.node.advance(100);
    for (const broker of [1, 2, 1, 2, 1, 2]) deliver(model, broker, "answered");
  }
}

const count = fc.integer({ min: 0, max: 6 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("send" as const), count }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("wait" as const), count }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reset" as const), count }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("move" as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("deliver" as const),
      broker: fc.constantFrom(1, 2),
      fate: fc.constantFrom<Fate>("answered", "answered", "lost", "refused", "timedOut"),
    }),
  },
);

const newModel = (deliveryTimeout: number): Model => ({
  client: producerNode({
    "linger.ms": 2,
    "batch.size": 130,
    "metadata.max.age.ms": 700,
    "delivery.timeout.ms": deliveryTimeout,
    "request.timeout.ms": 2000,
  }),
  values: [],
  producers: new Map(),
  taken: new Set(),
  calls: new Map(),
});

/** What the log and the outcomes must say of each other. */
function check({ client, values, calls }: Model): void {
  expect(values).toEqual([...new Set(values)].toSorted());
  for (const [call, value] of calls) {
    const outcomes = client.outcomes(call);
    expect(outcomes).toHaveLength(1);
    const [outcome] = outcomes;
    if (outcome?.type === "acknowledged") expect(values[outcome.offset]).toBe(value);
    else if (outcome?.type === "failed") expect(values).not.toContain(value);
    else expect(outcome?.type).toBe("unknown");
  }
}

describe("an idempotent producer with five requests in flight", () => {
  it("keeps order, writes nothing twice, and says what is true of each record", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (drawn) => {
        const model = newModel(1_000_000);
        for (const one of drawn) run(model, one);
        heal(model);
        check(model);
        // Nothing was given up, so that every record is there.
        expect(model.values).toHaveLength(model.calls.size);
      }),
      { numRuns: 150 },
    );
  });

  it("keeps to that when records are given up on the way", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 60 }), (drawn) => {
        const model = newModel(2500);
        for (const one of drawn) run(model, one);
        heal(model);
        check(model);
      }),
      { numRuns: 150 },
    );
  });
});
