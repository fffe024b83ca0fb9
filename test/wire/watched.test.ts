import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyApi,
  apiByKey,
  apis,
  batchFields,
  decodeRecords,
  decodeRequest,
  decodeResponse,
  fetch,
  type FlawId,
  produce,
  readBatchHeader,
  type ReadField,
  watchBatches,
  watchRequest,
  watchResponse,
} from "#core";
import { kafkaMachines, advance, createWorld, newRuntime, storyOf, type TraceEvent } from "#sim";
import { sampleBatch, sampleRequest, sampleResponse } from "../support/frame-samples.ts";
import { expectSameBytes, gapsIn, leavesOf, named } from "../support/read-fields.ts";
import { describeShared } from "../support/shared.ts";
import { fromHex, readVectors, type BatchVector, type Vector } from "../support/vectors.ts";

/** A frame with its size before it. */
function withSize(frame: Uint8Array): Uint8Array {
  const whole = new Uint8Array(frame.length + 4);
  new DataView(whole.buffer).setInt32(0, frame.length);
  whole.set(frame, 4);
  return whole;
}

const versionsOf = (api: AnyApi): number[] =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => api.minVersion + i);

/** Every API, version and direction. */
const samples = apis.flatMap((api) =>
  versionsOf(api).flatMap((version) => [
    {
      name: `${api.name} ${version} request`,
      frame: withSize(sampleRequest(api, version)),
      watch: watchRequest,
      decode: (frame: Uint8Array): unknown => decodeRequest(api, frame.subarray(4)).body,
    },
    {
      name: `${api.name} ${version} response`,
      frame: withSize(sampleResponse(api, version)),
      watch: (frame: Uint8Array) => watchResponse(api, version, frame),
      decode: (frame: Uint8Array): unknown => decodeResponse(api, version, frame.subarray(4)).body,
    },
  ]),
);

const problemsIn = (field: ReadField): readonly string[] => [
  ...(field.problem === undefined ? [] : [field.problem]),
  ...field.parts.flatMap(problemsIn),
];

