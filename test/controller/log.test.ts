import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTopics, offset } from "#core";
import { applyCommitted } from "../../core/controller/quorum/commit.ts";
import { emptyImage } from "../../core/controller/metadata/image.ts";
import {
  askProducerIds,
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
import { turnAt } from "../support/turns.ts";

/** What the log alone says. */
function rebuilt({ node }: ControllerNode) {
  const again = { ...node.state, image: emptyImage(), applied: offset(0) };
  applyCommitted(again, turnAt(node.files, 0));
  return again.image;
}

type Op =
  | { readonly type: "register" | "heartbeat" | "leave" | "ids"; readonly broker: number }
  | { readonly type: "wish"; readonly isr: readonly number[] }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "topic"; readonly name: string; readonly replicas: readonly number[] };

const broker = fc.constantFrom(1, 2, 3);
const some = fc.uniqueArray(broker, { minLength: 1 });
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({
    type: fc.constantFrom("register", "heartbeat", "heartbeat", "leave", "ids"),
    broker,
  }) as fc.Arbitrary<Op>,
  fc.record({ type: fc.constant("wish"), isr: some }) as fc.Arbitrary<Op>,
  fc.record({
    type: fc.constant("wait"),
    ms: fc.constantFrom(100, 3000, 10_000),
  }) as fc.Arbitrary<Op>,
  fc.record({
    type: fc.constant("topic"),
    name: fc.constantFrom("orders", "audit"),
    replicas: some,
  }) as fc.Arbitrary<Op>,
);

function run(controller: ControllerNode, drawn: readonly Op[]): void {
  let life = 2;
  for (const one of drawn) {
    switch (one.type) {
      case "register":
        register(controller, one.broker, life++);
        break;
      case "heartbeat":
      case "leave":
        heartbeat(controller, one.broker, { wantShutDown: one.type === "leave" });
        break;
      case "ids":
        askProducerIds(controller, one.broker);
        break;
      case "wish":
        wishIsr(controller, { isr: members(controller, one.isr) });
        break;
      case "wait":
        controller.node.advance(one.ms);
        break;
      case "topic":
        makeTopic(controller, one.name, [one.replicas, one.replicas]);
        break;
    }
  }
}

function withTopic(): ControllerNode {
  const controller = startedController({ "broker.session.timeout.ms": 9000 });
  inService(controller);
  makeTopic(controller, "orders", [
    [1, 2, 3],
    [2, 3, 1],
  ]);
  return controller;
}

describe("the metadata log", () => {
  it("says all that the controller knows: replaying it makes the live image, whatever happened", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (drawn) => {
        const controller = withTopic();
        run(controller, drawn);
        expect(rebuilt(controller)).toEqual(controller.node.state.image);
      }),
      { numRuns: 60 },
    );
  });

  it("is what a controller takes over: the next life begins with the same image, in a later epoch", () => {
    const controller = withTopic();
    run(controller, [
      { type: "wish", isr: [1, 2] },
      { type: "ids", broker: 1 },
      { type: "leave", broker: 2 },
    ]);
    const next = startedController({}, controller.node.files);
    expect(next.node.state.image).toEqual(controller.node.state.image);
    expect(next.node.state.quorum.epoch).toBeGreaterThan(controller.node.state.quorum.epoch);
    expect(next.node.state.committed).toBe(controller.node.state.committed + 1);
  });

  it("does not grow by what is refused, nor by what changes nothing", () => {
    const controller = withTopic();
    const before = structuredClone(controller.node.state.image);
    const { committed } = controller.node.state;
    heartbeat(controller, 1);
    heartbeat(controller, 1, { epoch: 77 });
    register(controller, 1);
    register(controller, 1, 2);
    makeTopic(controller, "orders", [[1]]);
    askProducerIds(controller, 1, 77);
    wishIsr(controller, { isr: members(controller, [1, 2, 3]) });
    wishIsr(controller, { isr: members(controller, [1, 2]), partitionEpoch: 9 });
    controller.talk.call(createTopics, {
      topics: [
        { name: "dry", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
      ],
      timeoutMs: 1000,
      validateOnly: true,
    });
    expect(controller.node.state.committed).toBe(committed);
    expect(controller.node.state.image).toEqual(before);
  });
});

describe("decisions about a partition", () => {
  it("only raise its epochs: the leader's with another leader, the partition's each time", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (drawn) => {
        const controller = withTopic();
        run(controller, drawn);
        const changes = controller.node
          .notes("partitionChanged")
          .filter(({ partition }) => partition === "orders-0");
        for (const [i, after] of changes.entries()) {
          const before = changes[i - 1];
          if (before === undefined) continue;
          expect(after.partitionEpoch).toBe(before.partitionEpoch + 1);
          expect(after.epoch).toBe(before.epoch + (after.leader === before.leader ? 0 : 1));
          // Nobody is both, and where nobody is either somebody is remembered.
          expect(after.elr.filter((id) => after.isr.includes(id))).toEqual([]);
          const remembered = [...after.isr, ...after.elr, ...after.lastKnownElr];
          expect(remembered.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("let nobody lead who is not in the ISR and in service", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 40 }), (drawn) => {
        const controller = withTopic();
        for (const one of drawn) {
          run(controller, [one]);
          const { leader, isr } = partitionOf(controller);
          if (leader === -1) continue;
          expect(isr).toContain(leader);
          const standing = { fenced: false, inControlledShutdown: false };
          expect(controller.node.state.image.brokers.get(leader)).toMatchObject(standing);
        }
      }),
      { numRuns: 60 },
    );
  });
});
