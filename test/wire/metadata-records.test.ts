import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DecodeError,
  decodeLeaderChange,
  decodeMetadataRecord,
  encodeLeaderChange,
  encodeMetadataRecord,
  type LeaderChange,
  type MetadataRecord,
  metadataRecord,
  uuid,
} from "#core";
import { messages } from "../support/generic-arbitrary.ts";
import { decodeGeneric, encodeGeneric, loadDefinition } from "../support/generic-codec.ts";
import { describeShared } from "../support/shared.ts";

const types = [
  "registerBroker",
  "unregisterBroker",
  "topic",
  "partition",
  "config",
  "partitionChange",
  "fenceBroker",
  "unfenceBroker",
  "removeTopic",
  "featureLevel",
  "producerIds",
  "brokerRegistrationChange",
  "noOp",
] as const satisfies readonly MetadataRecord["type"][];

const topicId = uuid("00112233-4455-6677-8899-aabbccddeeff");

describeShared("the definitions of metadata records", (shared) => {
  for (const type of types) {
    const file = `${type.charAt(0).toUpperCase()}${type.slice(1)}Record.json`;
    const definition = loadDefinition(`${shared}/kafka-messages/metadata/${file}`);

    test(`${type} is written in its highest version and read in every one`, () => {
      for (let version = 0; version <= definition.highest; version++) {
        fc.assert(
          fc.property(messages(definition, version), (value) => {
            const body = encodeGeneric(definition, version, value);
            const bytes = Uint8Array.from([1, definition.apiKey, version, ...body]);
            const record = { type, ...value } as MetadataRecord;
            expect(decodeMetadataRecord(bytes)).toEqual(record);
            const highest = encodeGeneric(definition, definition.highest, value);
            const whole = [1, definition.apiKey, definition.highest, ...highest];
            expect(encodeMetadataRecord(record)).toEqual(Uint8Array.from(whole));
          }),
          { numRuns: 60 },
        );
      }
    });
  }

  test("a leader change is written in version 1 and read in both", () => {
    const definition = loadDefinition(
      `${shared}/kafka-messages/control-records/LeaderChangeMessage.json`,
    );
    for (const version of [0, 1]) {
      fc.assert(
        fc.property(messages(definition, version), (drawn) => {
          const value = { ...drawn, version };
          const { leaderId, voters, grantingVoters } = value as unknown as LeaderChange;
          const change = { leaderId, voters, grantingVoters };
          const body = Uint8Array.from(encodeGeneric(definition, version, value));
          expect(decodeLeaderChange(Uint8Array.of(0, 0, 0, 2), body)).toEqual(change);
          if (version === 0) return;
          const written = encodeLeaderChange(change);
          expect(written.key).toEqual(Uint8Array.of(0, 0, 0, 2));
          expect(decodeGeneric(definition, 1, written.value)).toEqual(value);
        }),
        { numRuns: 60 },
      );
    }
  });
});

describe("metadata records", () => {
  test("what is left out gets its default", () => {
    const change = { type: "partitionChange", partitionId: 3, topicId, isr: [1, 2] } as const;
    const whole = metadataRecord(change);
    expect(whole).toEqual({
      ...change,
      leader: -2,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: -1,
      directories: null,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
    });
    expect(decodeMetadataRecord(encodeMetadataRecord(change))).toEqual(whole);
  });

  test("an unknown frame, type or version, and cut or longer bytes are decode errors", () => {
    const bytes = encodeMetadataRecord({ type: "topic", name: "orders", topicId });
    const fieldOf = (mangled: Uint8Array): string => {
      try {
        decodeMetadataRecord(mangled);
      } catch (error) {
        if (error instanceof DecodeError) return error.field;
        throw error;
      }
      return "none";
    };
    expect(fieldOf(bytes.with(0, 2))).toBe("frameVersion");
    expect(fieldOf(bytes.with(1, 99))).toBe("apiKey");
    expect(fieldOf(bytes.with(2, 1))).toBe("version");
    expect(fieldOf(bytes.subarray(0, 6))).toBe("name");
    expect(fieldOf(bytes.subarray(0, 12))).toBe("topicId");
    expect(fieldOf(Uint8Array.from([...bytes, 0]))).toBe("record");
    expect(fieldOf(new Uint8Array(0))).toBe("frameVersion");
  });

  test("another control record is no leader change", () => {
    expect(decodeLeaderChange(Uint8Array.of(0, 0, 0, 1), new Uint8Array(6))).toBeUndefined();
  });
});
