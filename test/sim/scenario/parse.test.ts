import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topicDefaults } from "#core";
import { parseScenario, parseScenarioText, ScenarioError } from "#sim";
import { brokerKeyOf } from "../../../core/controller/metadata/topic-configs.ts";

const least = {
  version: 1,
  name: "least",
  durationMs: 1000,
  cluster: { brokers: [{ id: 1 }, { id: 2 }] },
  topics: [{ name: "orders", partitions: 2, replicationFactor: 2 }],
  workload: {
    producers: [{ name: "p1", topic: "orders", endMs: 900 }],
    consumers: [{ name: "k1", topic: "orders" }],
  },
};

const crash = (target: unknown) => ({ type: "crash", atMs: 1, target });

const grow = (count: number) => ({ type: "addPartitions", atMs: 1, topic: "orders", count });
const elect = (...partitions: readonly string[]) => ({
  type: "electLeaders",
  atMs: 1,
  election: "preferred",
  partitions,
});
const configure = (more: object) => ({
  type: "configChange",
  atMs: 1,
  config: { "min.insync.replicas": 1 },
  ...more,
});

/** Where the checker says that a scenario is wrong. */
function pathOf(change: object): string {
  try {
    parseScenario({ ...least, ...change });
  } catch (error) {
    if (error instanceof ScenarioError) {
      expect(error.message).toContain(error.path);
      return error.path;
    }
    throw error;
  }
  return "nowhere";
}

const withProducer = (change: object) => ({
  workload: { producers: [{ name: "p1", topic: "orders", endMs: 900, ...change }] },
});

test("defaults are filled in, and what was read reads the same again", () => {
  const scenario = parseScenario(least);
  expect(scenario).toMatchObject({
    seed: "1",
    faults: [],
    cluster: {
      controllers: [{ id: 101 }, { id: 102 }, { id: 103 }],
      brokers: [{ id: 1, rack: null }, { rack: null }],
    },
    workload: { producers: [{ keys: 0, valueBytes: 100 }], consumers: [{ from: "earliest" }] },
  });
  for (const part of [scenario.network, scenario.disk]) {
    expect(Object.values(part).length).toBeGreaterThan(2);
  }
  expect(parseScenario(scenario)).toEqual(scenario);
  expect(parseScenarioText(JSON.stringify(scenario))).toEqual(scenario);
});

const withConfig = (config: object) => ({ cluster: { ...least.cluster, config } });

describe("settings with which a run would mean nothing are refused", () => {
  const consumer = (config: object) => ({
    workload: { consumers: [{ name: "k1", topic: "orders", config }] },
  });
  const quorum = "cluster.config.controller.quorum";
  test.each<[string, object]>([
    [`${quorum}.fetch.timeout.ms`, withConfig({ "controller.quorum.fetch.timeout.ms": 500 })],
    [`${quorum}.request.timeout.ms`, withConfig({ "controller.quorum.request.timeout.ms": 500 })],
    [
      "cluster.config.replica.fetch.wait.max.ms",
      withConfig({ "replica.fetch.wait.max.ms": 600, "replica.socket.timeout.ms": 599 }),
    ],
    ["cluster.config.replica.fetch.wait.max.ms", withConfig({ "replica.lag.time.max.ms": 499 })],
    [
      "cluster.config.broker.heartbeat.interval.ms",
      withConfig({ "broker.session.timeout.ms": 1999 }),
    ],
    ["cluster.config.log.segment.bytes", withConfig({ "log.segment.bytes": 13 })],
    [
      "workload.producers.0.config.delivery.timeout.ms",
      withProducer({ config: { "delivery.timeout.ms": 30_004 } }),
    ],
    [
      "workload.producers.0.config.max.in.flight.requests.per.connection",
      withProducer({ config: { "max.in.flight.requests.per.connection": 6 } }),
    ],
    [
      "workload.consumers.0.config.fetch.max.wait.ms",
      consumer({ "fetch.max.wait.ms": 500, "request.timeout.ms": 499 }),
    ],
  ])("%s", (path, change) => {
    expect(pathOf(change)).toBe(path);
  });

  test("and the least that means something is taken", () => {
    const config = {
      "controller.quorum.fetch.timeout.ms": 501,
      "controller.quorum.request.timeout.ms": 501,
      "replica.lag.time.max.ms": 500,
      "broker.session.timeout.ms": 2000,
    };
    expect(pathOf(withConfig(config))).toBe("nowhere");
    const inFlight = { "max.in.flight.requests.per.connection": 6, "enable.idempotence": false };
    expect(pathOf(withProducer({ config: inFlight }))).toBe("nowhere");
    expect(pathOf(withProducer({ config: { "delivery.timeout.ms": 30_005 } }))).toBe("nowhere");
  });
});

