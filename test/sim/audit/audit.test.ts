// Looks into a world on its way: nothing is found where nothing is wrong, and every kind of lapse of memory is.
import { beforeEach, describe, expect, test } from "vitest";
import { type Broker, type Log, metadataRecord, type MetadataRecordInput } from "#core";
import type { Audit } from "../../../sim/audit/audit.ts";
import { imageDifferences, imageDigest } from "../../../sim/audit/image-audit.ts";
import { type ImageModel, takeRecord } from "../../../sim/audit/image-model.ts";
import { logDifferences } from "../../../sim/audit/log-audit.ts";
import { parseScenario } from "../../../sim/scenario/parse.ts";
import { kafkaMachines } from "../../../sim/workload/kafka.ts";
import { advance } from "../../../sim/world/advance.ts";
import { copyWorld } from "../../../sim/world/copy-world.ts";
import { createWorld } from "../../../sim/world/create.ts";
import { DiskView } from "../../../sim/world/disk/view.ts";
import { newRuntime } from "../../../sim/world/runtime.ts";
import type { World } from "../../../sim/world/state.ts";

/** Two leader epochs, several segments, indexed ones among them, snapshots of the metadata. */
const scenario = parseScenario({
  version: 1,
  name: "looked-into",
  seed: "3",
  durationMs: 8000,
  cluster: {
    brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
    config: {
      "log.index.interval.bytes": 300,
      "metadata.log.max.record.bytes.between.snapshots": 700,
      "metadata.max.retention.bytes": 1000,
    },
  },
  topics: [
    {
      name: "orders",
      replicationFactor: 3,
      config: { "min.insync.replicas": 2, "segment.bytes": 3000 },
    },
  ],
  workload: { producers: [{ name: "p1", topic: "orders", startMs: 500, endMs: 6000 }] },
  faults: [{ type: "stop", atMs: 3000, forMs: 1000, target: { leaderOf: "orders-0" } }],
});

const whole = createWorld(scenario);
advance(whole, newRuntime(kafkaMachines), undefined, 7_000_000);

let world: World;
let disk: DiskView;
let broker: Broker;
let log: Log;

beforeEach(() => {
  world = copyWorld(whole);
  const node = world.nodes.find(({ spec }) => spec.name === "b1");
  if (node === undefined) throw new Error("there is a b1");
  disk = new DiskView(node.disk);
  broker = node.process as Broker;
  const partition = broker.partitions.get("orders-0");
  if (partition === undefined) throw new Error("b1 holds orders-0");
  log = partition.log;
});

