import { beforeEach, describe, expect, it } from "vitest";
import { createTopics, errorName } from "#core";
import {
  askProducerIds,
  type ControllerNode,
  epochOf,
  heartbeat,
  inService,
  makeTopic,
  partitionOf,
  register,
  startedController,
} from "../support/controller-node.ts";

let controller: ControllerNode;
beforeEach(() => {
  controller = startedController();
  inService(controller);
});

interface Asked {
  readonly name: string;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly assignments?: readonly { partitionIndex: number; brokerIds: readonly number[] }[];
  readonly configs?: readonly { name: string; value: string | null }[];
}

/** Asks for topics; answers with an error for each. */
function create(topics: readonly Asked[], more: object = {}): string[] {
  const answer = controller.talk.call(createTopics, {
    topics: topics.map((topic) => ({
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
      ...topic,
    })),
    timeoutMs: 1000,
    ...more,
  });
  return answer.topics.map(({ errorCode }) => errorName(errorCode));
}

const placed = (...brokers: readonly (readonly number[])[]) => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: brokers.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
});

const sorted = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);

describe("CreateTopics", () => {
  it("places replicas on brokers in service and spreads the leaders", () => {
    expect(create([{ name: "orders", numPartitions: 3, replicationFactor: 3 }])).toEqual(["NONE"]);
    const leaders = [0, 1, 2].map((index) => partitionOf(controller, "orders", index).leader);
    expect(sorted(leaders)).toEqual([1, 2, 3]);
    expect(partitionOf(controller)).toMatchObject({ leaderEpoch: 0, partitionEpoch: 0 });
    expect(sorted(partitionOf(controller).isr)).toEqual([1, 2, 3]);
  });

  it("may count on a fenced broker for a replica, but neither for the ISR nor for the lead", () => {
    heartbeat(controller, 1, { wantFence: true });
    expect(create([{ name: "orders", numPartitions: 3, replicationFactor: 3 }])).toEqual(["NONE"]);
    for (const index of [0, 1, 2]) {
      const { replicas, isr, leader } = partitionOf(controller, "orders", index);
      expect(replicas).toContain(1);
      expect(sorted(isr)).toEqual([2, 3]);
      expect([2, 3]).toContain(leader);
    }
  });

  it("takes -1 for one partition and one replica", () => {
    expect(create([{ name: "orders", numPartitions: -1, replicationFactor: -1 }])).toEqual([
      "NONE",
    ]);
    expect(partitionOf(controller).replicas).toHaveLength(1);
  });

  const refused: [string, Asked, string][] = [
    ["an empty name", { name: "" }, "INVALID_TOPIC_EXCEPTION"],
    ["a name of dots", { name: ".." }, "INVALID_TOPIC_EXCEPTION"],
    ["a letter that is not allowed", { name: "a b" }, "INVALID_TOPIC_EXCEPTION"],
    ["a name of 250 letters", { name: "a".repeat(250) }, "INVALID_TOPIC_EXCEPTION"],
    ["no partition", { name: "a", numPartitions: 0 }, "INVALID_PARTITIONS"],
    ["no replica", { name: "a", replicationFactor: 0 }, "INVALID_REPLICATION_FACTOR"],
    [
      "more replicas than brokers",
      { name: "a", replicationFactor: 4 },
      "INVALID_REPLICATION_FACTOR",
    ],
    [
      "a setting nobody knows",
      { name: "a", configs: [{ name: "x", value: "1" }] },
      "INVALID_CONFIG",
    ],
    [
      "a setting out of range",
      { name: "a", configs: [{ name: "min.insync.replicas", value: "0" }] },
      "INVALID_CONFIG",
    ],
    ["a broker twice", { name: "a", ...placed([1, 1]) }, "INVALID_REPLICA_ASSIGNMENT"],
    ["a broker that is not there", { name: "a", ...placed([1, 9]) }, "INVALID_REPLICA_ASSIGNMENT"],
    [
      "a partition without replicas",
      { name: "a", ...placed([1], []) },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
    [
      "a gap in the numbers",
      { name: "a", ...placed([1]), assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      "INVALID_REPLICA_ASSIGNMENT",
    ],
    [
      "both an assignment and a count",
      { name: "a", ...placed([1]), numPartitions: 1 },
      "INVALID_REQUEST",
    ],
    [
      "both an assignment and a factor",
      { name: "a", ...placed([1]), replicationFactor: 1 },
      "INVALID_REQUEST",
    ],
  ];
  it.each(refused)("refuses %s and makes the others", (_name, asked, error) => {
    expect(create([asked, { name: "good" }])).toEqual([error, "NONE"]);
    expect([...controller.node.state.image.topics.keys()]).toEqual(["good"]);
  });

  it("refuses a name that is there, and one that is asked for twice", () => {
    makeTopic(controller, "orders", [[1]]);
    expect(create([{ name: "orders" }])).toEqual(["TOPIC_ALREADY_EXISTS"]);
    expect(create([{ name: "a" }, { name: "a" }, { name: "b" }])).toEqual([
      "INVALID_REQUEST",
      "INVALID_REQUEST",
      "NONE",
    ]);
  });

  it("refuses a name that differs from one that is there by . and _ alone", () => {
    expect(create([{ name: "a.b" }])).toEqual(["NONE"]);
    expect(create([{ name: "a_b" }])).toEqual(["INVALID_TOPIC_EXCEPTION"]);
  });

  it("needs a broker in service", () => {
    controller = startedController();
    register(controller, 1);
    expect(create([{ name: "a" }])).toEqual(["INVALID_REPLICATION_FACTOR"]);
    expect(create([{ name: "a", ...placed([1]) }])).toEqual(["INVALID_REPLICA_ASSIGNMENT"]);
  });

  it("makes nothing when it is only to say what would be", () => {
    expect(create([{ name: "a" }], { validateOnly: true })).toEqual(["NONE"]);
    expect(controller.node.state.image.topics.size).toBe(0);
  });
});

describe("AllocateProducerIds", () => {
  it("gives each block once, over every change of controller", () => {
    expect(askProducerIds(controller, 1)).toEqual({ error: "NONE", start: 0, length: 1000 });
    expect(askProducerIds(controller, 2)).toEqual({ error: "NONE", start: 1000, length: 1000 });
    const next = startedController({}, controller.node.files);
    expect(askProducerIds(next, 1).start).toBe(2000);
  });

  it("gives nothing to an earlier life of a broker or to a stranger", () => {
    const epoch = epochOf(controller.node, 1);
    expect(askProducerIds(controller, 1, epoch - 1).error).toBe("STALE_BROKER_EPOCH");
    expect(askProducerIds(controller, 9, epoch).error).toBe("BROKER_ID_NOT_REGISTERED");
    expect(controller.node.state.image.nextProducerId).toBe(0);
  });
});