describe("what is wrong is named by its path", () => {
  test.each<[string, object]>([
    ["version", { version: 2 }],
    ["faults.0.topic", { faults: [{ type: "deleteTopic", atMs: 1, topic: "x" }] }],
    ["faults.0.count", { faults: [grow(2)] }],
    ["faults.0.count", { faults: [grow(1001)] }],
    ["faults.0.partitions.1", { faults: [elect("orders-1", "orders-2")] }],
    ["faults.0.partitions", { faults: [elect()] }],
    ["faults.0.broker", { faults: [configure({ broker: 3 })] }],
    ["faults.0.broker", { faults: [configure({ broker: 1, topic: "orders" })] }],
    ["faults.0.config.segment.bytes", { faults: [configure({ config: { "segment.bytes": 20 } })] }],
    [
      "faults.0.config.log.segment.bytes",
      { faults: [configure({ topic: "orders", config: { "log.segment.bytes": 20 } })] },
    ],
    [
      "faults.0.config.min.insync.replicas",
      { faults: [configure({ config: { "min.insync.replicas": 0 } })] },
    ],
    ["faults.0.config", { faults: [configure({ config: {} })] }],
    ["faults.0.forMs", { faults: [{ ...grow(3), forMs: 1 }] }],
    ["durationMs", { durationMs: 600_001 }],
    ["durationMs", { durationMs: 0.12345 }],
    ["colour", { colour: "red" }],
    ["cluster.brokers", { cluster: { brokers: [] } }],
    ["cluster.brokers.1", { cluster: { brokers: [{ id: 2 }, { id: 2 }] } }],
    ["cluster.config.min.insync", { cluster: { ...least.cluster, config: { "min.insync": 1 } } }],
    ["topics.0.replicationFactor", { topics: [{ name: "orders", replicationFactor: 3 }] }],
    ["topics.1", { topics: [...least.topics, { name: "orders" }] }],
    ["workload.producers.0.topic", withProducer({ topic: "order" })],
    ["workload.producers.0.name", withProducer({ name: "b1" })],
    ["workload.producers.0.intervalMs", withProducer({ intervalMs: [3, 2] })],
    ["workload.producers.0.config.acks", withProducer({ config: { acks: "2" } })],
    ["network.latencyUs", { network: { latencyUs: [2, 1] } }],
    ["faults.0.type", { faults: [{ ...crash({ node: "b1" }), type: "explode" }] }],
    ["faults.0.target.node", { faults: [crash({ node: "b3" })] }],
    ["faults.0.target", { faults: [crash({ leaderOf: "orders-2" })] }],
    ["faults.0.target", { faults: [crash({ others: true })] }],
    ["faults.0.target.nodes", { faults: [crash({ nodes: ["b1", "k7"] })] }],
    ["faults.0.forMs", { faults: [{ ...crash({ node: "b1" }), forMs: -1 }] }],
    ["faults.0.target.rack", { faults: [crash({ rack: "r9" })] }],
    ["faults.0.broker", { faults: [{ type: "addBroker", atMs: 1, broker: 7 }] }],
    [
      "faults.0.when.node",
      { faults: [{ ...crash({ node: "b1" }), when: { event: "diskWrite", node: "b9" } }] },
    ],
    [
      "faults.0.when.nth",
      { faults: [{ ...crash({ node: "b1" }), when: { event: "diskWrite", nth: 0 } }] },
    ],
    [
      "faults.0.eachMs",
      { faults: [{ type: "rollingRestart", atMs: 1, target: { role: "brokers" } }] },
    ],
    [
      "faults.0.addMs",
      {
        faults: [
          { type: "delay", atMs: 1, between: [{ node: "b1" }, { node: "b2" }], addMs: [2, 1] },
        ],
      },
    ],
    [
      "faults.0.between.1.node",
      { faults: [{ type: "cut", atMs: 1, between: [{ node: "b1" }, { node: "b9" }] }] },
    ],
  ])("%s", (path, change) => {
    expect(pathOf(change)).toBe(path);
  });
});

