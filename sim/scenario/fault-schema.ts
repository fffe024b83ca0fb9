/*
 * Faults as they stand in files: what there is to go wrong, to whom, and when.
 */
import * as v from "valibot";
import { conditionEvents, limits } from "./limits.ts";
import {
  ms,
  nodeName,
  oneOf,
  partitionName,
  producerName,
  strict,
  topicName,
  whole,
} from "./schema-parts.ts";
import { producerConfig } from "./settings-schema.ts";

const target = oneOf([
  strict({ node: nodeName }),
  strict({ nodes: v.pipe(v.array(nodeName), v.minLength(1), v.maxLength(limits.brokers)) }),
  strict({ leaderOf: partitionName }),
  strict({ followersOf: partitionName }),
  strict({ role: v.picklist(["brokers", "controllers", "clients", "all"]) }),
  strict({ rack: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
  strict({ others: v.literal(true) }),
]);

/** What a fault waits for, from `atMs` on. */
const condition = strict({
  event: v.picklist(conditionEvents),
  partition: v.optional(partitionName),
  node: v.optional(nodeName),
  nth: v.optional(whole(1, 1_000_000)),
  afterMs: v.optional(ms(0, limits.durationMs), 0),
});

const at = { atMs: ms(0, limits.durationMs), when: v.optional(condition) } as const;
const lasting = { ...at, forMs: v.optional(ms(0.001, limits.durationMs)) } as const;
const between = v.strictTuple([target, target]);
const oneWay = v.optional(v.boolean());

/** Settings that change at run time; null: back to what it would be without. */
const changedConfig = v.pipe(
  strict({
    "min.insync.replicas": v.optional(v.nullable(whole(1, limits.brokers))),
    "unclean.leader.election.enable": v.optional(v.nullable(v.boolean())),
    "segment.bytes": v.optional(v.nullable(whole(14, 1_073_741_824))),
    "flush.messages": v.optional(v.nullable(whole(1, 1_000_000_000_000))),
    "retention.ms": v.optional(v.nullable(whole(-1, 1_000_000_000_000))),
    "retention.bytes": v.optional(v.nullable(whole(-1, 1_000_000_000_000))),
    "log.segment.bytes": v.optional(v.nullable(whole(14, 1_073_741_824))),
    "log.flush.interval.messages": v.optional(v.nullable(whole(1, 1_000_000_000_000))),
    "log.retention.ms": v.optional(v.nullable(whole(-1, 1_000_000_000_000))),
    "log.retention.bytes": v.optional(v.nullable(whole(-1, 1_000_000_000_000))),
  }),
  v.check((config) => Object.keys(config).length > 0, "at least one setting"),
);

/** Any fault. */
export const faultSchema = v.variant("type", [
  strict({ type: v.literal("stop"), ...lasting, target }),
  strict({ type: v.literal("crash"), ...lasting, target }),
  strict({ type: v.literal("powerLoss"), ...lasting, target }),
  strict({ type: v.literal("pause"), ...lasting, target }),
  strict({ type: v.literal("restart"), ...at, target }),
  strict({
    type: v.literal("rollingRestart"),
    ...at,
    target,
    eachMs: ms(1, limits.durationMs),
  }),
  strict({ type: v.literal("emptyDisk"), ...lasting, target }),
  strict({ type: v.literal("slow"), ...lasting, target, stepMs: ms(0.001, 1000) }),
  strict({
    type: v.literal("clockStep"),
    ...lasting,
    target,
    byMs: whole(-1_000_000_000, 1_000_000_000),
  }),
  strict({
    type: v.literal("clockDrift"),
    ...lasting,
    target,
    ppm: whole(-500_000, 500_000),
  }),
  strict({ type: v.literal("diskLatency"), ...lasting, target, times: whole(2, 1000) }),
  strict({ type: v.literal("diskFull"), ...lasting, target }),
  strict({ type: v.literal("diskError"), ...lasting, target }),
  strict({ type: v.literal("lyingFsync"), ...lasting, target }),
  strict({ type: v.literal("bitRot"), ...at, target }),
  strict({ type: v.literal("cut"), ...lasting, between, oneWay }),
  strict({
    type: v.literal("delay"),
    ...lasting,
    between,
    oneWay,
    addMs: v.strictTuple([ms(0, 60_000), ms(0.001, 60_000)]),
  }),
  strict({
    type: v.literal("slowLink"),
    ...lasting,
    between,
    oneWay,
    bytesPerMs: whole(1, 1_000_000),
  }),
  strict({ type: v.literal("reset"), ...at, between }),
  strict({ type: v.literal("blackHole"), ...at, between }),
  strict({ type: v.literal("addBroker"), ...at, broker: whole(1, limits.brokers) }),
  strict({
    type: v.literal("configChange"),
    ...at,
    topic: v.optional(topicName),
    broker: v.optional(whole(1, limits.brokers)),
    config: changedConfig,
  }),
  strict({ type: v.literal("deleteTopic"), ...at, topic: topicName }),
  strict({
    type: v.literal("deleteRecords"),
    ...at,
    partition: partitionName,
    before: v.optional(whole(0, 1_000_000_000)),
  }),
  strict({
    type: v.literal("addPartitions"),
    ...at,
    topic: topicName,
    count: whole(2, limits.partitions),
  }),
  strict({
    type: v.literal("electLeaders"),
    ...at,
    election: v.picklist(["preferred", "unclean"]),
    partitions: v.pipe(v.array(partitionName), v.minLength(1), v.maxLength(limits.partitions)),
  }),
  strict({
    type: v.literal("produce"),
    ...at,
    producer: producerName,
    partition: v.optional(whole(0, limits.partitions - 1)),
    key: v.optional(v.pipe(v.string(), v.maxLength(limits.handText))),
    value: v.optional(v.pipe(v.string(), v.maxLength(limits.handText)), ""),
  }),
  strict({
    type: v.literal("producerConfig"),
    ...at,
    producer: producerName,
    config: producerConfig,
  }),
  strict({
    type: v.literal("heal"),
    ...at,
    fault: v.optional(whole(0, limits.faults - 1)),
  }),
]);
