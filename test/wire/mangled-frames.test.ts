import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyApi,
  checkBatch,
  DecodeError,
  decodeRecords,
  decodeRequest,
  decodeResponse,
  fetch,
  metadata,
  readBatchHeader,
  readCorrelationId,
  readRequestHeader,
  splitBatches,
} from "#core";
import { apis } from "../../core/wire/apis.ts";
import { sampleBatch, sampleRequest, sampleResponse } from "../support/frame-samples.ts";

/** The error that mangled bytes gave, or undefined if they happen to make sense; any other exception fails the test. */
function errorOf(decode: () => unknown): DecodeError | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

/** Every decoder of every API and version, with bytes that it accepts. */
interface Subject {
  readonly name: string;
  readonly frame: Uint8Array;
  decode(frame: Uint8Array): unknown;
}

const versionsOf = (api: AnyApi): number[] =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => api.minVersion + i);

const subjects: readonly Subject[] = [
  ...apis.flatMap((api) =>
    versionsOf(api).flatMap((version): Subject[] => [
      {
        name: `${api.name} ${version} request`,
        frame: sampleRequest(api, version),
        decode: (frame) => decodeRequest(api, frame),
      },
      {
        name: `${api.name} ${version} response`,
        frame: sampleResponse(api, version),
        decode: (frame) => decodeResponse(api, version, frame),
      },
    ]),
  ),
  {
    name: "request header",
    frame: Uint8Array.of(0, 1, 0, 4, 0, 0, 0, 1, 0, 1, 97),
    decode: readRequestHeader,
  },
  { name: "batch", frame: sampleBatch, decode: checkBatch },
  { name: "records", frame: sampleBatch, decode: decodeRecords },
];

describe("mangled frames", () => {
  test("every sample is accepted as it is", () => {
    for (const { name, frame, decode } of subjects)
      expect([name, errorOf(() => decode(frame))]).toEqual([name, undefined]);
  });

  test("a frame cut anywhere names the field and the byte", () => {
    for (const { name, frame, decode } of subjects) {
      for (let length = 0; length < frame.length; length++) {
        const error = errorOf(() => decode(frame.slice(0, length)));
        expect([name, length, error?.name]).toEqual([name, length, "DecodeError"]);
        expect(error?.field).not.toBe("");
        expect(error?.byte).toBeLessThanOrEqual(length);
      }
    }
  });

  test("a frame with bytes behind it is refused", () => {
    for (const { name, frame, decode } of subjects.filter((one) => one.frame !== sampleBatch)) {
      if (name === "request header") continue;
      const error = errorOf(() => decode(Uint8Array.from([...frame, 0])));
      expect([name, error?.field, error?.byte]).toEqual([name, "frame", frame.length]);
    }
  });

  test("flipped, overwritten and spliced bytes give a decode error or a message, and nothing else", () => {
    const mangling = fc.record({
      subject: fc.nat(),
      at: fc.nat(),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 5 }),
        fc.constantFrom(
          [255, 255, 255, 255],
          [127, 255, 255, 255],
          [128, 0, 0, 0],
          [255, 255, 255, 255, 15],
        ),
      ),
      insert: fc.boolean(),
    });
    fc.assert(
      fc.property(mangling, ({ subject, at, bytes, insert }) => {
        const { frame, decode } = subjects[subject % subjects.length] ?? subjects[0]!;
        const from = at % frame.length;
        const rest = frame.subarray(insert ? from : Math.min(frame.length, from + bytes.length));
        const mangled = Uint8Array.from([...frame.subarray(0, from), ...bytes, ...rest]);
        const error = errorOf(() => decode(mangled));
        if (error === undefined) return;
        expect(error.field).not.toBe("");
        expect(error.byte).toBeGreaterThanOrEqual(0);
        expect(error.byte).toBeLessThanOrEqual(mangled.length);
      }),
      { numRuns: 20_000 },
    );
  });

  test("random bytes never do more", () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ maxLength: 200 }), (subject, bytes) => {
        const { decode } = subjects[subject % subjects.length] ?? subjects[0]!;
        const error = errorOf(() => decode(bytes));
        expect(error?.field).not.toBe("");
        errorOf(() => splitBatches(bytes));
        errorOf(() => readBatchHeader(bytes));
        errorOf(() => readCorrelationId(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  test("a count beyond the bytes that are left is refused before memory is taken for it", () => {
    const frame = sampleResponse(metadata, 0);
    // The count of brokers: two billion.
    const error = errorOf(() => decodeResponse(metadata, 0, frame.with(4, 127)));
    expect(error?.message).toMatch(/^brokers at byte 4: \d+ items in \d+ bytes$/);
  });

  test("the path leads to the field that failed", () => {
    const frame = sampleRequest(metadata, 1);
    // The length of the first topic's name: null.
    const error = errorOf(() => decodeRequest(metadata, frame.with(20, 255).with(21, 255)));
    expect(error?.message).toBe("topics.name at byte 20: null is not allowed");
  });

  test("another API and a version that is not served are refused", () => {
    const frame = sampleRequest(metadata, 12);
    expect(errorOf(() => decodeRequest(fetch, frame))?.field).toBe("apiKey");
    expect(errorOf(() => decodeRequest(metadata, frame.with(3, 13)))?.field).toBe("apiVersion");
    expect(errorOf(() => decodeRequest(metadata, frame.with(2, 128)))?.field).toBe("apiVersion");
  });
});
