/*
 * A scenario: one run as data. This schema is what files, links and families are checked against; the published
 * JSON Schema is printed from it. Times are virtual milliseconds with up to three decimals, sizes are bytes.
 */
import * as v from "valibot";
import {
  flawIds,
  type BrokerSettings,
  type ConsumerSettings,
  type FlawId,
  type ProducerSettings,
  type TopicSettings,
} from "#core";
import { faultSchema } from "./fault-schema.ts";
import { type conditionEvents, limits } from "./limits.ts";
import { ms, name, producerName, strict, topicName, whole, wholeRange } from "./schema-parts.ts";
import { brokerConfig, consumerConfig, producerConfig, topicConfig } from "./settings-schema.ts";

/** Flaws that are on; see sim/museum. */
const flaws = v.pipe(
  v.array(
    v.picklist(flawIds, ({ received }) => {
      return `no flaw is named ${received}; there are ${flawIds.join(", ")}`;
    }),
  ),
  v.maxLength(flawIds.length),
);

const topic = strict({
  name: topicName,
  partitions: v.optional(whole(1, limits.partitions), 1),
  replicationFactor: v.optional(whole(1, limits.brokers), 1),
  config: v.optional(topicConfig, {}),
});

/** A record of somebody's own. */
const ownRecord = strict({
  key: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(limits.keyLength))), null),
  value: v.pipe(v.string(), v.maxLength(limits.valueBytes)),
});

const producer = strict({
  name: producerName,
  topic: topicName,
  startMs: v.optional(ms(0, limits.durationMs), 0),
  endMs: ms(0, limits.durationMs),
  intervalMs: v.optional(v.strictTuple([ms(0.001, 600_000), ms(0.001, 600_000)]), [10, 10]),
  keys: v.optional(whole(0, 26), 0),
  valueBytes: v.optional(whole(1, limits.valueBytes), 100),
  maxRecords: v.optional(whole(1, limits.records), limits.records),
  records: v.optional(v.pipe(v.array(ownRecord), v.maxLength(limits.ownRecords))),
  config: v.optional(producerConfig, {}),
});

const consumer = strict({
  name: name(/^k\d+$/),
  topic: topicName,
  startMs: v.optional(ms(0, limits.durationMs), 0),
  from: v.optional(v.picklist(["earliest", "latest"]), "earliest"),
  pollMs: v.optional(ms(1, 600_000), 500),
  endsMs: v.optional(ms(1, 600_000)),
  config: v.optional(consumerConfig, {}),
});

export const scenarioSchema: v.GenericSchema = strict({
  version: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  title: v.optional(v.pipe(v.string(), v.maxLength(120)), ""),
  about: v.optional(v.pipe(v.string(), v.maxLength(2000)), ""),
  seed: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64)), "1"),
  durationMs: ms(1, limits.durationMs),
  cluster: strict({
    brokers: v.pipe(
      v.array(
        strict({
          id: whole(1, limits.brokers),
          rack: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
        }),
      ),
      v.minLength(1),
      v.maxLength(limits.brokers),
    ),
    controllers: v.optional(
      v.pipe(
        v.array(strict({ id: whole(101, 199), on: v.optional(whole(1, limits.brokers)) })),
        v.minLength(1),
        v.maxLength(limits.controllers),
        v.check((controllers) => controllers.length % 2 === 1, "an odd number of controllers"),
      ),
      [{ id: 101 }, { id: 102 }, { id: 103 }],
    ),
    config: v.optional(brokerConfig, {}),
    flaws: v.optional(flaws),
  }),
  network: v.optional(
    strict({
      latencyUs: v.optional(wholeRange(1, 60_000_000), [200, 800]),
      splitPercent: v.optional(whole(0, 100), 10),
      windowBytes: v.optional(whole(1, 1_073_741_824), 65_536),
    }),
    {},
  ),
  disk: v.optional(
    strict({
      appendUs: v.optional(wholeRange(1, 60_000_000), [5, 20]),
      fsyncUs: v.optional(wholeRange(1, 60_000_000), [500, 3000]),
      metadataUs: v.optional(wholeRange(1, 60_000_000), [20, 100]),
      writeBackMs: v.optional(wholeRange(1, 600_000), [2000, 8000]),
    }),
    {},
  ),
  topics: v.pipe(v.array(topic), v.maxLength(limits.topics)),
  workload: strict({
    producers: v.optional(v.pipe(v.array(producer), v.maxLength(limits.clients)), []),
    consumers: v.optional(v.pipe(v.array(consumer), v.maxLength(limits.clients)), []),
  }),
  faults: v.optional(v.pipe(v.array(faultSchema), v.maxLength(limits.faults)), []),
  heal: v.optional(v.picklist(["all", "least"]), "all"),
  atlas: v.optional(v.boolean()),
});

