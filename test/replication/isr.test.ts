import { describe, expect, it } from "vitest";
import { type BrokerEpoch, offset } from "#core";
import { appendFromClient } from "../../core/replication/appending.ts";
import { proposeShrink } from "../../core/replication/isr.ts";
import {
  hasEnoughAfterAppend,
  hasEnoughInSync,
  recordFetch,
} from "../../core/replication/leader.ts";
import { maximalIsr } from "../../core/replication/partition.ts";
import { batchOf, lagMax, lead, newReplica, type Replica } from "../support/replicas.ts";
import { id, notesOf, turnAt } from "../support/turns.ts";

function fetched(replica: Replica, broker: number, end: number, at: number, input: number): void {
  const { role } = replica.partition;
  const remote = role.type === "leader" ? role.remote.get(id(broker)) : undefined;
  if (role.type !== "leader" || remote === undefined)
    throw new Error("not a leader of this replica");
  const fetch = { offset: offset(end), logStart: offset(0), brokerEpoch: 10 as BrokerEpoch };
  recordFetch(
    replica.partition,
    role,
    remote,
    fetch,
    replica.view,
    turnAt(replica.files, at, input),
  );
}

function leaderWithRecord(): Replica {
  const leader = newReplica(1);
  lead(leader, 1, [1, 2, 3]);
  fetched(leader, 2, 0, 0, 11);
  fetched(leader, 3, 0, 0, 12);
  appendFromClient(leader.partition, batchOf(["x"]), turnAt(leader.files, 1));
  return leader;
}

function shrinkAt(leader: Replica, at: number) {
  const turn = turnAt(leader.files, at, 99);
  proposeShrink(leader.partition, leader.view, turn);
  return turn;
}

describe("a proposal to shrink the ISR", () => {
  it("names who has not caught up for replica.lag.time.max.ms, and the silence that it rests on", () => {
    const leader = leaderWithRecord();
    fetched(leader, 2, 1, 900, 21);
    const turn = shrinkAt(leader, lagMax + 1);
    expect(notesOf(turn, "isrProposed").map(({ isr }) => isr)).toEqual([[1, 2]]);
    const silences = turn.outbox.flatMap((effect) => effect.silences ?? []);
    expect(silences).toEqual([{ peer: { host: "b3", port: 9092 }, since: 12 }]);
  });

  it("is not made before that time, nor against a replica that holds all there is", () => {
    const early = leaderWithRecord();
    expect(shrinkAt(early, lagMax).outbox).toEqual([]);
    const idle = newReplica(1);
    lead(idle, 1, [1, 2, 3]);
    fetched(idle, 2, 0, 0, 11);
    fetched(idle, 3, 0, 0, 12);
    expect(shrinkAt(idle, 100 * lagMax).outbox).toEqual([]);
  });

  it("counts as caught up who reached the end that the leader had at the fetch before", () => {
    const leader = leaderWithRecord();
    fetched(leader, 2, 0, 500, 21);
    fetched(leader, 3, 1, 500, 22);
    appendFromClient(leader.partition, batchOf(["y"]), turnAt(leader.files, 600));
    fetched(leader, 2, 1, 700, 23);
    fetched(leader, 3, 2, 700, 24);
    expect(shrinkAt(leader, lagMax + 500).outbox).toEqual([]);
    expect(shrinkAt(leader, lagMax + 501).outbox).toHaveLength(1);
  });

  it("does not count before the controller has agreed: the larger set is waited for", () => {
    const leader = leaderWithRecord();
    fetched(leader, 2, 1, 900, 21);
    shrinkAt(leader, lagMax + 1);
    expect(maximalIsr(leader.partition)).toEqual([1, 2, 3]);
    fetched(leader, 2, 1, lagMax + 2, 22);
    expect(leader.partition.highWatermark).toBe(0);
  });

  it("is made once, until it is settled", () => {
    const leader = leaderWithRecord();
    expect(shrinkAt(leader, 3 * lagMax).outbox).toHaveLength(1);
    expect(shrinkAt(leader, 4 * lagMax).outbox).toEqual([]);
  });
});

describe("min.insync.replicas", () => {
  it("is asked of the committed ISR before an append and of the maximal ISR after it", () => {
    const leader = newReplica(1);
    lead(leader, 1, [1], { minIsr: 2 });
    expect(hasEnoughInSync(leader.partition)).toBe(false);
    expect(hasEnoughAfterAppend(leader.partition)).toBe(false);
    fetched(leader, 2, 0, 0, 11);
    expect(hasEnoughInSync(leader.partition)).toBe(false);
    expect(hasEnoughAfterAppend(leader.partition)).toBe(true);
  });
});
