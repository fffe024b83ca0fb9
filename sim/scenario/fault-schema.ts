/*
 * Faults as they stand in files: what there is to go wrong, to whom, and when.
 */
import * as v from "valibot";
import { conditionEvents, limits } from "./limits.ts";
import { ms, nodeName, partitionName, producerName, topicName, whole } from "./schema-parts.ts";
import { producerConfig } from "./settings-schema.ts";

const target = v.union([
  v.strictObject({ node: nodeName }),
  v.strictObject({ nodes: v.pipe(v.array(nodeName), v.minLength(1), v.maxLength(limits.brokers)) }),
  v.strictObject({ leaderOf: partitionName }),
  v.strictObject({ followersOf: partitionName }),
  v.strictObject({ role: v.picklist(["brokers", "controllers", "clients", "all"]) }),
  v.strictObject({ rack: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
  v.strictObject({ others: v.literal(true) }),
]);

/** What a fault waits for, from `atMs` on. */
const condition = v.strictObject({
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
  v.strictObject({
    "min.insync.replicas": v.optional(v.nullable(whole(1, limits.brokers))),
    "unclean.leader.election.enable": v.optional(v.nullable(v.boolean())),
    "segment.bytes": v.optional(v.nullable(whole(14, 1_073_741_824))),
    "flush.messages": v.optional(v.nullable(whole(1, 1_000_000_000_000))),
    "log.segment.bytes": v.optional(v.nullable(whole(14, 1_073_741_824))),
    "log.flush.interval.messages": v.optional(v.nullable(whole(1, 1_000_000_000_000))),
  }),
  v.check((config) => Object.keys(config).length > 0, "at least one setting"),
);

/** Any fault. */
export const faultSchema = v.variant("type", [
  v.strictObject({ type: v.literal("stop"), ...lasting, target }),
  v.strictObject({ type: v.literal("crash"), ...lasting, target }),
  v.strictObject({ type: v.literal("powerLoss"), ...lasting, target }),
  v.strictObject({ type: v.literal("pause"), ...lasting, target }),
  v.strictObject({ type: v.literal("restart"), ...at, target }),
  v.strictObject({
    type: v.literal("rollingRestart"),
    ...at,
    target,
    eachMs: ms(1, limits.durationMs),
  }),
  v.strictObject({ type: v.literal("emptyDisk"), ...lasting, target }),
  v.strictObject({ type: v.literal("slow"), ...lasting, target, stepMs: ms(0.001, 1000) }),
  v.strictObject({
    type: v.literal("clockStep"),
    ...lasting,
    target,
    byMs: whole(-1_000_000_000, 1_000_000_000),
  }),
  v.strictObject({
    type: v.literal("clockDrift"),
    ...lasting,
    target,
    ppm: whole(-500_000, 500_000),
  }),
  v.strictObject({ type: v.literal("diskLatency"), ...lasting, target, times: whole(2, 1000) }),
  v.strictObject({ type: v.literal("diskFull"), ...lasting, target }),
  v.strictObject({ type: v.literal("diskError"), ...lasting, target }),
  v.strictObject({ type: v.literal("lyingFsync"), ...lasting, target }),
  v.strictObject({ type: v.literal("bitRot"), ...at, target }),
  v.strictObject({ type: v.literal("cut"), ...lasting, between, oneWay }),
  v.strictObject({
    type: v.literal("delay"),
    ...lasting,
    between,
    oneWay,
    addMs: v.strictTuple([ms(0, 60_000), ms(0.001, 60_000)]),
  }),
  v.strictObject({
    type: v.literal("slowLink"),
    ...lasting,
    between,
    oneWay,
    bytesPerMs: whole(1, 1_000_000),
  }),
  v.strictObject({ type: v.literal("reset"), ...at, between }),
  v.strictObject({ type: v.literal("blackHole"), ...at, between }),
  v.strictObject({ type: v.literal("addBroker"), ...at, broker: whole(1, limits.brokers) }),
  v.strictObject({
    type: v.literal("configChange"),
    ...at,
    topic: v.optional(topicName),
    broker: v.optional(whole(1, limits.brokers)),
    config: changedConfig,
  }),
  v.strictObject({ type: v.literal("deleteTopic"), ...at, topic: topicName }),
  v.strictObject({
    type: v.literal("deleteRecords"),
    ...at,
    partition: partitionName,
    before: v.optional(whole(0, 1_000_000_000)),
  }),
  v.strictObject({
    type: v.literal("addPartitions"),
    ...at,
    topic: topicName,
    count: whole(2, limits.partitions),
  }),
  v.strictObject({
    type: v.literal("electLeaders"),
    ...at,
    election: v.picklist(["preferred", "unclean"]),
    partitions: v.pipe(v.array(partitionName), v.minLength(1), v.maxLength(limits.partitions)),
  }),
  v.strictObject({
    type: v.literal("produce"),
    ...at,
    producer: producerName,
    partition: v.optional(whole(0, limits.partitions - 1)),
    key: v.optional(v.pipe(v.string(), v.maxLength(limits.handText))),
    value: v.optional(v.pipe(v.string(), v.maxLength(limits.handText)), ""),
  }),
  v.strictObject({
    type: v.literal("producerConfig"),
    ...at,
    producer: producerName,
    config: producerConfig,
  }),
  v.strictObject({
    type: v.literal("heal"),
    ...at,
    fault: v.optional(whole(0, limits.faults - 1)),
  }),
]);