/** The sentence in which the checker says what is wrong. */
function sentenceOf(change: object): string {
  try {
    parseScenario({ ...least, ...change });
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
  }
  return "nothing";
}

describe("a key that nobody knows is named with those that there are", () => {
  const crashed = (more: object) => ({ faults: [{ ...crash({ node: "b1" }), ...more }] });
  const targets = "node, nodes, leaderOf, followersOf, role, rack, others";
  test.each<[string, object]>([
    [
      'colour: unknown key "colour"; expected one of version, name, title, about, seed, durationMs, cluster, network, disk, topics, workload, faults, heal, atlas',
      { colour: "red" },
    ],
    [
      'cluster.brokerz: unknown key "brokerz"; expected one of brokers, controllers, config, flaws',
      { cluster: { brokerz: [] } },
    ],
    [
      'cluster.brokers.0.racks: unknown key "racks"; expected one of id, rack',
      { cluster: { brokers: [{ id: 1, racks: "a" }] } },
    ],
    [
      'topics.0.config.min.insync: unknown key "min.insync"; expected one of min.insync.replicas, unclean.leader.election.enable, segment.bytes, retention.ms, retention.bytes, flush.messages',
      { topics: [{ name: "orders", config: { "min.insync": 1 } }] },
    ],
    [
      'faults.0.forms: unknown key "forms"; expected one of type, atMs, when, forMs, target',
      crashed({ forms: 3 }),
    ],
    [
      'faults.0.when.events: unknown key "events"; expected one of event, partition, node, nth, afterMs',
      crashed({ when: { events: "diskWrite" } }),
    ],
    [
      `faults.0.target: unknown key "leader"; expected one of ${targets}`,
      crashed({ target: { leader: "orders-0" } }),
    ],
    [
      `faults.0.between.1: unknown key "nod"; expected one of ${targets}`,
      { faults: [{ type: "cut", atMs: 1, between: [{ node: "b1" }, { nod: "b2" }] }] },
    ],
    [
      `faults.0.target: expected exactly one of ${targets}`,
      crashed({ target: { node: "b1", role: "all" } }),
    ],
    [
      "faults.0.target: node: Invalid type: Expected string but received 5",
      crashed({ target: { node: 5 } }),
    ],
    ["topics.0.name: is missing", { topics: [{ partitions: 2 }] }],
  ])("%s", (sentence, change) => {
    expect(sentenceOf(change)).toBe(sentence);
  });
});

test("every setting of a topic may change at run time, under its own name or that of brokers", () => {
  for (const key of Object.keys(topicDefaults)) {
    const value = key === "unclean.leader.election.enable" ? true : 20;
    const config = key === "min.insync.replicas" ? { [key]: 1 } : { [key]: value };
    expect(sentenceOf({ faults: [configure({ topic: "orders", config })] })).toBe("nothing");
    const ofBrokers = Object.fromEntries(
      Object.entries(config).map(([name, to]) => [brokerKeyOf(name), to]),
    );
    expect(sentenceOf({ faults: [configure({ config: ofBrokers })] })).toBe("nothing");
  }
  const forEver = { "retention.ms": -1, "retention.bytes": -1 };
  expect(sentenceOf({ topics: [{ name: "orders", config: forEver }] })).toBe("nothing");
});

test("anything else than a scenario is refused with a ScenarioError", () => {
  const keys = fc.constantFrom(...Object.keys(least), "faults", "disk", "network");
  fc.assert(
    fc.property(fc.jsonValue(), keys, (json, key) => {
      expect(() => parseScenario(json)).toThrow(ScenarioError);
      // Throws nothing else, or takes it.
      expect(pathOf({ [key]: json })).not.toBe("");
    }),
    { numRuns: 300 },
  );
  expect(() => parseScenarioText("{")).toThrow(ScenarioError);
});
