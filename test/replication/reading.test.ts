// What a fetch of several partitions is given: how much in all, and nothing where the logs part.
import { describe, expect, it } from "vitest";
import { type BrokerEpoch, type BrokerId, type LeaderEpoch, offset, uuid } from "#core";
import { appendFromClient } from "../../core/replication/appending.ts";
import { isEligible, settleIsr } from "../../core/replication/isr.ts";
import type { FetchQuestion } from "../../core/replication/purgatory.ts";
import { answerWants } from "../../core/replication/reading.ts";
import { batchOf, lead, newReplica, type Replica, viewFor } from "../support/replicas.ts";
import { id, turnAt } from "../support/turns.ts";

function leaderWith(...values: readonly string[]): Replica {
  const leader = newReplica(1);
  lead(leader, 3, [1, 2, 3]);
  for (const value of values) {
    appendFromClient(leader.partition, batchOf([value]), turnAt(leader.files, 1));
  }
  return leader;
}

/** Broker 2 asks for everything in `orders-0`, as often as there are offsets; `lastEpoch` is its own log's. */
const asking = (
  offsets: readonly number[],
  more: { readonly maxBytes?: number; readonly lastEpoch?: number } = {},
): FetchQuestion => ({
  caller: {} as FetchQuestion["caller"],
  replica: 2 as BrokerId,
  minBytes: 1,
  rack: undefined,
  maxBytes: more.maxBytes ?? 1 << 20,
  wants: offsets.map((from) => ({
    name: "orders-0",
    topic: "orders",
    topicId: uuid("00000000-0000-0000-0000-00000000000a"),
    index: 0,
    offset: offset(from),
    epoch: 3 as LeaderEpoch,
    lastEpoch: (more.lastEpoch ?? 3) as LeaderEpoch,
    logStart: offset(0),
    maxBytes: 1 << 20,
  })),
});

const answered = (leader: Replica, question: FetchQuestion) =>
  answerWants(new Map([["orders-0", leader.partition]]), question, leader.files);

describe("what a fetch is given", () => {
  it("is at most its bytes in all: only the first batch of all may exceed them (KIP-74)", () => {
    const leader = leaderWith("a", "b");
    const [one, two] = answered(leader, asking([1, 1], { maxBytes: 10 }));
    expect(one?.records.length).toBeGreaterThan(10);
    expect(two?.records.length).toBe(0);
  });

  it("is no record where the logs part", () => {
    const leader = leaderWith("a", "b");
    const [answer] = answered(leader, asking([1], { lastEpoch: 2 }));
    expect(answer?.diverging).toBeDefined();
    expect(answer?.records.length).toBe(0);
  });
});

describe("a replica that registered anew since it fetched", () => {
  it("may not join by what its earlier life held (KIP-903)", () => {
    const { partition } = leaderWith();
    const remote = partition.role.type === "leader" ? partition.role.remote.get(id(2)) : undefined;
    if (remote === undefined) throw new Error("broker 2 is a follower");
    remote.brokerEpoch = 10 as BrokerEpoch;
    expect(isEligible(remote, viewFor(1))).toBe(true);
    expect(isEligible(remote, viewFor(1, { 2: { epoch: 11 as BrokerEpoch } }))).toBe(false);
  });
});

describe("an answer about an ISR that nobody waits for", () => {
  it("changes nothing", () => {
    const { partition } = leaderWith();
    const before = { isr: partition.isr, partitionEpoch: partition.partitionEpoch };
    for (const error of ["NONE", "NOT_CONTROLLER"] as const) {
      settleIsr(partition, {
        error,
        leaderEpoch: partition.leaderEpoch,
        partitionEpoch: (partition.partitionEpoch + 1) as typeof partition.partitionEpoch,
        isr: [id(1)],
      });
    }
    expect(partition).toMatchObject(before);
  });
});
