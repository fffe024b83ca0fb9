import { beforeEach, describe, expect, it } from "vitest";
import {
  type ControllerNode,
  epochOf,
  heartbeat,
  inService,
  type IsrWish,
  makeTopic,
  members,
  partitionOf,
  register,
  startedController,
  wishIsr,
} from "../support/controller-node.ts";

let controller: ControllerNode;

/** `orders-0` on brokers 1, 2, 3, all in service; 2 leads under epoch 1 and is alone in the ISR. */
beforeEach(() => {
  controller = startedController();
  inService(controller);
  makeTopic(controller, "orders", [[1, 2, 3]]);
  heartbeat(controller, 1, { wantFence: true });
  heartbeat(controller, 1);
  heartbeat(controller, 3, { wantFence: true });
  heartbeat(controller, 3);
});

const isrOf = (ids: readonly number[], changes: Readonly<Record<number, number>> = {}) =>
  members(controller, ids).map(([id, epoch]) => [id, changes[id] ?? epoch] as const);

describe("AlterPartition", () => {
  it("is asked, in these tests, of a partition with a history", () => {
    expect(partitionOf(controller)).toMatchObject({
      leader: 2,
      leaderEpoch: 1,
      partitionEpoch: 2,
      isr: [2],
    });
  });

  it("grants what a leader asks under its epochs; only the partition epoch rises", () => {
    const { partition, partitionError } = wishIsr(controller, { isr: isrOf([2, 3]) });
    expect(partitionError).toBe("NONE");
    expect(partition).toMatchObject({
      leaderId: 2,
      leaderEpoch: 1,
      partitionEpoch: 3,
      isr: [2, 3],
    });
    expect(partitionOf(controller)).toMatchObject({
      leader: 2,
      leaderEpoch: 1,
      partitionEpoch: 3,
      isr: [2, 3],
    });
  });

  it("is refused as a whole for an earlier life of the asking broker", () => {
    const askerEpoch = epochOf(controller.node, 2) - 1;
    const answer = wishIsr(controller, { isr: isrOf([2, 3]), askerEpoch });
    expect(answer.error).toBe("STALE_BROKER_EPOCH");
    expect(answer.partition).toBeUndefined();
    expect(wishIsr(controller, { isr: isrOf([2]), asker: 9, askerEpoch: 1 }).error).toBe(
      "BROKER_ID_NOT_REGISTERED",
    );
  });

  const refused: [string, Partial<IsrWish>, string][] = [
    ["an earlier leader epoch", { leaderEpoch: 0 }, "FENCED_LEADER_EPOCH"],
    ["a later leader epoch", { leaderEpoch: 2 }, "NOT_CONTROLLER"],
    ["an earlier partition epoch", { partitionEpoch: 1 }, "INVALID_UPDATE_VERSION"],
    ["a later partition epoch", { partitionEpoch: 3 }, "NOT_CONTROLLER"],
    ["somebody who does not lead", { asker: 1 }, "INVALID_REQUEST"],
    ["a partition that is not there", { index: 7 }, "UNKNOWN_TOPIC_OR_PARTITION"],
    [
      "a topic that is not there",
      { topicId: "00000000-0000-0000-0000-0000000000ff" },
      "UNKNOWN_TOPIC_ID",
    ],
    ["a recovery that is over, begun again", { recovery: 1 }, "INVALID_REQUEST"],
  ];
  it.each(refused)("refuses %s", (_name, wish, error) => {
    const before = partitionOf(controller);
    expect(wishIsr(controller, { isr: isrOf([2, 3]), ...wish }).partitionError).toBe(error);
    expect(partitionOf(controller)).toBe(before);
  });

  it.each([
    ["without its leader", [1, 3]],
    ["that is empty", []],
    ["with a member twice", [2, 3, 3]],
    ["with a stranger", [2, 4]],
  ])("refuses an ISR %s", (_name, ids) => {
    register(controller, 4);
    heartbeat(controller, 4);
    const before = partitionOf(controller);
    expect(wishIsr(controller, { isr: isrOf(ids) }).partitionError).toBe("INVALID_REQUEST");
    expect(partitionOf(controller)).toBe(before);
  });

  it("refuses a member under the epoch of an earlier life: a late wish for a replica that came back short (KIP-903)", () => {
    const before = epochOf(controller.node, 3);
    heartbeat(controller, 3, { wantFence: true });
    // A new life is let in once the session of the one before has ended.
    for (let i = 0; i < 5; i++) {
      controller.node.advance(2000);
      for (const id of [1, 2]) heartbeat(controller, id);
    }
    register(controller, 3, 2);
    heartbeat(controller, 3);
    expect(wishIsr(controller, { isr: isrOf([2, 3], { 3: before }) }).partitionError).toBe(
      "INELIGIBLE_REPLICA",
    );
    expect(wishIsr(controller, { isr: isrOf([2, 3]) }).partitionError).toBe("NONE");
  });

  it("takes a member whose epoch the leader does not know (-1)", () => {
    expect(wishIsr(controller, { isr: isrOf([2, 3], { 3: -1 }) }).partitionError).toBe("NONE");
  });

  it.each([
    ["fenced", { wantFence: true }],
    ["shutting down", { wantShutDown: true }],
  ])("refuses a member that is %s, whatever epoch is named", (_name, wants) => {
    makeTopic(controller, "other", [[3, 1]]);
    heartbeat(controller, 3, wants);
    for (const changes of [{}, { 3: -1 }]) {
      expect(wishIsr(controller, { isr: isrOf([2, 3], changes) }).partitionError).toBe(
        "INELIGIBLE_REPLICA",
      );
    }
  });

  it("decides one of two wishes made under the same partition epoch", () => {
    const wish = { isr: isrOf([2, 3]), partitionEpoch: 2 };
    expect(wishIsr(controller, wish).partitionError).toBe("NONE");
    expect(wishIsr(controller, { isr: isrOf([2, 1]), partitionEpoch: 2 }).partitionError).toBe(
      "INVALID_UPDATE_VERSION",
    );
  });
});

describe("a leader that was elected uncleanly", () => {
  it("may not take anybody in before it has said that it recovered", () => {
    makeTopic(controller, "risky", [[3, 1]], { "unclean.leader.election.enable": "true" });
    heartbeat(controller, 1, { wantFence: true });
    heartbeat(controller, 1);
    heartbeat(controller, 3, { wantFence: true });
    expect(partitionOf(controller, "risky")).toMatchObject({
      leader: 1,
      isr: [1],
      leaderRecoveryState: 1,
    });
    heartbeat(controller, 3);
    const topicId = controller.node.state.image.topics.get("risky")?.id ?? "";
    const { leaderEpoch, partitionEpoch } = partitionOf(controller, "risky");
    const wish = { asker: 1, topicId, leaderEpoch, partitionEpoch };
    const recovering = wishIsr(controller, { ...wish, isr: isrOf([1, 3]), recovery: 1 });
    expect(recovering.partitionError).toBe("INVALID_REQUEST");
    const recovered = wishIsr(controller, { ...wish, isr: isrOf([1, 3]), recovery: 0 });
    expect(recovered.partitionError).toBe("NONE");
    expect(partitionOf(controller, "risky")).toMatchObject({ isr: [1, 3], leaderRecoveryState: 0 });
  });
});
