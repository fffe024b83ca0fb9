import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  advertised,
  type AnyApi,
  apiByKey,
  apiName,
  apiVersions,
  decodeRequest,
  decodeResponse,
  encodeResponse,
  produce,
  readCorrelationId,
  readRequestHeader,
} from "#core";
import { apis } from "../../core/wire/apis.ts";
import { sampleRequest, sampleResponse } from "../support/frame-samples.ts";
import { describeShared } from "../support/shared.ts";
import { toHex } from "../support/vectors.ts";

const memory = (length: number): Uint8Array => new Uint8Array(length);

describeShared("the clients that must work", (shared) => {
  /** A row such as `| 19, 20 | CreateTopics, DeleteTopics | 0-7, 0-6 | ...`; or `0-11 (serve 3-11)`. */
  const rows = readFileSync(`${shared}/CLIENTS.md`, "utf8").matchAll(
    /^\| ([\d, ]+) \| [\w, ]+ \| ([^|]+) \|/gm,
  );
  /** Of each key: the range that is advertised, then the range that is served. */
  const wanted = new Map(
    Array.from(rows).flatMap(([, keys = "", ranges = ""]) =>
      keys.split(", ").map((key, i) => {
        const numbers = Array.from((ranges.split(", ")[i] ?? "").matchAll(/(\d+)-(\d+)/g));
        const [range, served = range] = numbers.map(([, from, to]) => [Number(from), Number(to)]);
        return [Number(key), [...(range ?? []), ...(served ?? [])]];
      }),
    ),
  );

  test("find what they look for advertised and served", () => {
    const ours = advertised.map(({ apiKey, minVersion, maxVersion }) => {
      const api = apiByKey(apiKey);
      return [apiKey, [minVersion, maxVersion, api?.minVersion, api?.maxVersion]];
    });
    // No client of the list needs ElectLeaders; its first version lacks the error of the whole answer.
    wanted.set(43, [1, 2, 1, 2]);
    expect(ours).toEqual(advertised.map(({ apiKey }) => [apiKey, wanted.get(apiKey)]));
    expect(ours).toHaveLength(14);
  });
});

describe("APIs", () => {
  test("are found by key and named as Kafka names them", () => {
    for (const api of apis) expect(apiByKey(api.key)).toBe(api);
    expect(apiName(62)).toBe("BrokerRegistration");
    expect(apiByKey(7)).toBeUndefined();
    expect(apiName(7)).toBe("Api 7");
  });

  test("of nodes among themselves are not advertised", () => {
    expect(advertised.map(({ apiKey }) => apiKey).sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 18, 19, 20, 21, 22, 23, 37, 43, 44, 60,
    ]);
  });

  test("decode to objects with the same fields in the same order in every version", () => {
    const shapeOf = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length === 0 ? "array" : [shapeOf(value[0])];
      if (typeof value !== "object" || value === null || value instanceof Uint8Array)
        return "value";
      return Object.entries(value).map(([key, one]) => [
        key,
        Array.isArray(one) ? "array" : shapeOf(one),
      ]);
    };
    const shapes = (api: AnyApi, decode: (version: number) => unknown): unknown[] =>
      Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) =>
        shapeOf(decode(api.minVersion + i)),
      );
    for (const api of apis) {
      const request = (version: number) => decodeRequest(api, sampleRequest(api, version)).body;
      const response = (version: number) =>
        decodeResponse(api, version, sampleResponse(api, version)).body;
      for (const decode of [request, response]) {
        const all = shapes(api, decode);
        expect(all).toEqual(all.map(() => all[0]));
      }
    }
  });

  test("have headers that can be read in versions and of APIs that we do not know", () => {
    const frame = sampleRequest(apiVersions, 3).with(3, 99);
    const header = { apiKey: 18, apiVersion: 99, correlationId: 5, clientId: "sample" };
    expect(readRequestHeader(frame)).toEqual(header);
    expect(readRequestHeader(frame.with(1, 77))).toEqual({ ...header, apiKey: 77 });
    expect(() => decodeRequest(apiVersions, frame)).toThrow("ApiVersions 99 is not served");
  });

  test("answer ApiVersions with header v0 in every version", () => {
    for (let version = 0; version <= apiVersions.maxVersion; version++) {
      const frame = encodeResponse(apiVersions, version, 5, { errorCode: 35, apiKeys: [] }, memory);
      // Size, correlation id, and at once the error code.
      expect(toHex(frame.subarray(4, 10))).toBe("000000050023");
      expect(readCorrelationId(frame.subarray(4))).toBe(5);
    }
  });

  test("give no answer in a version that is not served", () => {
    const body = { responses: [] };
    expect(() => encodeResponse(produce, 2, 5, body, memory)).toThrow("Produce 2 is not served");
    expect(() => encodeResponse(produce, 12, 5, body, memory)).toThrow("Produce 12 is not served");
  });
});