describe("a look into a log", () => {
  test("finds nothing where memory says what the batches say", () => {
    expect(log.segments.length).toBeGreaterThan(2);
    expect(log.epochs.length).toBeGreaterThan(1);
    expect(log.producers.size).toBe(1);
    expect(log.segments.some(({ index }) => index.count > 1)).toBe(true);
    expect(logDifferences(log, disk)).toEqual([]);
    const node = world.nodes.find(({ spec }) => spec.name === "b2");
    const metadata = (node?.process as Broker | undefined)?.metadata;
    if (node === undefined || metadata === undefined) throw new Error("b2 has metadata");
    expect(metadata.log.start).toBeGreaterThan(0);
    expect(logDifferences(metadata.log, new DiskView(node.disk))).toEqual([]);
  });

  test("lets an epoch be that has begun and holds nothing yet", () => {
    const epoch = (log.epochs.at(-1)?.epoch ?? 0) + 1;
    log.epochs = [...log.epochs, { epoch, start: log.end }] as Log["epochs"];
    expect(logDifferences(log, disk)).toEqual([]);
  });

  test("lets a broker remember fewer batches of a producer than it could", () => {
    for (const [id, entry] of log.producers)
      log.producers.set(id, { ...entry, batches: entry.batches.slice(-1) });
    expect(logDifferences(log, disk)).toEqual([]);
  });

  test("lets a producer be forgotten that wrote only before the log's start", () => {
    log.start = log.end;
    log.epochs = log.epochs.slice(-1).map((entry) => ({ ...entry, start: log.end }));
    expect(logDifferences(log, disk)).toEqual([]);
    log.producers.clear();
    expect(logDifferences(log, disk)).toEqual([]);
  });

  const changeProducer = (change: (entry: Producer) => object): void => {
    for (const [id, entry] of log.producers) log.producers.set(id, { ...entry, ...change(entry) });
  };
  type Producer = Log["producers"] extends Map<unknown, infer Entry> ? Entry : never;

  test.each<[string, string, () => void]>([
    ["another end", "it ends at", () => (log.end = (log.end + 1) as Log["end"])],
    ["a start outside", "it begins at", () => (log.start = (log.end + 1) as Log["start"])],
    ["a missing epoch", "leader epochs", () => (log.epochs = log.epochs.slice(0, -1))],
    [
      "an epoch that begins elsewhere",
      "leader epochs",
      () =>
        (log.epochs = log.epochs.map((entry, i) => ({
          ...entry,
          start: entry.start + (i === 0 ? 0 : 1),
        })) as unknown as Log["epochs"]),
    ],
    [
      "an epoch behind the end",
      "leader epochs",
      () => (log.epochs = [...log.epochs, { epoch: 99, start: log.end + 1 }] as Log["epochs"]),
    ],
    ["a missing segment", "it has the segments", () => log.segments.shift()],
    ["a missing entry of an index", "the index of segment", () => dropEntry(log)],
    ["a missing time", "the times of segment", () => dropTime(log)],
    ["a forgotten producer", "it has forgotten producer", () => log.producers.clear()],
    [
      "a producer that never was",
      "which wrote nothing",
      () => {
        const [entry] = log.producers.values();
        log.producers.set(77 as never, entry as Producer);
      },
    ],
    ["a producer's epoch", "of producer", () => changeProducer(() => ({ epoch: 9 }))],
    ["a producer without batches", "of producer", () => changeProducer(() => ({ batches: [] }))],
    [
      "a producer's last batch",
      "of producer",
      () => changeProducer(({ batches }) => ({ batches: batches.slice(0, -1) })),
    ],
    [
      "a producer's last sequence",
      "of producer",
      () =>
        changeProducer(({ batches }) => ({
          batches: batches.map((batch) => ({ ...batch, lastSequence: batch.lastSequence + 1 })),
        })),
    ],
    [
      "a producer's last time",
      "of producer",
      () => changeProducer(({ lastTimestamp }) => ({ lastTimestamp: lastTimestamp + 1 })),
    ],
  ])("finds %s", (_, sentence, change) => {
    change();
    const differences = logDifferences(log, disk);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toContain(sentence);
  });
});

function dropTime({ segments }: Log): void {
  const segment = segments.find(({ times }) => times.count > 1);
  if (segment === undefined) throw new Error("there is a segment with two times");
  segment.times.count -= 1;
}

function dropEntry({ segments }: Log): void {
  const segment = segments.find(({ index }) => index.count > 1);
  if (segment !== undefined) segment.index.count -= 1;
}

describe("a look into an image", () => {
  const applied = (): number => broker.metadata?.applied ?? -1;

  test("finds nothing where it is what snapshot and log say", () => {
    expect(broker.image.topics.size).toBe(1);
    expect(broker.image.brokers.size).toBe(3);
    expect(imageDifferences(broker.image, applied(), disk)).toEqual([]);
  });

  test("finds what is not as the log says, and tells both", () => {
    const topic = broker.image.topics.get("orders");
    const [partition] = topic?.partitions ?? [];
    if (topic === undefined || partition === undefined) throw new Error("there is orders-0");
    topic.partitions[0] = { ...partition, elr: [7] as never };
    const [difference, ...more] = imageDifferences(broker.image, applied(), disk);
    expect(more).toEqual([]);
    expect(difference).toMatch(/^partition orders-0 is elr \[7\],.* by the log elr \[\],/);
  });

  test("finds that the log says more, or less, than was applied", () => {
    expect(imageDifferences(broker.image, applied() + 1000, disk)[0]).toContain("its log ends at");
  });

  test("knows equal images by equal fingerprints, whatever their order", () => {
    const { image } = broker;
    const turned = {
      ...image,
      brokers: new Map([...image.brokers].toReversed()),
      configs: new Map([...image.configs, ["topic/none", new Map()]] as const).set(
        "topic/none",
        new Map<string, string>(),
      ),
    };
    expect(imageDigest(turned)).toEqual(imageDigest(image));
    const before = imageDigest(image);
    image.nextProducerId = (image.nextProducerId + 1) as typeof image.nextProducerId;
    expect(imageDigest(image)).toEqual({ ...before, rest: imageDigest(image).rest });
    expect(imageDigest(image).rest).not.toBe(before.rest);
  });
});

