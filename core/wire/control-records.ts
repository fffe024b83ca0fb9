/*
 * Control records: what the quorum writes about itself into the metadata log (ControlRecordType,
 * LeaderChangeMessage). They stand in a batch with the control bit and take offsets like any other.
 */
import type { Uuid } from "../foundation/ids.ts";
import { readInt16 } from "./bytes.ts";
import type { Codec, Compiled } from "./codec.ts";
import { DecodeError } from "./decode-error.ts";
import { FieldReader } from "./field-reader.ts";
import { Reader } from "./reader.ts";
import { struct } from "./schema.ts";
import { Writer } from "./writer.ts";

const voter = struct((f) => ({
  voterId: f.int32(),
  voterDirectoryId: f.uuid("1+"),
}));

const leaderChangeMessage = struct((f) => ({
  version: f.int16(),
  leaderId: f.int32(),
  voters: f.array(voter),
  grantingVoters: f.array(voter),
}));

const leaderChangeVersions = [0, 1].map((version) =>
  leaderChangeMessage.compile({ version, flexible: true, nullable: false }),
);

const snapshotHeaderRecord = struct((f) => ({
  version: f.int16(),
  /** Wall clock (ms) of the last record that the snapshot holds. */
  lastContainedLogTimestamp: f.int64(),
}));

const snapshotFooterRecord = struct((f) => ({ version: f.int16() }));

const kraftVersionRecord = struct((f) => ({ version: f.int16(), kRaftVersion: f.int16() }));

const voterEndpoint = struct((f) => ({ name: f.string(), host: f.string(), port: f.uint16() }));

const versionRange = struct((f) => ({
  minSupportedVersion: f.int16(),
  maxSupportedVersion: f.int16(),
}));

const votersRecord = struct((f) => ({
  version: f.int16(),
  voters: f.array(
    struct((g) => ({
      voterId: g.int32(),
      voterDirectoryId: g.uuid(),
      endpoints: g.array(voterEndpoint),
      kRaftVersionFeature: g.struct(versionRange, "0+"),
    })),
  ),
}));

/** ControlRecordType, the int16 after the key's version. */
const leaderChangeType = 2;

/** The other control records of the quorum: their types, and their bodies in version 0. */
const others = {
  snapshotHeader: { type: 3, body: compiled(snapshotHeaderRecord) },
  snapshotFooter: { type: 4, body: compiled(snapshotFooterRecord) },
  kraftVersion: { type: 5, body: compiled(kraftVersionRecord) },
  voters: { type: 6, body: compiled(votersRecord) },
} as const;

function compiled<Out, In>(codec: Codec<Out, In>): Compiled<Out, In> {
  return codec.compile({ version: 0, flexible: true, nullable: false });
}

type Other = keyof typeof others;
type BodyOf<K extends Other> = Parameters<(typeof others)[K]["body"]["size"]>[0];

/** Key and value of a control record of a snapshot (KIP-630, KIP-853). */
export function encodeControlRecord<K extends Other>(
  kind: K,
  body: BodyOf<K>,
): { readonly key: Uint8Array; readonly value: Uint8Array } {
  const { type, body: codec } = others[kind] as { type: number; body: Compiled };
  const key = new Writer(new Uint8Array(4));
  key.int16(0);
  key.int16(type);
  const value = new Writer(new Uint8Array(codec.size(body)));
  codec.write(value, body);
  return { key: key.bytes, value: value.bytes };
}

/** A member of the quorum; the directory id is zero where it is not known (KIP-853). */
export interface Voter {
  readonly voterId: number;
  readonly voterDirectoryId: Uuid;
}

/** The first record of a leader's epoch: who leads, who may vote, who voted for it. */
export interface LeaderChange {
  readonly leaderId: number;
  readonly voters: readonly Voter[];
  readonly grantingVoters: readonly Voter[];
}

/** Key and value of a LeaderChange control record, in version 1. */
export function encodeLeaderChange(change: LeaderChange): {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
} {
  const key = new Writer(new Uint8Array(4));
  key.int16(0);
  key.int16(leaderChangeType);
  const { leaderId, voters, grantingVoters } = change;
  const message = { version: 1, leaderId, voters, grantingVoters };
  const codec = leaderChangeVersions[1]!;
  const value = new Writer(new Uint8Array(codec.size(message)));
  codec.write(value, message);
  return { key: key.bytes, value: value.bytes };
}

/**
 * Reads the value of a control record whose key names `type`, as far as it is one of the quorum's; of any other nothing
 * is read. @throws DecodeError
 */
export function readControlValue(type: number, reader: Reader, fields: FieldReader): void {
  if (type === leaderChangeType) {
    const at = reader.at + 2 <= reader.end ? readInt16(reader.bytes, reader.at) : 0;
    const codec = leaderChangeVersions[at];
    if (codec === undefined) throw new DecodeError("version", reader.at, `no version ${at}`);
    codec.read(fields);
    return;
  }
  const known = Object.values(others).find((other) => other.type === type);
  (known?.body as Compiled | undefined)?.read(fields);
}

/** Reads a control record; undefined for one of another type (transaction markers, snapshots). @throws DecodeError */
export function decodeLeaderChange(
  key: Uint8Array | null,
  value: Uint8Array | null,
): LeaderChange | undefined {
  if (key === null || key.length < 4)
    throw new DecodeError("key", 0, "a control record's key has 4 bytes");
  if (readInt16(key, 2) !== leaderChangeType) return undefined;
  if (value === null || value.length < 2) throw new DecodeError("value", 0, "no leader change");
  const codec = leaderChangeVersions[readInt16(value, 0)];
  if (codec === undefined) throw new DecodeError("version", 0, "no such version of LeaderChange");
  const reader = new Reader(value);
  const { leaderId, voters, grantingVoters } = codec.read(new FieldReader(reader));
  if (reader.left > 0) throw new DecodeError("value", reader.at, `${reader.left} bytes too many`);
  return { leaderId, voters, grantingVoters };
}