/** Whom a fault is aimed at; leaders are looked up when it strikes. `others` (cut, reset): everybody else. */
export type FaultTarget =
  | { readonly node: string }
  | { readonly nodes: readonly string[] }
  | { readonly leaderOf: string }
  | { readonly followersOf: string }
  | { readonly role: "brokers" | "controllers" | "clients" | "all" }
  | { readonly rack: string }
  | { readonly others: true };

/**
 * What a fault waits for: the first such event (or the `nth`) after `atMs`, about that partition or node if one is named;
 * it strikes `afterMs` later. `diskWrite`: an operation on the disk of a node begins, so that 0 ms later it is under way.
 */
export interface FaultCondition {
  readonly event: (typeof conditionEvents)[number];
  readonly partition?: string;
  readonly node?: string;
  readonly nth?: number;
  readonly afterMs: number;
}

/** When a fault strikes: at `atMs`, or, with a condition, once that has come true after `atMs`. */
interface Timed {
  readonly atMs: number;
  readonly when?: FaultCondition;
}

/** A fault that lasts: healed after `forMs`, or at the end. */
interface Lasting extends Timed {
  readonly forMs?: number;
}

/** A fault of one moment. */
interface Momentary extends Timed {
  readonly forMs?: undefined;
}

/** What the operator does: a call of the admin `a1`, or (`addBroker`) a machine that joins only now. */
export type OperatorFault =
  | (Momentary & {
      readonly type: "configChange";
      /** With neither topic nor broker: of all brokers. */
      readonly topic?: string;
      readonly broker?: number;
      /** Kafka's keys, of topics or of brokers; null: back to what it would be without. */
      readonly config: Readonly<Record<string, number | boolean | null>>;
    })
  | (Momentary & { readonly type: "deleteTopic"; readonly topic: string })
  /** Everything before an offset is to go; without one everything that is committed then (KIP-107). */
  | (Momentary & {
      readonly type: "deleteRecords";
      readonly partition: string;
      readonly before?: number;
    })
  | (Momentary & {
      readonly type: "addPartitions";
      readonly topic: string;
      /** How many there are to be in all. */
      readonly count: number;
    })
  | (Momentary & {
      readonly type: "electLeaders";
      readonly election: "preferred" | "unclean";
      readonly partitions: readonly string[];
    })
  | (Momentary & { readonly type: "addBroker"; readonly broker: number });

/** What somebody does by hand. */
export type HandFault =
  /** One more record; its value is a name of its own and then the text. Without a partition the producer chooses. */
  | (Momentary & {
      readonly type: "produce";
      readonly producer: string;
      readonly partition?: number;
      readonly key?: string;
      readonly value: string;
    })
  /** It is stopped in order and started with these settings on top of its own, as with every deployment. */
  | (Momentary & {
      readonly type: "producerConfig";
      readonly producer: string;
      readonly config: Partial<ProducerSettings>;
    })
  /** What a fault did is over, by its place in the list; without one what every fault did. */
  | (Momentary & { readonly type: "heal"; readonly fault?: number });

/** What befalls processes, machines and their disks. */
export type NodeFault =
  | (Lasting & {
      readonly type: "stop" | "crash" | "powerLoss" | "pause";
      readonly target: FaultTarget;
    })
  | (Momentary & { readonly type: "restart"; readonly target: FaultTarget })
  /** Clean stops and starts one after another, as for an upgrade: the next after `eachMs` if the one before is back. */
  | (Momentary & {
      readonly type: "rollingRestart";
      readonly target: FaultTarget;
      readonly eachMs: number;
    })
  /** The machine is gone, and comes back with a new, empty disk. */
  | (Lasting & { readonly type: "emptyDisk"; readonly target: FaultTarget })
  /** Every step takes that much longer. */
  | (Lasting & {
      readonly type: "slow";
      readonly target: FaultTarget;
      readonly stepMs: number;
    })
  /** The wall clock jumps; the heal sets it right. */
  | (Lasting & {
      readonly type: "clockStep";
      readonly target: FaultTarget;
      readonly byMs: number;
    })
  /** The wall clock runs fast or slow; the heal stops that, and leaves it where it is. */
  | (Lasting & {
      readonly type: "clockDrift";
      readonly target: FaultTarget;
      readonly ppm: number;
    })
  /** Operations of the disk take that many times as long. */
  | (Lasting & {
      readonly type: "diskLatency";
      readonly target: FaultTarget;
      readonly times: number;
    })
  /** A byte of a record in a log changes by itself, on the disk and for whoever reads it. */
  | (Momentary & { readonly type: "bitRot"; readonly target: FaultTarget })
  /** Nothing can be written; nothing can be read or written; nothing is flushed, though the disk says so. */
  | (Lasting & {
      readonly type: "diskFull" | "diskError" | "lyingFsync";
      readonly target: FaultTarget;
    });

