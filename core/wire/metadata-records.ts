/*
 * Records of the metadata log `__cluster_metadata` (KIP-631): the value is an unsigned varint frame version
 * (1), the record type's api key, its version, and the body; the key is null. They are written in the highest
 * version of the definitions and read in every one.
 */
import { assert, must } from "../foundation/assert.ts";
import { type Codec, type Compiled, int32, uuid } from "./codec.ts";
import { DecodeError } from "./decode-error.ts";
import { FieldReader } from "./field-reader.ts";
import { Reader } from "./reader.ts";
import { type Decoded, type Encodable, struct } from "./schema.ts";
import { uvarintSize, Writer } from "./writer.ts";

const endpoint = struct((f) => ({
  name: f.string(),
  host: f.string(),
  port: f.uint16(),
  securityProtocol: f.int16(),
}));

const feature = struct((f) => ({
  name: f.string(),
  minSupportedVersion: f.int16(),
  maxSupportedVersion: f.int16(),
}));

const registerBroker = struct((f) => ({
  brokerId: f.int32(),
  isMigratingZkBroker: f.bool("2+", false),
  incarnationId: f.uuid(),
  brokerEpoch: f.int64(),
  endPoints: f.array(endpoint),
  features: f.array(feature),
  rack: f.nullableString(),
  fenced: f.bool("0+", true),
  inControlledShutdown: f.bool("1+", false),
  logDirs: f.array(uuid, "3+ tag 0"),
}));

const unregisterBroker = struct((f) => ({ brokerId: f.int32(), brokerEpoch: f.int64() }));

const topic = struct((f) => ({ name: f.string(), topicId: f.uuid() }));

const partition = struct((f) => ({
  partitionId: f.int32("0+", -1),
  topicId: f.uuid(),
  replicas: f.array(int32),
  isr: f.array(int32),
  removingReplicas: f.array(int32),
  addingReplicas: f.array(int32),
  leader: f.int32("0+", -1),
  /** 1 while an uncleanly elected leader recovers. */
  leaderRecoveryState: f.int8("0+ tag 0", 0),
  leaderEpoch: f.int32("0+", -1),
  partitionEpoch: f.int32("0+", -1),
  directories: f.array(uuid, "1+"),
  eligibleLeaderReplicas: f.nullableArray(int32, "2+ tag 1", null),
  lastKnownElr: f.nullableArray(int32, "2+ tag 2", null),
}));

/** A value of null (for `leader` -2, for the recovery state -1) leaves what was. */
const partitionChange = struct((f) => ({
  partitionId: f.int32("0+", -1),
  topicId: f.uuid(),
  isr: f.nullableArray(int32, "0+ tag 0", null),
  leader: f.int32("0+ tag 1", -2),
  replicas: f.nullableArray(int32, "0+ tag 2", null),
  removingReplicas: f.nullableArray(int32, "0+ tag 3", null),
  addingReplicas: f.nullableArray(int32, "0+ tag 4", null),
  leaderRecoveryState: f.int8("0+ tag 5", -1),
  directories: f.nullableArray(uuid, "1+ tag 8", null),
  eligibleLeaderReplicas: f.nullableArray(int32, "2+ tag 6", null),
  lastKnownElr: f.nullableArray(int32, "2+ tag 7", null),
}));

const config = struct((f) => ({
  /** 2: a topic, 4: a broker. */
  resourceType: f.int8(),
  resourceName: f.string(),
  name: f.string(),
  /** Null deletes it. */
  value: f.nullableString(),
}));

const fencing = struct((f) => ({ id: f.int32(), epoch: f.int64() }));
const removeTopic = struct((f) => ({ topicId: f.uuid() }));
const featureLevel = struct((f) => ({ name: f.string(), featureLevel: f.int16() }));

const producerIds = struct((f) => ({
  brokerId: f.int32(),
  brokerEpoch: f.int64("0+", -1),
  /** The first id after the block that this record gives away. */
  nextProducerId: f.int64(),
}));

const brokerRegistrationChange = struct((f) => ({
  brokerId: f.int32(),
  brokerEpoch: f.int64(),
  /** 1: fenced, -1: unfenced, 0: as it was. */
  fenced: f.int8("0+ tag 0", 0),
  /** 1: in controlled shutdown, 0: as it was. */
  inControlledShutdown: f.int8("1+ tag 1", 0),
  logDirs: f.array(uuid, "2+ tag 2"),
}));