describe("the table of a metadata log", () => {
  const table = (...records: readonly MetadataRecordInput[]): ImageModel => {
    const model: ImageModel = new Map();
    for (const record of records) takeRecord(model, metadataRecord(record));
    return model;
  };
  const topicId = "00000000-0000-0000-0000-000000000007" as never;
  const other = "00000000-0000-0000-0000-000000000008" as never;
  const orders: readonly MetadataRecordInput[] = [
    { type: "topic", name: "orders", topicId },
    {
      type: "partition",
      topicId,
      partitionId: 0,
      replicas: [1, 2],
      isr: [1],
      leader: 1,
      leaderEpoch: 4,
      partitionEpoch: 6,
      eligibleLeaderReplicas: [2],
      removingReplicas: [],
      addingReplicas: [],
      directories: [],
    },
  ];

  test("counts an epoch of the leader only where one is named, and one of the partition always", () => {
    const change = { type: "partitionChange", topicId, partitionId: 0 } as const;
    const kept = table(...orders, { ...change, isr: [1, 2] }).get("partition orders-0");
    expect(kept).toMatchObject({ leader: 1, leaderEpoch: 4, partitionEpoch: 7, isr: [1, 2] });
    const led = table(...orders, { ...change, leader: 1 }).get("partition orders-0");
    expect(led).toMatchObject({ leader: 1, leaderEpoch: 5, partitionEpoch: 7, elr: [2] });
  });

  test("forgets with a topic its partitions and settings, and no other topic's", () => {
    const setting = { type: "config", resourceType: 2, name: "k", value: "v" } as const;
    const model = table(
      ...orders,
      { type: "topic", name: "orders-1", topicId: other },
      { ...setting, resourceName: "orders" },
      { ...setting, resourceName: "orders-1" },
      { type: "removeTopic", topicId },
    );
    expect([...model.keys()]).toEqual(["topic orders-1", "config k of topic orders-1"]);
  });

  test("clears who is eligible where somebody was", () => {
    const cleared = table(...orders, { type: "clearElr", topicName: "" });
    expect(cleared.get("partition orders-0")).toMatchObject({ elr: [], partitionEpoch: 7 });
    const again = { type: "clearElr", topicName: "orders" } as const;
    const twice = table(...orders, again, again);
    expect(twice.get("partition orders-0")).toMatchObject({ elr: [], partitionEpoch: 7 });
  });
});

describe("audits", () => {
  test("come when images change, a high watermark moves, logs are opened, and at the end, and move nothing", () => {
    const audits: Audit[] = [];
    const heard = createWorld(scenario);
    const recorder = { auditor: (audit: Audit) => void audits.push(audit) };
    advance(heard, newRuntime(kafkaMachines), recorder, Infinity);
    const silent = createWorld(scenario);
    advance(silent, newRuntime(kafkaMachines), undefined, Infinity);
    expect(heard.tape).toEqual(silent.tape);
    const of = (type: string, when?: string): Audit[] =>
      audits.filter((one) => one.type === type && (one.type !== "log" || one.when === when));
    expect(of("image").length).toBeGreaterThan(60);
    expect(of("inSync").length).toBeGreaterThan(60);
    // Three logs of metadata and one of orders-0 for each broker; one broker started twice.
    expect(of("log", "opened").length).toBe(11);
    expect(of("log", "end").length).toBe(9);
    expect(of("imageRebuilt").map(({ node }) => node)).toEqual([
      "c1",
      "c2",
      "c3",
      "b1",
      "b2",
      "b3",
    ]);
    expect(of("imageRebuilt").every((one) => one.type === "imageRebuilt" && one.healed)).toBe(true);
  });
});