/** What befalls the network between two sides; `oneWay`: only from the first to the second. */
export type LinkFault =
  | (Lasting & {
      readonly type: "cut";
      readonly between: readonly [FaultTarget, FaultTarget];
      readonly oneWay?: boolean;
    })
  /** Each chunk takes longer, by something between the two. */
  | (Lasting & {
      readonly type: "delay";
      readonly between: readonly [FaultTarget, FaultTarget];
      readonly oneWay?: boolean;
      readonly addMs: readonly [number, number];
    })
  | (Lasting & {
      readonly type: "slowLink";
      readonly between: readonly [FaultTarget, FaultTarget];
      readonly oneWay?: boolean;
      readonly bytesPerMs: number;
    })
  | (Momentary & {
      readonly type: "reset";
      readonly between: readonly [FaultTarget, FaultTarget];
    })
  /** Connections that are open carry nothing any more, and neither end hears of it; new ones work. */
  | (Momentary & {
      readonly type: "blackHole";
      readonly between: readonly [FaultTarget, FaultTarget];
    });

/** What goes wrong, and when. */
export type Fault = OperatorFault | HandFault | NodeFault | LinkFault;

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Partial<TopicSettings>;
}

/** A record of somebody's own: what a producer sends instead of drawing it. Text, sent as UTF-8. */
export interface OwnRecord {
  readonly key: string | null;
  readonly value: string;
}

export interface ProducerSpec {
  readonly name: string;
  readonly topic: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Drawn between the two for each record. */
  readonly intervalMs: readonly [number, number];
  /** How many different keys; 0: none. */
  readonly keys: number;
  readonly valueBytes: number;
  readonly maxRecords: number;
  /** Sent one after another, at most `maxRecords` of them; `keys` and `valueBytes` then say nothing. Absent: drawn. */
  readonly records?: readonly OwnRecord[];
  readonly config: Partial<ProducerSettings>;
}

export interface ConsumerSpec {
  readonly name: string;
  readonly topic: string;
  readonly startMs: number;
  readonly from: "earliest" | "latest";
  readonly pollMs: number;
  /** Asks where its topic ends every so often, as whoever measures its lag does; absent: never. */
  readonly endsMs?: number;
  readonly config: Partial<ConsumerSettings>;
}

/** A whole run as data, every default filled in. Workload and faults end at `durationMs`; then comes the heal. */
export interface Scenario {
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly seed: string;
  readonly durationMs: number;
  readonly cluster: {
    readonly brokers: readonly { readonly id: number; readonly rack: string | null }[];
    /** `on`: the broker with which it is one process on one machine (process.roles=broker,controller). */
    readonly controllers: readonly { readonly id: number; readonly on?: number }[];
    readonly config: Partial<BrokerSettings>;
    /** Absent: none. One that only stands for settings has already changed them. */
    readonly flaws?: readonly FlawId[];
  };
  readonly network: {
    readonly latencyUs: readonly [number, number];
    readonly splitPercent: number;
    readonly windowBytes: number;
  };
  readonly disk: {
    readonly appendUs: readonly [number, number];
    readonly fsyncUs: readonly [number, number];
    /** Rename, truncate, remove, folder. */
    readonly metadataUs: readonly [number, number];
    readonly writeBackMs: readonly [number, number];
  };
  readonly topics: readonly TopicSpec[];
  readonly workload: {
    readonly producers: readonly ProducerSpec[];
    readonly consumers: readonly ConsumerSpec[];
  };
  readonly faults: readonly Fault[];
  /**
   * What comes back at the end: everything, or only what the cluster needs (a majority of controllers and, for each
   * partition, min.insync.replicas replicas with one that may lead), chosen by the seed; the rest stays broken.
   */
  readonly heal: "all" | "least";
  /**
   * The faults were drawn so that every acknowledged record is promised beforehand: no record is excused because all that
   * could have kept it were hit.
   */
  readonly atlas?: boolean;
}
