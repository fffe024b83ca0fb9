/*
 * Control records: what the quorum writes about itself into the metadata log (ControlRecordType,
 * LeaderChangeMessage). They stand in a batch with the control bit and take offsets like any other.
 */
import type { Uuid } from "../foundation/ids.ts";
import { readInt16 } from "./bytes.ts";
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

/** ControlRecordType, the int16 after the key's version. */
const leaderChangeType = 2;

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
