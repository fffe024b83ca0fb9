import { describe, expect, it } from "vitest";
import { brokerId, type BrokerId, uuid } from "#core";
import { changeRecord, type ElectionRules } from "../../core/controller/metadata/elections.ts";
import type { PartitionImage } from "../../core/controller/metadata/image.ts";
import { changed } from "../../core/controller/metadata/replay.ts";
import {
  type ControllerNode,
  epochOf,
  heartbeat,
  inService,
  makeTopic,
  members,
  partitionOf,
  register,
  startedController,
  wishIsr,
} from "../support/controller-node.ts";

const ids = (...numbers: number[]): BrokerId[] => numbers.map(brokerId);

interface Case {
  readonly what: string;
  readonly isr?: number[];
  readonly elr?: number[];
  readonly lastKnown?: number[];
  readonly leader?: number;
  readonly target: number[];
  readonly alive: number[];
  readonly unclean?: boolean;
  readonly rules?: Partial<ElectionRules>;
  readonly uncleanlyStopped?: number;
  readonly recovered?: boolean;
  readonly recovery?: number;
  readonly after: Partial<Record<"leader" | "leaderEpoch" | "leaderRecoveryState", number>> &
    Partial<Record<"isr" | "elr" | "lastKnownElr", number[]>>;
}

/** Three replicas, min.insync.replicas=2, leader 1 of epoch 5, ELR on: what differs stands in the case. */
const cases: readonly Case[] = [
  {
    what: "who leaves an ISR that stays large enough is not eligible",
    target: [1, 2],
    alive: [1, 2, 3],
    after: { leader: 1, leaderEpoch: 5, isr: [1, 2], elr: [] },
  },
  {
    what: "who leaves it when it gets too small is",
    isr: [1, 2],
    target: [1],
    alive: [1],
    after: { leader: 1, leaderEpoch: 5, isr: [1], elr: [2] },
  },
  {
    what: "the last one leaves it too, and then nobody leads",
    isr: [1],
    elr: [2],
    target: [],
    alive: [],
    after: { leader: -1, leaderEpoch: 6, isr: [], elr: [2, 1], lastKnownElr: [1] },
  },
  {
    what: "without the feature the last one stays",
    isr: [1],
    target: [],
    alive: [],
    rules: { eligible: false },
    after: { leader: -1, leaderEpoch: 6, isr: [1], elr: [], lastKnownElr: [] },
  },
  {
    what: "while somebody is in sync nobody else is elected, however eligible",
    isr: [1, 3],
    elr: [2],
    target: [3],
    alive: [2],
    after: { leader: -1, isr: [3], elr: [2, 1] },
  },
  {
    what: "who is in sync goes before who is eligible",
    isr: [1, 3],
    elr: [2],
    target: [3],
    alive: [2, 3],
    after: { leader: 3, leaderEpoch: 6, isr: [3], elr: [2, 1] },
  },
  {
    what: "with nobody in sync the first eligible one in the order of assignment leads, and has nothing to recover",
    isr: [],
    elr: [3, 2],
    lastKnown: [1],
    leader: -1,
    target: [],
    alive: [2, 3],
    after: { leader: 2, isr: [2], elr: [3], lastKnownElr: [], leaderRecoveryState: 0 },
  },
  {
    what: "who comes back without having stopped cleanly is eligible no more",
    isr: [],
    elr: [1, 2],
    lastKnown: [1],
    leader: -1,
    target: [],
    alive: [],
    uncleanlyStopped: 1,
    after: { leader: -1, isr: [], elr: [2], lastKnownElr: [1] },
  },
  {
    what: "with nobody in sync and nobody eligible the last leader leads again, alone, and has to recover",
    isr: [],
    elr: [],
    lastKnown: [1],
    leader: -1,
    target: [],
    alive: [1, 2],
    after: { leader: 1, isr: [1], elr: [], lastKnownElr: [], leaderRecoveryState: 1 },
  },
  {
    what: "the last leader does not while somebody is eligible, though that one is down",
    isr: [],
    elr: [3],
    lastKnown: [1],
    leader: -1,
    target: [],
    alive: [1, 2],
    after: { leader: -1, isr: [], elr: [3], lastKnownElr: [1] },
  },
  {
    what: "the last leader does not where that is switched off",
    isr: [],
    elr: [],
    lastKnown: [1],
    leader: -1,
    target: [],
    alive: [1, 2],
    rules: { lastKnown: false },
    after: { leader: -1, isr: [], lastKnownElr: [] },
  },
  {
    what: "an unclean election takes whoever lives, forgets who was eligible, and has to recover",
    isr: [1],
    elr: [2],
    target: [],
    alive: [3],
    rules: { unclean: true },
    after: { leader: 3, leaderEpoch: 6, isr: [3], elr: [], leaderRecoveryState: 1 },
  },
  {
    what: "an ISR that is large enough again has no need of eligible ones",
    isr: [1],
    elr: [2, 3],
    target: [1, 2],
    alive: [1, 2, 3],
    after: { leader: 1, leaderEpoch: 5, isr: [1, 2], elr: [] },
  },
  {
    what: "a leader that has recovered says so",
    isr: [1],
    target: [1],
    alive: [1, 2, 3],
    recovery: 1,
    recovered: true,
    after: { leader: 1, leaderEpoch: 5, isr: [1], leaderRecoveryState: 0 },
  },
];

