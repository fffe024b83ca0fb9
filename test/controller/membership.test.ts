import { describe, expect, it } from "vitest";
import { brokerId } from "#core";
import {
  type ControllerNode,
  epochOf,
  heartbeat,
  incarnation,
  inService,
  makeTopic,
  partitionOf,
  register,
  startedController,
} from "../support/controller-node.ts";

const brokerOf = ({ node }: ControllerNode, id: number) =>
  node.state.image.brokers.get(brokerId(id));

describe("a registration", () => {
  it("gets the offset of its own record as broker epoch, and stays fenced", () => {
    const controller = startedController();
    const next = controller.node.state.committed;
    expect(register(controller, 1)).toEqual({ error: "NONE", epoch: next });
    expect(brokerOf(controller, 1)).toMatchObject({
      epoch: next,
      incarnation: incarnation(1),
      endpoint: { host: "b1", port: 9092 },
      fenced: true,
      inControlledShutdown: false,
    });
    expect(register(controller, 2).epoch).toBe(next + 1);
  });

  it("that is sent again gets the same epoch: its answer may have been lost", () => {
    const controller = startedController();
    const { epoch } = register(controller, 1);
    heartbeat(controller, 1);
    expect(register(controller, 1)).toEqual({ error: "NONE", epoch });
    expect(brokerOf(controller, 1)).toMatchObject({ fenced: false });
  });

  it("of another process is refused while the one before has a live session, and taken after", () => {
    const controller = startedController();
    inService(controller);
    const before = epochOf(controller.node, 1);
    controller.node.advance(9000);
    expect(register(controller, 1, 2).error).toBe("DUPLICATE_BROKER_REGISTRATION");
    controller.node.advance(1);
    const { error, epoch } = register(controller, 1, 2);
    expect(error).toBe("NONE");
    expect(epoch).toBeGreaterThan(before);
  });

  it("of another cluster, or without a listener, is refused", () => {
    const controller = startedController();
    expect(register(controller, 1, 1, { clusterId: "other" }).error).toBe(
      "INCONSISTENT_CLUSTER_ID",
    );
    expect(register(controller, 1, 1, { listeners: [] }).error).toBe("INVALID_REGISTRATION");
    expect(brokerOf(controller, 1)).toBeUndefined();
  });

  it("of a later life takes leaderships and memberships from the earlier one, which is heard no more", () => {
    const controller = startedController();
    inService(controller);
    makeTopic(controller, "orders", [[1, 2, 3]]);
    const before = epochOf(controller.node, 1);
    heartbeat(controller, 1, { wantShutDown: true });
    expect(register(controller, 1, 2).error).toBe("NONE");
    expect(partitionOf(controller)).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(heartbeat(controller, 1, { epoch: before }).error).toBe("STALE_BROKER_EPOCH");
  });
});

describe("a heartbeat", () => {
  it("lets a broker in only once it has applied its own registration", () => {
    const controller = startedController();
    const { epoch } = register(controller, 1);
    expect(heartbeat(controller, 1, { applied: epoch - 1 })).toMatchObject({
      error: "NONE",
      isCaughtUp: false,
      isFenced: true,
    });
    expect(brokerOf(controller, 1)?.fenced).toBe(true);
    expect(heartbeat(controller, 1, { applied: epoch })).toMatchObject({
      isCaughtUp: true,
      isFenced: false,
    });
    expect(brokerOf(controller, 1)?.fenced).toBe(false);
  });

  it("fences a broker that wants it", () => {
    const controller = startedController();
    inService(controller);
    makeTopic(controller, "orders", [[1, 2, 3]]);
    expect(heartbeat(controller, 1, { wantFence: true }).isFenced).toBe(true);
    expect(partitionOf(controller)).toMatchObject({ leader: 2, isr: [2, 3] });
  });

  it("of a broker that never registered is refused", () => {
    const controller = startedController();
    expect(heartbeat(controller, 9, { epoch: 1 }).error).toBe("BROKER_ID_NOT_REGISTERED");
  });
});

describe("a broker that is not heard for broker.session.timeout.ms", () => {
  it("is fenced, its partitions get other leaders, and the silence is named as the cause", () => {
    const controller = startedController();
    const { node } = controller;
    inService(controller);
    makeTopic(controller, "orders", [
      [1, 2, 3],
      [2, 1, 3],
    ]);
    node.advance(4000);
    for (const id of [2, 3]) heartbeat(controller, id);
    node.advance(4999);
    expect(brokerOf(controller, 1)?.fenced).toBe(false);
    node.advance(2);
    expect(brokerOf(controller, 1)?.fenced).toBe(true);
    expect(partitionOf(controller)).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] });
    // A shrink is no new leadership: the epoch stays.
    expect(partitionOf(controller, "orders", 1)).toMatchObject({
      leader: 2,
      leaderEpoch: 0,
      partitionEpoch: 1,
      isr: [2, 3],
    });
    const silences = node.effects.flatMap(({ silences: named }) => named ?? []);
    // Since the input that was heard last.
    const since: unknown = expect.any(Number);
    expect(silences[0]).toEqual({ peer: { host: "b1", port: 9092 }, since });
    expect(node.notes("partitionChanged").map(({ why }) => why)).toContain("elected");
  });

  it("is fenced at its own time, also where nobody is heard any more", () => {
    const controller = startedController();
    inService(controller);
    for (const id of [1, 2, 3]) {
      heartbeat(controller, id);
      controller.node.advance(1000);
    }
    const fenced = () => [1, 2, 3].filter((id) => brokerOf(controller, id)?.fenced);
    controller.node.advance(6001);
    for (const ids of [[1], [1, 2], [1, 2, 3]]) {
      expect(fenced()).toEqual(ids);
      controller.node.advance(1000);
    }
  });

  it("stays in the ISR as its last member, leads nothing, and leads again when it is back", () => {
    const controller = startedController({ "eligible.leader.replicas.version": 0 });
    inService(controller, [1, 2]);
    makeTopic(controller, "orders", [[1]]);
    heartbeat(controller, 2);
    controller.node.advance(9001);
    expect(partitionOf(controller)).toMatchObject({ leader: -1, leaderEpoch: 1, isr: [1] });
    register(controller, 1, 2);
    expect(partitionOf(controller).leader).toBe(-1);
    heartbeat(controller, 1);
    expect(partitionOf(controller)).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [1] });
  });

  it("is not replaced by a replica out of sync, unless unclean election is on", () => {
    for (const unclean of [false, true]) {
      const controller = startedController({ "eligible.leader.replicas.version": 0 });
      inService(controller, [1, 2]);
      makeTopic(controller, "orders", [[1, 2]], {
        "unclean.leader.election.enable": String(unclean),
      });
      heartbeat(controller, 2, { wantFence: true });
      heartbeat(controller, 2);
      controller.node.advance(8000);
      heartbeat(controller, 2);
      controller.node.advance(1001);
      expect(partitionOf(controller)).toMatchObject(
        unclean
          ? { leader: 2, isr: [2], leaderRecoveryState: 1 }
          : { leader: -1, isr: [1], leaderRecoveryState: 0 },
      );
    }
  });

  it("has a whole session to be heard by a controller that has just taken over", () => {
    const before = startedController();
    inService(before);
    const controller = startedController({}, before.node.files);
    controller.node.advance(9000);
    expect(brokerOf(controller, 1)?.fenced).toBe(false);
    controller.node.advance(1);
    expect(brokerOf(controller, 1)?.fenced).toBe(true);
  });
});
