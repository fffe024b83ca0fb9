import { describe, expect, test } from "vitest";
import {
  crc32c,
  errorCode,
  errorName,
  errors,
  type ErrorName,
  isRetriable,
  murmur2,
  partitionForKey,
  utf8Bytes,
  uuid,
} from "#core";
import { Reader } from "../../core/wire/reader.ts";
import { Writer } from "../../core/wire/writer.ts";

describe("known values", () => {
  test("CRC-32C: the specification's check value and RFC 3720's examples", () => {
    const descending = Uint8Array.from({ length: 32 }, (_, i) => 31 - i);
    expect(crc32c(utf8Bytes("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(descending.toReversed())).toBe(0x46dd794e);
    expect(crc32c(descending)).toBe(0x113fdb5c);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  test("CRC-32C of a part is that of the part alone", () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) & 255);
    for (let start = 0; start < 20; start++) {
      for (let end = start; end < 60; end++) {
        expect(crc32c(bytes, start, end)).toBe(crc32c(bytes.slice(start, end)));
      }
    }
  });

  test("murmur2: the values of Kafka's own unit test", () => {
    const hashes = [
      ["21", -973932308],
      ["foobar", -790332482],
      ["a-little-bit-long-string", -985981536],
      ["a-little-bit-longer-string", -1486304829],
      ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
      ["abc", 479470107],
    ] as const;
    for (const [key, hash] of hashes) expect(murmur2(utf8Bytes(key))).toBe(hash);
    expect(partitionForKey(utf8Bytes("21"), 3)).toBe((-973932308 & 0x7fffffff) % 3);
  });

  test("a uuid is 16 bytes, and back", () => {
    const id = uuid("00112233-4455-6677-8899-aabbccddeeff");
    const writer = new Writer(new Uint8Array(16));
    writer.uuid(id);
    expect(Array.from(writer.bytes)).toEqual(Array.from({ length: 16 }, (_, i) => i * 17));
    expect(new Reader(writer.bytes).uuid()).toBe(id);
  });

  test("int64 keeps every safe integer and refuses the others", () => {
    for (const value of [0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53, -(2 ** 31) - 1]) {
      const writer = new Writer(new Uint8Array(8));
      writer.int64(value);
      expect(new DataView(writer.bytes.buffer).getBigInt64(0)).toBe(BigInt(value));
      expect(new Reader(writer.bytes).int64()).toBe(value);
    }
    expect(() => new Reader(Uint8Array.of(0, 32, 0, 0, 0, 0, 0, 0)).int64()).toThrow("beyond 2^53");
    expect(() => new Writer(new Uint8Array(8)).int64(2 ** 53)).toThrow("safe integer");
  });

  test("a writer refuses what its type cannot hold", () => {
    const writer = new Writer(new Uint8Array(16));
    expect(() => writer.int8(128)).toThrow("int8");
    expect(() => writer.int16(-32_769)).toThrow("int16");
    expect(() => writer.uint16(-1)).toThrow("uint16");
    expect(() => writer.int32(2 ** 31)).toThrow("int32");
    expect(() => writer.int32(0.5)).toThrow("int32");
    expect(() => writer.uuid(uuid("0011"))).toThrow("36 characters");
  });
});

describe("errors", () => {
  test("codes and names lead to each other", () => {
    for (const name of Object.keys(errors) as ErrorName[])
      expect(errorName(errorCode(name))).toBe(name);
    expect(errorName(9999)).toBe("UNKNOWN_SERVER_ERROR");
    expect(errorCode("NONE")).toBe(0);
  });

  test("codes run without gaps and each stands once", () => {
    const codes = Object.values(errors).map(({ code }) => code);
    expect(codes).toEqual(Array.from({ length: codes.length }, (_, i) => i - 1));
  });

  test("a client tries again what may pass", () => {
    expect(isRetriable("NOT_LEADER_OR_FOLLOWER")).toBe(true);
    expect(isRetriable("MESSAGE_TOO_LARGE")).toBe(false);
  });
});