describe("who leads and who is eligible after a change (PartitionChangeBuilder)", () => {
  it.each(cases)("$what", (one) => {
    const partition: PartitionImage = {
      replicas: ids(1, 2, 3),
      isr: ids(...(one.isr ?? [1, 2, 3])),
      elr: ids(...(one.elr ?? [])),
      lastKnownElr: ids(...(one.lastKnown ?? [])),
      leader: brokerId(one.leader ?? 1),
      leaderEpoch: 5 as PartitionImage["leaderEpoch"],
      partitionEpoch: 9 as PartitionImage["partitionEpoch"],
      leaderRecoveryState: one.recovery ?? 0,
    };
    const record = changeRecord({
      topicId: uuid("00000000-0000-0000-0000-00000000000a"),
      index: 0,
      partition,
      targetIsr: ids(...one.target),
      mayLead: (id) => one.alive.includes(id),
      rules: { unclean: false, eligible: true, lastKnown: true, minIsr: 2, ...one.rules },
      ...(one.uncleanlyStopped === undefined
        ? {}
        : { uncleanlyStopped: brokerId(one.uncleanlyStopped) }),
      ...(one.recovered === undefined ? {} : { recovered: one.recovered }),
    });
    const after = record?.type === "partitionChange" ? changed(partition, record) : partition;
    expect(after).toMatchObject(one.after);
    expect(after.partitionEpoch).toBe(record === undefined ? 9 : 10);
  });
});

/** Topic orders on 1, 2, 3 with min.insync.replicas=2. */
function cluster(more: object = {}): ControllerNode {
  const controller = startedController(more);
  inService(controller);
  makeTopic(controller, "orders", [[1, 2, 3]], { "min.insync.replicas": "2" });
  return controller;
}

/** These are not heard for a whole session; the others are. */
function silence(controller: ControllerNode, ...silent: number[]): void {
  const heard = [1, 2, 3].filter((id) => !silent.includes(id));
  for (let i = 0; i < 10; i++) {
    controller.node.advance(1000);
    for (const id of heard) heartbeat(controller, id);
  }
}

describe("a partition whose replicas fail one after the other (KIP-966)", () => {
  it("remembers who held all that was committed, and is led by the first of them that comes back cleanly", () => {
    const controller = cluster();
    silence(controller, 3);
    expect(partitionOf(controller)).toMatchObject({ isr: [1, 2], elr: [] });
    silence(controller, 2, 3);
    expect(partitionOf(controller)).toMatchObject({ leader: 1, isr: [1], elr: [2] });
    silence(controller, 1, 2, 3);
    expect(partitionOf(controller)).toMatchObject({ leader: -1, isr: [], elr: [2, 1] });
    const before = epochOf(controller.node, 2);
    register(controller, 2, 2, { previousBrokerEpoch: before });
    expect(partitionOf(controller)).toMatchObject({ leader: -1, elr: [2, 1] });
    heartbeat(controller, 2);
    expect(partitionOf(controller)).toMatchObject({ leader: 2, isr: [2], elr: [1] });
  });

  it("does not believe who died: it waits for another, or for the last leader", () => {
    const controller = cluster();
    silence(controller, 3);
    silence(controller, 2, 3);
    silence(controller, 1, 2, 3);
    register(controller, 2, 2);
    heartbeat(controller, 2);
    expect(partitionOf(controller)).toMatchObject({ leader: -1, elr: [1], lastKnownElr: [1] });
    register(controller, 1, 2);
    expect(partitionOf(controller)).toMatchObject({ leader: -1, elr: [], lastKnownElr: [1] });
    heartbeat(controller, 1);
    const last = { leader: 1, isr: [1], leaderRecoveryState: 1, lastKnownElr: [] };
    expect(partitionOf(controller)).toMatchObject(last);
    wishIsr(controller, { isr: members(controller, [1]) });
    expect(partitionOf(controller)).toMatchObject({ leaderRecoveryState: 0 });
    expect(controller.node.notes("partitionChanged").at(-2)?.why).toBe("lastKnownElected");
  });

  it("takes who died out of the ISR as soon as it registers again, though its session had not ended", () => {
    const controller = cluster();
    heartbeat(controller, 3, { wantShutDown: true });
    expect(partitionOf(controller)).toMatchObject({ isr: [1, 2] });
    register(controller, 3, 2);
    heartbeat(controller, 3);
    wishIsr(controller, { isr: members(controller, [1, 2, 3]) });
    expect(partitionOf(controller)).toMatchObject({ isr: [1, 2, 3] });
  });
});
