// Switches of the museum that are hard to meet, each where it stands: the old behaviour with it, the right one without.
import { describe, expect, it } from "vitest";
import { type BrokerEpoch, type FlawId, type LeaderEpoch, offset } from "#core";
import { appendFromClient } from "../../core/replication/appending.ts";
import { recordFetch } from "../../core/replication/leader.ts";
import { newPartition, type Partition } from "../../core/replication/partition.ts";
import type { FetchQuestion } from "../../core/replication/purgatory.ts";
import { checkWant } from "../../core/replication/reading.ts";
import { batchOf, lead, newReplica, type Replica } from "../support/replicas.ts";
import { id, turnAt } from "../support/turns.ts";
import {
  heartbeat,
  inService,
  makeTopic,
  members,
  startedController,
  wishIsr,
} from "../support/controller-node.ts";

const modes: readonly [string, readonly FlawId[]][] = [
  ["off", []],
  ["on", ["offset-only-answer", "stale-join", "skipped-epoch"]],
];

function flawed(self: number, flaws: readonly FlawId[]): Replica {
  const { files, partition, view } = newReplica(self);
  const { topic, topicId, index, log, highWatermark } = partition;
  return { files, view, partition: newPartition(topic, topicId, index, log, highWatermark, flaws) };
}

const append = ({ partition, files }: Replica, value: string) =>
  appendFromClient(partition, batchOf([value]), turnAt(files, 1));

/** What a leader answers to replica 2, which holds a record of `lastEpoch` at offset 1. */
function divergence(partition: Partition, lastEpoch: number) {
  const want = {
    name: partition.name,
    topic: partition.topic,
    topicId: partition.topicId,
    index: 0,
    offset: offset(2),
    epoch: partition.leaderEpoch,
    lastEpoch: lastEpoch as LeaderEpoch,
    logStart: offset(0),
    maxBytes: 1000,
  };
  const question = { replica: id(2), wants: [want] } as unknown as FetchQuestion;
  const checked = checkWant(new Map([[partition.name, partition]]), question, want);
  return "diverging" in checked ? checked.diverging : checked.error;
}

function followerHolds(replica: Replica, broker: number, end: number): void {
  const { partition, view, files } = replica;
  const { role } = partition;
  const remote = role.type === "leader" ? role.remote.get(id(broker)) : undefined;
  if (role.type !== "leader" || remote === undefined) throw new Error("it leads");
  const fetch = { offset: offset(end), logStart: offset(0), brokerEpoch: 10 as BrokerEpoch };
  recordFetch(partition, role, remote, fetch, view, turnAt(files, 2));
}

describe.each(modes)("with the flaws %s", (mode, flaws) => {
  const isOn = mode === "on";

  it("an answer names the epoch that it speaks of, or leaves a record of another one (KIP-279)", () => {
    const leader = flawed(1, flaws);
    lead(leader, 1, [1, 2, 3]);
    append(leader, "x");
    append(leader, "y");
    lead(leader, 3, [1, 2, 3]);
    expect(divergence(leader.partition, 2)).toEqual(isOn ? undefined : { epoch: 1, end: 2 });
  });

  it("a leader that missed an epoch forgets what its followers held, or counts it (row 25)", () => {
    const leader = flawed(1, flaws);
    lead(leader, 1, [1, 2]);
    append(leader, "x");
    followerHolds(leader, 2, 1);
    lead(leader, 3, [1, 2]);
    const { role } = leader.partition;
    const known = role.type === "leader" ? role.remote.get(id(2))?.end : undefined;
    expect(known).toBe(isOn ? 1 : -1);
  });

  it("the controller compares each member's broker epoch, or takes in an earlier life (KIP-903)", () => {
    const controller = startedController({ flaws });
    inService(controller);
    makeTopic(controller, "orders", [[1, 2, 3]]);
    for (const broker of [1, 3]) {
      heartbeat(controller, broker, { wantFence: true });
      heartbeat(controller, broker);
    }
    const [own, other] = members(controller, [2, 3]);
    if (own === undefined || other === undefined) throw new Error("both are registered");
    const late = [own, [other[0], other[1] - 1] as const];
    const { partitionError } = wishIsr(controller, { isr: late });
    expect(partitionError).toBe(isOn ? "NONE" : "INELIGIBLE_REPLICA");
  });
});