describe("messages read with the bytes of their fields", () => {
  test("have every byte of every API in one field, whose value it is", () => {
    for (const { name, frame, watch, decode } of samples) {
      const root = watch(frame);
      // What a snapshot's bytes are here is no metadata.
      const problems = name.startsWith("FetchSnapshot") ? [] : problemsIn(root);
      expect([name, ...gapsIn(root), ...problems]).toEqual([name]);
      expect(root.to).toBe(frame.length);
      expectSameBytes(root, frame);
      const body = named(root, "body")[0];
      // A body without a byte has no field.
      if (body !== undefined) expect(body.value).toEqual(decode(frame));
    }
  });

  test("name the bytes of a record's key", () => {
    const frame = withSize(sampleRequest(produce, 11));
    const [key] = named(watchRequest(frame), "key");
    expect([...frame.subarray(key?.from, key?.to)]).toEqual([65]);
    const keys = named(watchRequest(frame), "keyLength");
    expect(keys.map(({ value }) => value)).toEqual([1, -1]);
    const headers = named(watchRequest(frame), "headerKey").map(({ value }) => value);
    expect(headers).toEqual(["trace"]);
  });

  test("call tags what they are, known and unknown", () => {
    const frame = withSize(sampleRequest(produce, 11));
    // One tag more at the end of the body: 9, two bytes long.
    const tagged = new Uint8Array([...frame.subarray(0, -1), 1, 9, 2, 7, 7]);
    const body = named(watchRequest(tagged), "body")[0];
    const last = body?.parts.slice(-4).map(({ name, from, to }) => [name, to - from]);
    expect(last).toEqual([
      ["tagged fields", 1],
      ["tag", 1],
      ["size", 1],
      ["unknown field", 2],
    ]);
    const answer = withSize(sampleResponse(fetch, 12));
    const tags = named(watchResponse(fetch, 12, answer), "divergingEpoch");
    for (const tag of tags) expect(tag.parts.map(({ name }) => name)).toContain("endOffset");
  });

  test("say where they end when they are cut or changed, and lose no byte", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.nat(),
        fc.nat(255),
        ({ frame, watch }, cut, place, byte) => {
          const short = frame.slice(0, 4 + (cut % (frame.length - 4)));
          const root = watch(short);
          expect(gapsIn(root)).toEqual([]);
          expect(root.to).toBe(short.length);
          expect(problemsIn(root).length).toBeGreaterThan(0);
          const other = frame.slice();
          other[place % frame.length] = byte;
          const changed = watch(other);
          expect(gapsIn(changed)).toEqual([]);
          expect(changed.to).toBe(other.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("of an API that nobody knows are read as far as their header", () => {
    const frame = Uint8Array.of(0, 0, 0, 13, 0, 99, 0, 1, 0, 0, 0, 7, 0, 1, 97, 1, 2);
    const root = watchRequest(frame);
    expect(named(root, "correlationId")[0]?.value).toBe(7);
    expect(named(root, "unread")[0]).toMatchObject({ from: 15, to: 17 });
    expect(problemsIn(root).join()).toContain("API 99");
  });
});

describe("batches read with the bytes of their fields", () => {
  test("have a header whose fields stand where the reader of headers finds them", () => {
    const header = readBatchHeader(sampleBatch);
    for (const [i, [name, , at]] of batchFields.entries()) {
      const end = batchFields[i + 1]?.[2] ?? 61;
      for (const place of [at, end - 1]) {
        // The upper bytes of an int64 would make a number that none holds exactly.
        const changed = sampleBatch.slice();
        changed[Math.max(place, end - 4)]! ^= 1;
        if (name === "magic") expect(() => readBatchHeader(changed)).toThrow("magic");
        else {
          const other = readBatchHeader(changed);
          expect({ ...other, [name]: 0 }).toEqual({ ...header, [name]: 0 });
          expect(other[name]).not.toBe(header[name]);
        }
      }
    }
  });

  test("stand one behind the other, and the last may be cut", () => {
    const bytes = new Uint8Array([...sampleBatch, ...sampleBatch, ...sampleBatch.subarray(0, 70)]);
    const batches = watchBatches(bytes, 0, bytes.length, "records");
    expect(batches.map(({ from, to }) => [from, to])).toEqual([
      [0, sampleBatch.length],
      [sampleBatch.length, 2 * sampleBatch.length],
      [2 * sampleBatch.length, bytes.length],
    ]);
    expect(batches.flatMap(gapsIn)).toEqual([]);
    expect(batches.map(({ problem }) => problem === undefined)).toEqual([true, true, false]);
    const values = decodeRecords(sampleBatch).map(({ value }) => value);
    expect(named(batches[1]!, "value").map(({ value }) => value)).toEqual(values);
  });

  test("say that their checksum is wrong, beside it", () => {
    const bytes = sampleBatch.slice();
    bytes[bytes.length - 1]! ^= 1;
    const [batch] = watchBatches(bytes, 0, bytes.length, "records");
    expect(named(batch!, "crc")[0]?.problem).toContain("instead of");
    expect(gapsIn(batch!)).toEqual([]);
  });
});

/** Every message of a run, watched. */
function messagesOf(story: FlawId): { readonly event: TraceEvent; readonly frame: Uint8Array }[] {
  const frames = new Map<number, Uint8Array>();
  const sent: TraceEvent[] = [];
  const recorder = {
    frames: (seq: number, bytes: Uint8Array): void => void frames.set(seq, bytes),
    listener: (event: TraceEvent): void => void (event.type === "sent" && sent.push(event)),
  };
  advance(createWorld(storyOf(story)!), newRuntime(kafkaMachines), recorder, Infinity);
  return sent.map((event) => ({ event, frame: frames.get(event.seq)! }));
}

describe("whole runs", () => {
  test.each(["m-1", "acks-1", "unclean", "wiped-voter"] as const)(
    "%s: every byte of every message is in one field",
    (story) => {
      const seen = new Set<string>();
      for (const { event, frame } of messagesOf(story)) {
        if (event.type !== "sent") continue;
        const api = apis.find(({ name }) => name === event.api)!;
        const root = event.response
          ? watchResponse(api, event.version, frame)
          : watchRequest(frame);
        expect(gapsIn(root)).toEqual([]);
        expect(problemsIn(root)).toEqual([]);
        expect(root.to).toBe(event.bytes);
        seen.add(`${event.api} ${event.response}`);
        for (const name of ["type", "apiKey"]) if (named(root, name).length > 0) seen.add(name);
      }
      expect(seen.size).toBeGreaterThan(15);
      expect([...seen]).toContain("apiKey");
    },
  );
});

describeShared("recorded bytes, field by field", (shared) => {
  test.each(["requests", "responses", "captured-librdkafka", "captured-npm-clients"])(
    "%s",
    (file) => {
      const rows = readVectors<readonly Vector[]>(shared, file);
      expect(rows.length).toBeGreaterThan(0);
      for (const { hex, apiKey, version, direction } of rows) {
        const frame = fromHex(hex);
        const api = apiByKey(apiKey);
        if (direction === "response" && api === undefined) continue;
        if (api !== undefined && (version < api.minVersion || version > api.maxVersion)) continue;
        const root =
          direction === "request" ? watchRequest(frame) : watchResponse(api!, version, frame);
        expect(gapsIn(root)).toEqual([]);
        expect(root.to).toBe(frame.length);
        expectSameBytes(root, frame);
      }
    },
  );

  test("batches", () => {
    for (const { hex, batch } of readVectors<readonly BatchVector[]>(shared, "batches")) {
      const bytes = fromHex(hex);
      const batches = watchBatches(bytes, 0, bytes.length, "records");
      expect(batches.flatMap(gapsIn)).toEqual([]);
      expect(leavesOf(batches[0]!).at(-1)?.to).toBe(bytes.length);
      if (batch.compression !== "none") continue;
      expect(named(batches[0]!, "offsetDelta").map(({ value }) => value)).toEqual(
        batch.records.map(({ offsetDelta }) => offsetDelta),
      );
    }
  });
});
