import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BrokerEpoch, offset } from "#core";
import { appendFromClient } from "../../core/replication/appending.ts";
import { settleIsr } from "../../core/replication/isr.ts";
import { recordFetch } from "../../core/replication/leader.ts";
import type { LeaderRole } from "../../core/replication/partition.ts";
import { endOffsetForEpoch } from "../../core/log/log.ts";
import { batchOf, lead, newReplica, type Replica, viewFor } from "../support/replicas.ts";
import { id, notesOf, turnAt } from "../support/turns.ts";

const roleOf = (replica: Replica): LeaderRole => {
  const { role } = replica.partition;
  if (role.type !== "leader") throw new Error("not a leader");
  return role;
};

function append(replica: Replica, count: number): void {
  for (let i = 0; i < count; i++) {
    const outcome = appendFromClient(replica.partition, batchOf(["x"]), turnAt(replica.files, 0));
    expect(outcome.ok).toBe(true);
  }
}

function fetched(replica: Replica, broker: number, end: number, at = 0, epoch = 10) {
  const role = roleOf(replica);
  const remote = role.remote.get(id(broker));
  if (remote === undefined) throw new Error("no such replica");
  const turn = turnAt(replica.files, at);
  const fetch = { offset: offset(end), logStart: offset(0), brokerEpoch: epoch as BrokerEpoch };
  const counted = recordFetch(replica.partition, role, remote, fetch, replica.view, turn);
  return { counted, turn };
}

describe("a leader's high watermark", () => {
  it("is the least end offset that the in-sync replicas have fetched up to", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2, 3]);
    append(leader, 5);
    fetched(leader, 2, 5);
    expect(leader.partition.highWatermark).toBe(0);
    fetched(leader, 3, 3);
    expect(leader.partition.highWatermark).toBe(3);
    fetched(leader, 3, 5);
    expect(leader.partition.highWatermark).toBe(5);
  });

  it("never passes what any member of the ISR holds, and never falls in one epoch", () => {
    const steps = fc.array(
      fc.record({ append: fc.nat(3), broker: fc.constantFrom(2, 3), end: fc.nat(40) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (drawn) => {
        const leader = newReplica(1);
        lead(leader, 1, [1, 2, 3]);
        const ends = new Map([
          [2, 0],
          [3, 0],
        ]);
        let before = 0;
        for (const step of drawn) {
          append(leader, step.append);
          const end = Math.min(
            leader.partition.log.end,
            Math.max(step.end, ends.get(step.broker) ?? 0),
          );
          ends.set(step.broker, end);
          fetched(leader, step.broker, end);
          const mark = leader.partition.highWatermark;
          expect(mark).toBeGreaterThanOrEqual(before);
          expect(mark).toBeLessThanOrEqual(Math.min(...ends.values()));
          before = mark;
        }
      }),
    );
  });

  it("stands still while the committed ISR is smaller than min.insync.replicas (KIP-966)", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1], { minIsr: 2 });
    append(leader, 2);
    fetched(leader, 2, 1);
    expect(leader.partition.highWatermark).toBe(0);
  });

  it("waits for a proposed member at once, before the controller agreed (KIP-497)", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, 2);
    fetched(leader, 2, 2);
    fetched(leader, 3, 2);
    expect(roleOf(leader).pendingIsr?.isr).toEqual([1, 2, 3]);
    append(leader, 1);
    fetched(leader, 2, 3, 2 * 1000 + 1);
    expect(leader.partition.highWatermark).toBe(2);
  });

  it("ignores a fetch from an earlier life of a broker (KIP-903)", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, 2);
    expect(fetched(leader, 2, 2, 0, 9).counted).toBe(false);
    expect(leader.partition.highWatermark).toBe(0);
    expect(fetched(leader, 2, 2, 0, 10).counted).toBe(true);
    expect(leader.partition.highWatermark).toBe(2);
  });
});

describe("a new leader epoch", () => {
  it("begins where the log ends and enters the epoch cache though it is empty", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2, 3]);
    append(leader, 4);
    lead(leader, 2, [1, 2, 3]);
    expect(roleOf(leader).epochStart).toBe(4);
    expect(endOffsetForEpoch(leader.partition.log, 1 as never)).toEqual({ epoch: 1, end: 4 });
    expect(endOffsetForEpoch(leader.partition.log, 2 as never)).toEqual({ epoch: 2, end: 4 });
  });

  it("keeps what followers had fetched only if the same leader goes on without a gap", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, 3);
    fetched(leader, 2, 3);
    lead(leader, 2, [1, 2]);
    expect(roleOf(leader).remote.get(id(2))?.end).toBe(3);
    lead(leader, 4, [1, 2]);
    expect(roleOf(leader).remote.get(id(2))?.end).toBe(-1);
  });

  it("does not let an acknowledgement rest on ends that a follower had under a skipped epoch", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, 3);
    fetched(leader, 2, 3);
    lead(leader, 3, [1, 2]);
    append(leader, 1);
    expect(leader.partition.highWatermark).toBe(3);
    fetched(leader, 2, 4);
    expect(leader.partition.highWatermark).toBe(4);
  });
});

describe("a proposal to grow the ISR", () => {
  it("waits until a replica holds all below the high watermark and the epoch's start (KAFKA-7128)", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2]);
    append(leader, 3);
    lead(leader, 2, [1, 2]);
    fetched(leader, 3, 2);
    expect(roleOf(leader).pendingIsr).toBeUndefined();
    const { turn } = fetched(leader, 3, 3);
    expect(notesOf(turn, "isrProposed").map(({ isr }) => isr)).toEqual([[1, 2, 3]]);
  });

  it.each([
    ["fenced", { fenced: true }],
    ["shutting down", { inControlledShutdown: true }],
    ["registered anew", { epoch: 11 }],
  ])("leaves out a broker that is %s", (_why, change) => {
    const leader = newReplica(1, viewFor(1, { 3: change }));
    lead(leader, 1, [1, 2]);
    fetched(leader, 3, 0);
    expect(roleOf(leader).pendingIsr).toBeUndefined();
  });

  it("is settled by the controller's answer and by no older one", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1, 2], { partitionEpoch: 5 });
    fetched(leader, 3, 0);
    const answer = { error: "NONE", leaderEpoch: 1, isr: [1, 2, 3].map(id) } as never;
    settleIsr(leader.partition, { ...(answer as object), partitionEpoch: 5 } as never);
    expect(leader.partition.isr).toEqual([1, 2]);
    expect(roleOf(leader).pendingIsr).toBeDefined();
    settleIsr(leader.partition, { ...(answer as object), partitionEpoch: 6 } as never);
    expect(leader.partition.isr).toEqual([1, 2, 3]);
    expect(roleOf(leader).pendingIsr).toBeUndefined();
  });
});
