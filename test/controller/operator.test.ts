// What an operator asks of the controller: more partitions, other settings, other leaders.
import { beforeEach, describe, expect, it } from "vitest";
import {
  createPartitions,
  deleteTopics,
  electLeaders,
  errorName,
  incrementalAlterConfigs,
  type Uuid,
  uuid,
  zeroUuid,
} from "#core";
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

let controller: ControllerNode;
beforeEach(() => {
  controller = startedController();
  inService(controller);
});

const imageOf = () => controller.node.state.image;
const fence = (id: number) => heartbeat(controller, id, { wantFence: true });

describe("CreatePartitions", () => {
  type Asked = { name: string; count: number; assignments?: { brokerIds: number[] }[] | null };
  const grow = (topics: readonly Asked[], validateOnly = false): string[] =>
    controller.talk
      .call(createPartitions, {
        topics: topics.map((topic) => ({ assignments: null, ...topic })),
        timeoutMs: 1000,
        validateOnly,
      })
      .results.map(({ errorCode }) => errorName(errorCode));

  beforeEach(() => makeTopic(controller, "orders", [[2, 3]]));

  it("adds partitions with as many replicas, led by the broker after the last leader", () => {
    expect(grow([{ name: "orders", count: 3 }])).toEqual(["NONE"]);
    expect(partitionOf(controller).replicas).toEqual([2, 3]);
    expect(partitionOf(controller, "orders", 1)).toMatchObject({ replicas: [3, 1], leader: 3 });
    expect(partitionOf(controller, "orders", 2)).toMatchObject({ replicas: [1, 2], leader: 1 });
    expect(imageOf().topics.get("orders")?.partitions).toHaveLength(3);
  });

  it("takes replicas that are assigned by hand; whoever is fenced is not in sync", () => {
    fence(1);
    const assignments = [{ brokerIds: [1, 2] }];
    expect(grow([{ name: "orders", count: 2, assignments }])).toEqual(["NONE"]);
    expect(partitionOf(controller, "orders", 1)).toMatchObject({
      replicas: [1, 2],
      isr: [2],
      leader: 2,
      leaderEpoch: 0,
    });
  });

  const refused: [string, Asked, string][] = [
    ["a topic that is not there", { name: "x", count: 2 }, "UNKNOWN_TOPIC_OR_PARTITION"],
    ["as many as there are", { name: "orders", count: 1 }, "INVALID_PARTITIONS"],
    ["fewer than there are", { name: "orders", count: 0 }, "INVALID_PARTITIONS"],
    [
      "fewer assignments than partitions",
      { name: "orders", count: 3, assignments: [{ brokerIds: [1, 2] }] },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
    [
      "another number of replicas",
      { name: "orders", count: 2, assignments: [{ brokerIds: [1] }] },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
    [
      "a broker that is not there",
      { name: "orders", count: 2, assignments: [{ brokerIds: [1, 9] }] },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
  ];
  it.each(refused)("refuses %s and lets the others grow", (_name, asked, error) => {
    makeTopic(controller, "good", [[1]]);
    expect(grow([asked, { name: "good", count: 2 }])).toEqual([error, "NONE"]);
    expect(imageOf().topics.get("orders")?.partitions).toHaveLength(1);
    expect(imageOf().topics.get("good")?.partitions).toHaveLength(2);
  });

  it("refuses a topic that is asked for twice, and only says what would be", () => {
    const twice = [2, 3].map((count) => ({ name: "orders", count }));
    expect(grow(twice)).toEqual(["INVALID_REQUEST", "INVALID_REQUEST"]);
    expect(grow([{ name: "orders", count: 2 }], true)).toEqual(["NONE"]);
    expect(imageOf().topics.get("orders")?.partitions).toHaveLength(1);
  });
});

describe("IncrementalAlterConfigs", () => {
  type Change = { name: string; configOperation?: number; value: string | null };
  const alter = (
    resourceType: number,
    resourceName: string,
    configs: readonly Change[],
    validateOnly = false,
  ): string | undefined => {
    const set = configs.map((one) => ({ configOperation: 0, ...one }));
    const resources = [{ resourceType, resourceName, configs: set }];
    const { responses } = controller.talk.call(incrementalAlterConfigs, {
      resources,
      validateOnly,
    });
    return responses.map(({ errorCode }) => errorName(errorCode))[0];
  };
  const minIsr = (value: string | null, configOperation = 0) => [
    { name: "min.insync.replicas", configOperation, value },
  ];
  const configsOf = (key: string) => Object.fromEntries(imageOf().configs.get(key) ?? []);

  beforeEach(() => makeTopic(controller, "orders", [[1, 2, 3]], { "segment.bytes": "4096" }));

  it("sets and deletes single settings of a topic and leaves the others", () => {
    expect(alter(2, "orders", minIsr("2"))).toBe("NONE");
    const both = { "segment.bytes": "4096", "min.insync.replicas": "2" };
    expect(configsOf("topic/orders")).toEqual(both);
    expect(alter(2, "orders", [{ name: "segment.bytes", configOperation: 1, value: null }])).toBe(
      "NONE",
    );
    expect(configsOf("topic/orders")).toEqual({ "min.insync.replicas": "2" });
  });

  it("sets those of one broker and of all brokers, under the keys that brokers have", () => {
    expect(alter(4, "", [{ name: "log.segment.bytes", value: "9000" }])).toBe("NONE");
    expect(alter(4, "2", [{ name: "log.segment.bytes", value: "7000" }])).toBe("NONE");
    expect(configsOf("broker/")).toEqual({ "log.segment.bytes": "9000" });
    expect(configsOf("broker/2")).toEqual({ "log.segment.bytes": "7000" });
  });

  it("makes the controller forget who was eligible under another min.insync.replicas (KIP-966)", () => {
    wishIsr(controller, { isr: members(controller, [1]) });
    fence(1);
    const before = partitionOf(controller);
    expect(before).toMatchObject({ isr: [], elr: [1], lastKnownElr: [1] });
    expect(alter(2, "orders", minIsr("2"))).toBe("NONE");
    const after = partitionOf(controller);
    expect(after).toMatchObject({ isr: [], elr: [], lastKnownElr: [], leader: -1 });
    expect(after.partitionEpoch).toBe(before.partitionEpoch + 1);
  });

  it.each([
    ["of the topic alone whose it is", 2, "payments", [2]],
    ["of all topics if it is the cluster's", 4, "", []],
  ])("and that %s", (_what, type, name, left) => {
    makeTopic(controller, "payments", [[2, 3]], { "min.insync.replicas": "2" });
    alter(2, "orders", minIsr("2"));
    fence(3);
    fence(2);
    expect(partitionOf(controller)).toMatchObject({ isr: [1], elr: [2] });
    expect(partitionOf(controller, "payments")).toMatchObject({ isr: [], elr: [3, 2] });
    expect(alter(type, name, minIsr("3"))).toBe("NONE");
    expect(partitionOf(controller, "payments").elr).toEqual([]);
    expect(partitionOf(controller).elr).toEqual(left);
  });

  it("leaves min.insync.replicas to topics and the cluster while eligible leader replicas are kept", () => {
    expect(alter(4, "1", minIsr("2"))).toBe("INVALID_CONFIG");
    expect(alter(4, "", minIsr("2"))).toBe("NONE");
  });

  const refused: [string, number, string, readonly Change[], string][] = [
    ["a topic that is not there", 2, "x", minIsr("2"), "UNKNOWN_TOPIC_OR_PARTITION"],
    ["a broker that is not there", 4, "9", minIsr("2"), "BROKER_ID_NOT_REGISTERED"],
    ["a broker without a number", 4, "b1", minIsr("2"), "INVALID_REQUEST"],
    ["another kind of resource", 8, "", minIsr("2"), "INVALID_REQUEST"],
    ["a key twice", 2, "orders", [...minIsr("2"), ...minIsr("3")], "INVALID_REQUEST"],
    ["no value", 2, "orders", minIsr(null), "INVALID_REQUEST"],
    ["a value out of range", 2, "orders", minIsr("0"), "INVALID_CONFIG"],
    ["adding to what is no list", 2, "orders", minIsr("2", 2), "INVALID_CONFIG"],
    [
      "a broker's key for a topic",
      2,
      "orders",
      [{ name: "log.segment.bytes", value: "9000" }],
      "INVALID_CONFIG",
    ],
    [
      "a topic's key for a broker",
      4,
      "",
      [{ name: "segment.bytes", value: "9000" }],
      "INVALID_CONFIG",
    ],
  ];
  it.each(refused)("refuses %s", (_name, type, resource, configs, error) => {
    const { committed } = controller.node.state;
    expect(alter(type, resource, configs)).toBe(error);
    expect(controller.node.state.committed).toBe(committed);
  });

  it("changes nothing when it is only to say what would be", () => {
    expect(alter(2, "orders", minIsr("2"), true)).toBe("NONE");
    expect(configsOf("topic/orders")).toEqual({ "segment.bytes": "4096" });
  });

  it("gives a partition that nobody leads a leader, once that may be a replica that is not in sync", () => {
    wishIsr(controller, { isr: members(controller, [1]) });
    fence(1);
    expect(partitionOf(controller)).toMatchObject({ leader: -1, isr: [], elr: [1] });
    const unclean = (value: string) => [{ name: "unclean.leader.election.enable", value }];
    expect(alter(2, "orders", unclean("false"))).toBe("NONE");
    expect(partitionOf(controller).leader).toBe(-1);
    expect(alter(4, "", unclean("true"))).toBe("NONE");
    // The topic's own setting counts more.
    expect(partitionOf(controller).leader).toBe(-1);
    expect(alter(2, "orders", unclean("true"))).toBe("NONE");
    expect(partitionOf(controller)).toMatchObject({
      leader: 2,
      isr: [2],
      leaderRecoveryState: 1,
    });
  });
});

describe("ElectLeaders", () => {
  const call = (electionType: number, partitions: number[] | null) =>
    controller.talk.call(electLeaders, {
      electionType,
      topicPartitions: partitions === null ? null : [{ topic: "orders", partitions }],
      timeoutMs: 1000,
    });
  const elect = (electionType: number, partitions: number[] | null) =>
    call(electionType, partitions).replicaElectionResults.flatMap(({ topic, partitionResult }) =>
      partitionResult.map(
        ({ partitionId, errorCode }) => `${topic}-${partitionId} ${errorName(errorCode)}`,
      ),
    );
  /** Broker 1 came back after it was fenced and is in sync again, but leads nothing. */
  const returned = (): void => {
    fence(1);
    register(controller, 1, 2);
    heartbeat(controller, 1);
    wishIsr(controller, { isr: members(controller, [2, 3, 1]) });
  };

  beforeEach(() =>
    makeTopic(controller, "orders", [
      [1, 2, 3],
      [2, 3, 1],
    ]),
  );

  it("gives the lead back to the first replica, and says where that is not needed", () => {
    returned();
    expect(partitionOf(controller)).toMatchObject({ leader: 2, leaderEpoch: 1 });
    expect(elect(0, [0, 1, 7])).toEqual([
      "orders-0 NONE",
      "orders-1 ELECTION_NOT_NEEDED",
      "orders-7 UNKNOWN_TOPIC_OR_PARTITION",
    ]);
    expect(partitionOf(controller)).toMatchObject({ leader: 1, leaderEpoch: 2, isr: [2, 3, 1] });
  });

  it("is silent about the others when it is asked for all", () => {
    returned();
    expect(elect(0, null)).toEqual(["orders-0 NONE"]);
    expect(elect(0, null)).toEqual([]);
  });

  it("does not give it to a first replica that is not in sync or not in service", () => {
    fence(1);
    expect(elect(0, [0])).toEqual(["orders-0 PREFERRED_LEADER_NOT_AVAILABLE"]);
    register(controller, 1, 2);
    heartbeat(controller, 1);
    expect(elect(0, [0])).toEqual(["orders-0 PREFERRED_LEADER_NOT_AVAILABLE"]);
    expect(partitionOf(controller)).toMatchObject({ leader: 2, leaderEpoch: 1 });
  });

  it("elects whoever is alive where nobody leads, if that is asked for, and else never", () => {
    wishIsr(controller, { isr: members(controller, [1]) });
    fence(1);
    expect(elect(0, [0])).toEqual(["orders-0 PREFERRED_LEADER_NOT_AVAILABLE"]);
    expect(elect(1, [0, 1])).toEqual(["orders-0 NONE", "orders-1 ELECTION_NOT_NEEDED"]);
    expect(partitionOf(controller)).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 });
  });

  it("finds nobody when all replicas are fenced", () => {
    for (const id of [1, 2, 3]) fence(id);
    expect(elect(1, [0])).toEqual(["orders-0 ELIGIBLE_LEADERS_NOT_AVAILABLE"]);
  });

  it("knows two kinds of election", () => {
    expect(errorName(call(2, [0]).errorCode)).toBe("INVALID_REQUEST");
  });
});

describe("DeleteTopics", () => {
  type Asked = { name?: string | null; topicId?: Uuid };
  const remove = (topics: readonly Asked[]): string[] =>
    controller.talk
      .call(deleteTopics, {
        topics: topics.map((topic) => ({ name: null, ...topic })),
        timeoutMs: 1000,
      })
      .responses.map(({ errorCode }) => errorName(errorCode));
  const idOf = (name: string) => imageOf().topics.get(name)?.id ?? zeroUuid;

  beforeEach(() => {
    makeTopic(
      controller,
      "orders",
      [
        [1, 2],
        [2, 1],
      ],
      { "segment.bytes": "4096" },
    );
    makeTopic(controller, "payments", [[1]]);
  });

  it("deletes by name and by id, partitions and settings too", () => {
    const topicId = idOf("payments");
    expect(remove([{ name: "orders" }, { topicId }])).toEqual(["NONE", "NONE"]);
    expect([...imageOf().topics.keys()]).toEqual([]);
    expect(imageOf().topicNames.size).toBe(0);
    expect(imageOf().configs.has("topic/orders")).toBe(false);
  });

  it("lets the name be used again, for a topic with another id and without the settings", () => {
    const before = idOf("orders");
    remove([{ name: "orders" }]);
    expect(makeTopic(controller, "orders", [[3]])).toBe("NONE");
    expect(idOf("orders")).not.toBe(before);
    expect(imageOf().configs.has("topic/orders")).toBe(false);
    expect(partitionOf(controller)).toMatchObject({ replicas: [3], leaderEpoch: 0 });
  });

  it("refuses what is not there and what is asked wrongly, and deletes the others", () => {
    const unknown = uuid("00000000-0000-0000-0000-0000000000ff");
    const asked = [
      { name: "x" },
      { topicId: unknown },
      {},
      { name: "orders", topicId: idOf("orders") },
      { name: "payments" },
    ];
    expect(remove(asked)).toEqual([
      "UNKNOWN_TOPIC_OR_PARTITION",
      "UNKNOWN_TOPIC_ID",
      "INVALID_REQUEST",
      "INVALID_REQUEST",
      "NONE",
    ]);
    expect([...imageOf().topics.keys()]).toEqual(["orders"]);
  });

  it("refuses a topic that is asked for twice, even if once by id", () => {
    const twice = [{ name: "orders" }, { topicId: idOf("orders") }];
    expect(remove(twice)).toEqual(["INVALID_REQUEST", "INVALID_REQUEST"]);
    expect(imageOf().topics.has("orders")).toBe(true);
  });

  it("speaks of names alone to clients of before version 6", () => {
    const body = { topicNames: ["orders", "x"], timeoutMs: 1000 };
    const { responses } = controller.talk.call(deleteTopics, body, 3);
    expect(responses.map(({ name, errorCode }) => [name, errorName(errorCode)])).toEqual([
      ["orders", "NONE"],
      ["x", "UNKNOWN_TOPIC_OR_PARTITION"],
    ]);
  });

  it("is followed by nothing that the broker of a replica still asks for it", () => {
    const topicId = idOf("orders");
    const ofOrders = { topicId, isr: members(controller, [1]), leaderEpoch: 0, partitionEpoch: 0 };
    remove([{ name: "orders" }]);
    makeTopic(controller, "orders", [[1, 2]]);
    expect(wishIsr(controller, { ...ofOrders, asker: 1 }).partitionError).toBe("UNKNOWN_TOPIC_ID");
    expect(partitionOf(controller).isr).toEqual([1, 2]);
  });
});

describe("every leader.imbalance.check.interval.seconds", () => {
  /** Broker 1 was fenced and came back; it is in sync in `orders-0` again. */
  const unbalanced = (more: Parameters<typeof startedController>[0] = {}): void => {
    const session = { "broker.session.timeout.ms": 1_000_000 };
    controller = startedController({ ...session, ...more });
    inService(controller);
    makeTopic(controller, "orders", [[1, 2, 3]]);
    makeTopic(controller, "lagging", [[1, 2, 3]]);
    fence(1);
    register(controller, 1, 2);
    heartbeat(controller, 1);
    wishIsr(controller, { isr: members(controller, [2, 3, 1]) });
  };
  const leaders = () => ["orders", "lagging"].map((topic) => partitionOf(controller, topic).leader);

  it("partitions go back to their first replica, where that is in sync", () => {
    unbalanced();
    expect(leaders()).toEqual([2, 2]);
    controller.node.advance(299_999);
    expect(leaders()).toEqual([2, 2]);
    controller.node.advance(1);
    expect(leaders()).toEqual([1, 2]);
    expect(partitionOf(controller)).toMatchObject({ leaderEpoch: 2, isr: [2, 3, 1] });
    wishIsr(controller, { topic: "lagging", isr: members(controller, [2, 3, 1]) });
    controller.node.advance(300_000);
    expect(leaders()).toEqual([1, 1]);
  });

  it("nothing is decided while all is as it was placed, or the first replica is not in service", () => {
    unbalanced();
    fence(1);
    const { committed } = controller.node.state;
    controller.node.advance(900_000);
    expect(leaders()).toEqual([2, 2]);
    expect(controller.node.state.committed).toBe(committed);
  });

  it("nothing is moved where auto.leader.rebalance.enable is off; another interval counts as it says", () => {
    unbalanced({ "auto.leader.rebalance.enable": false });
    controller.node.advance(900_000);
    expect(leaders()).toEqual([2, 2]);
    unbalanced({ "leader.imbalance.check.interval.seconds": 5 });
    controller.node.advance(5000);
    expect(leaders()).toEqual([1, 2]);
  });
});
