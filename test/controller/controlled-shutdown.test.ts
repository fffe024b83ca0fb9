import { describe, expect, it } from "vitest";
import { brokerId } from "#core";
import {
  type ControllerNode,
  heartbeat,
  inService,
  makeTopic,
  members,
  partitionOf,
  register,
  startedController,
  wishIsr,
} from "../support/controller-node.ts";

function leading(): ControllerNode {
  const controller = startedController();
  inService(controller);
  makeTopic(controller, "orders", [[1, 2, 3]]);
  return controller;
}

describe("a controlled shutdown", () => {
  it("first hands over leaderships and leaves the ISRs", () => {
    const controller = leading();
    expect(heartbeat(controller, 1, { wantShutDown: true })).toMatchObject({
      isFenced: false,
      shouldShutDown: false,
    });
    expect(partitionOf(controller)).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [2, 3] });
    expect(controller.node.state.image.brokers.get(brokerId(1))).toMatchObject({
      fenced: false,
      inControlledShutdown: true,
    });
  });

  it("lets the broker go only when all others have applied that, and fences it then", () => {
    const controller = leading();
    const before = controller.node.state.committed - 1;
    heartbeat(controller, 1, { wantShutDown: true });
    const decided = controller.node.state.committed - 1;
    heartbeat(controller, 2, { applied: decided });
    heartbeat(controller, 3, { applied: before });
    expect(heartbeat(controller, 1, { wantShutDown: true }).shouldShutDown).toBe(false);
    heartbeat(controller, 3, { applied: decided });
    expect(heartbeat(controller, 1, { wantShutDown: true })).toMatchObject({
      isFenced: true,
      shouldShutDown: true,
    });
    expect(controller.node.state.image.brokers.get(brokerId(1))?.fenced).toBe(true);
  });

  it("is over at once for a broker that leads nothing", () => {
    const controller = leading();
    expect(heartbeat(controller, 3, { wantShutDown: true }).shouldShutDown).toBe(true);
    expect(partitionOf(controller)).toMatchObject({ leader: 1, leaderEpoch: 0, isr: [1, 2] });
  });

  it("leaves a partition without a leader that nobody else may lead", () => {
    const controller = startedController();
    inService(controller);
    makeTopic(controller, "orders", [[1]]);
    heartbeat(controller, 1, { wantShutDown: true });
    expect(partitionOf(controller)).toMatchObject({ leader: -1, isr: [], elr: [1] });
  });

  it("keeps a broker out of every ISR and out of new topics' leadership", () => {
    const controller = leading();
    heartbeat(controller, 1, { wantShutDown: true });
    const wish = { isr: members(controller, [2, 3, 1]) };
    expect(wishIsr(controller, wish).partitionError).toBe("INELIGIBLE_REPLICA");
    makeTopic(controller, "audit", [[1, 2]]);
    expect(partitionOf(controller, "audit")).toMatchObject({ leader: 2, isr: [2] });
  });

  it("lets the next process with this id register without waiting for the session to end", () => {
    const controller = leading();
    heartbeat(controller, 1, { wantShutDown: true });
    expect(register(controller, 1, 2).error).toBe("NONE");
  });
});
