/*
 * What a metadata log says, as a flat table of texts: an image too simple to be wrong. It knows each record by Kafka's
 * definition of it (KIP-631, KIP-966) and shares nothing with the core's replay but the decoding of records.
 */
import {
  decodeMetadataRecord,
  decodeRecords,
  isControl,
  type MetadataRecord,
  nextOffset,
  readBatchHeader,
  splitBatches,
} from "#core";
import type { DiskView } from "../world/disk/view.ts";
import { readModel } from "./log-model.ts";

/** Fields of a broker, topic, partition, ... under a name of its own. */
type Fields = Readonly<Record<string, unknown>>;

export type ImageModel = Map<string, Fields>;

const folder = "__cluster_metadata-0";

/** The image that a disk's newest needed snapshot and its metadata log make up to `next`; a text: why it cannot be made. */
export function imageOnDisk(disk: DiskView, next: number): ImageModel | string {
  const model: ImageModel = new Map();
  const log = readModel(disk, folder);
  const first = log.segments[0]?.base ?? 0;
  let at = 0;
  if (first > 0) {
    const names = disk.list(folder).filter((name) => /^\d{20}-\d{10}\.checkpoint$/.test(name));
    const name = names.findLast((one) => Number(one.slice(0, 20)) <= next);
    if (name === undefined) return `its log begins at ${first}, without a snapshot`;
    const path = `${folder}/${name}`;
    for (const batch of splitBatches(disk.readAll(path))) takeBatch(model, batch);
    at = Number(name.slice(0, 20));
  }
  for (const { base, batches } of log.segments) {
    const path = `${folder}/${String(base).padStart(20, "0")}.log`;
    for (const { header, position } of batches) {
      if (header.baseOffset < at || header.baseOffset >= next) continue;
      if (header.baseOffset > at) return `its log has nothing at ${at}`;
      takeBatch(model, disk.read(path, position, header.length));
      at = nextOffset(header);
    }
  }
  return at === next ? model : `its log ends at ${at}, and ${next} is applied`;
}

function takeBatch(model: ImageModel, batch: Uint8Array): void {
  if (isControl(readBatchHeader(batch))) return;
  for (const { value } of decodeRecords(batch))
    if (value !== null) takeRecord(model, decodeMetadataRecord(value));
}

const change = (model: ImageModel, name: string, fields: Fields): void =>
  void model.set(name, { ...model.get(name), ...fields });

/** Changes the table as a record says. */
export function takeRecord(model: ImageModel, record: MetadataRecord): void {
  switch (record.type) {
    case "registerBroker": {
      const [listener] = record.endPoints;
      const { brokerEpoch: epoch, incarnationId, rack, fenced, inControlledShutdown } = record;
      const address = `${listener?.host}:${listener?.port}`;
      const fields = { epoch, incarnationId, address, rack, fenced, inControlledShutdown };
      model.set(`broker ${record.brokerId}`, fields);
      return;
    }
    case "unregisterBroker":
      model.delete(`broker ${record.brokerId}`);
      return;
    case "fenceBroker":
      return change(model, `broker ${record.id}`, { fenced: true });
    case "unfenceBroker":
      return change(model, `broker ${record.id}`, { fenced: false });
    case "brokerRegistrationChange": {
      const name = `broker ${record.brokerId}`;
      if (record.fenced !== 0) change(model, name, { fenced: record.fenced > 0 });
      if (record.inControlledShutdown > 0) change(model, name, { inControlledShutdown: true });
      return;
    }
    case "topic":
      model.set(`topic ${record.name}`, { id: record.topicId });
      return;
    case "removeTopic":
      return removeTopic(model, topicNamed(model, record.topicId));
    case "partition":
    case "partitionChange":
      return takePartition(model, record);
    case "clearElr":
      return clearElr(model, record.topicName);
    case "config": {
      const kind = record.resourceType === 2 ? "topic" : "broker";
      const name = `config ${record.name} of ${kind} ${record.resourceName}`;
      if (record.value === null) model.delete(name);
      else model.set(name, { value: record.value });
      return;
    }
    case "featureLevel":
      model.set(`feature ${record.name}`, { level: record.featureLevel });
      return;
    case "producerIds":
      model.set("producer ids", { next: record.nextProducerId });
      return;
    case "noOp":
      return;
  }
}

function topicNamed(model: ImageModel, id: string): string {
  for (const [name, fields] of model)
    if (name.startsWith("topic ") && fields["id"] === id) return name.slice("topic ".length);
  return `unknown ${id}`;
}

const isPartitionOf = (name: string, topic: string): boolean =>
  name.startsWith(`partition ${topic}-`) && name.lastIndexOf("-") === `partition ${topic}`.length;

function removeTopic(model: ImageModel, topic: string): void {
  for (const name of model.keys())
    if (isPartitionOf(name, topic) || name.endsWith(` of topic ${topic}`)) model.delete(name);
  model.delete(`topic ${topic}`);
}

function takePartition(
  model: ImageModel,
  record: Extract<MetadataRecord, { type: "partition" | "partitionChange" }>,
): void {
  const name = `partition ${topicNamed(model, record.topicId)}-${record.partitionId}`;
  const { replicas, isr, leaderRecoveryState, leader } = record;
  const elr = record.eligibleLeaderReplicas;
  const { lastKnownElr } = record;
  if (record.type === "partition") {
    const { leaderEpoch, partitionEpoch } = record;
    const epochs = { leader, leaderEpoch, partitionEpoch };
    const eligible = { elr: elr ?? [], lastKnownElr: lastKnownElr ?? [] };
    model.set(name, { replicas, isr, ...eligible, ...epochs, leaderRecoveryState });
    return;
  }
  const before = model.get(name) ?? {};
  const change = {
    ...(replicas === null ? {} : { replicas }),
    ...(isr === null ? {} : { isr }),
    ...(elr === null ? {} : { elr }),
    ...(lastKnownElr === null ? {} : { lastKnownElr }),
    // -2: as it was. Whoever is named begins a leader epoch.
    ...(leader === -2 ? {} : { leader, leaderEpoch: Number(before["leaderEpoch"]) + 1 }),
    ...(leaderRecoveryState === -1 ? {} : { leaderRecoveryState }),
    partitionEpoch: Number(before["partitionEpoch"]) + 1,
  };
  model.set(name, { ...before, ...change });
}

/** Nobody is eligible any more, in one topic or (without a name) in all; each partition that this changes counts it. */
function clearElr(model: ImageModel, topic: string): void {
  for (const [name, fields] of model) {
    if (!name.startsWith("partition ") || (topic !== "" && !isPartitionOf(name, topic))) continue;
    const { elr, lastKnownElr, partitionEpoch } = fields;
    if (`${String(elr)}${String(lastKnownElr)}` === "") continue;
    const next = Number(partitionEpoch) + 1;
    model.set(name, { ...fields, elr: [], lastKnownElr: [], partitionEpoch: next });
  }
}