/** Without a name: those of all topics (KIP-966). */
const clearElr = struct((f) => ({ topicName: f.string() }));

const noOp = struct(() => ({}));

/** A record type: Kafka's api key for it, its highest version, its fields. */
interface RecordType {
  readonly key: number;
  readonly versions: readonly Compiled[];
}

function recordType<Out, In>(key: number, highest: number, codec: Codec<Out, In>) {
  const versions: Compiled<Out, In>[] = [];
  for (let version = 0; version <= highest; version++) {
    versions.push(codec.compile({ version, flexible: true, nullable: false }));
  }
  return { key, versions, codec };
}

const recordTypes = {
  registerBroker: recordType(0, 3, registerBroker),
  unregisterBroker: recordType(1, 0, unregisterBroker),
  topic: recordType(2, 0, topic),
  partition: recordType(3, 2, partition),
  config: recordType(4, 0, config),
  partitionChange: recordType(5, 2, partitionChange),
  fenceBroker: recordType(7, 0, fencing),
  unfenceBroker: recordType(8, 0, fencing),
  removeTopic: recordType(9, 0, removeTopic),
  featureLevel: recordType(12, 0, featureLevel),
  producerIds: recordType(15, 0, producerIds),
  brokerRegistrationChange: recordType(17, 2, brokerRegistrationChange),
  noOp: recordType(20, 0, noOp),
  clearElr: recordType(28, 0, clearElr),
} as const;

type Name = keyof typeof recordTypes;

/** One record of the metadata log; every field is there. */
export type MetadataRecord = {
  [K in Name]: { readonly type: K } & Decoded<(typeof recordTypes)[K]["codec"]>;
}[Name];

/** What encoding takes: fields with a default may be left out. */
export type MetadataRecordInput = {
  [K in Name]: { readonly type: K } & Encodable<(typeof recordTypes)[K]["codec"]>;
}[Name];

const byKey: ReadonlyMap<number, readonly [Name, RecordType]> = new Map(
  (Object.keys(recordTypes) as Name[]).map((name) => [
    recordTypes[name].key,
    [name, recordTypes[name]],
  ]),
);

/** The only frame version there is. */
const frameVersion = 1;

/** Encodes a record's value, in the highest version of its type. */
export function encodeMetadataRecord(record: MetadataRecordInput): Uint8Array {
  const { key, versions }: RecordType = recordTypes[record.type];
  const version = versions.length - 1;
  const codec = must(versions[version], "a version of a metadata record");
  const length = 1 + uvarintSize(key) + uvarintSize(version) + codec.size(record);
  const writer = new Writer(new Uint8Array(length));
  writer.uvarint(frameVersion);
  writer.uvarint(key);
  writer.uvarint(version);
  codec.write(writer, record);
  assert(writer.at === length, "a metadata record has the size that was reckoned");
  return writer.bytes;
}

/** Decodes a record's value, to its last byte. @throws DecodeError also for a type or version that we do not know. */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes);
  return readMetadataRecord(reader, new FieldReader(reader));
}

/** Reads a record's value up to the reader's end. @throws DecodeError as `decodeMetadataRecord`. */
export function readMetadataRecord(reader: Reader, fields: FieldReader): MetadataRecord {
  const start = reader.at;
  const frame = header("frameVersion", reader);
  if (frame !== frameVersion) throw new DecodeError("frameVersion", start, `${frame} instead of 1`);
  const key = header("apiKey", reader);
  const known = byKey.get(key);
  if (known === undefined)
    throw new DecodeError("apiKey", start + 1, `${key} is no metadata record of ours`);
  const [type, { versions }] = known;
  const at = reader.at;
  const codec = versions[header("version", reader)];
  if (codec === undefined) throw new DecodeError("version", at, `no such version of ${type}`);
  const body = codec.read(fields) as object;
  if (reader.left > 0) throw new DecodeError("record", reader.at, `${reader.left} bytes too many`);
  return { type, ...body } as MetadataRecord;
}

function header(field: string, reader: Reader): number {
  try {
    return reader.uvarint();
  } catch (error) {
    throw error instanceof DecodeError ? error.within(field) : error;
  }
}

/** A record with every field: what is left out gets its default, as if it had been written and read. */
export const metadataRecord = (record: MetadataRecordInput): MetadataRecord =>
  ({ ...recordTypes[record.type].codec.fallback(), ...record }) as MetadataRecord;
