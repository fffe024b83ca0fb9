import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyApi,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  InvariantError,
} from "#core";
import { apis } from "../../core/wire/apis.ts";
import {
  decodeGeneric,
  encodeGeneric,
  type GenericField,
  type GenericMessage,
  loadDefinition,
  type Message,
  NotInThisVersion,
  same,
  servedFrom,
} from "../support/generic-codec.ts";
import { messages } from "../support/generic-arbitrary.ts";
import { describeShared } from "../support/shared.ts";

const memory = (length: number): Uint8Array => new Uint8Array(length);
const header = { correlationId: 7, clientId: "test" };

/** One direction of an API, ours and by its definition; frames without size and header. */
interface Side {
  readonly definition: GenericMessage;
  encode(version: number, body: Message): Uint8Array;
  decode(version: number, body: Uint8Array): unknown;
}

function requestsOf(api: AnyApi, definition: GenericMessage): Side {
  const before = (version: number): number => 14 + (definition.flexibleIn(version) ? 1 : 0);
  return {
    definition,
    encode: (version, body) =>
      encodeRequest(api, version, header, body, memory).subarray(4 + before(version)),
    decode(version, body) {
      const empty = new Uint8Array(before(version) + body.length);
      empty.set([0, api.key, 0, version, 0, 0, 0, 7, 0, 4, 116, 101, 115, 116]);
      empty.set(body, before(version));
      return decodeRequest(api, empty).body;
    },
  };
}

function responsesOf(api: AnyApi, definition: GenericMessage): Side {
  const before = (version: number): number =>
    4 + (definition.flexibleIn(version) && api.name !== "ApiVersions" ? 1 : 0);
  return {
    definition,
    encode: (version, body) =>
      encodeResponse(api, version, 7, body, memory).subarray(4 + before(version)),
    decode(version, body) {
      const frame = new Uint8Array(before(version) + body.length);
      frame.set(body, before(version));
      return decodeResponse(api, version, frame).body;
    },
  };
}

/** The message without the fields that may be left out: those at a default that is stated or that some version lacks. */
function withoutDefaults(fields: readonly GenericField[], value: Message): Message {
  const kept = fields.filter((field) => {
    const mayLack = field.hasDefault || field.taggedIn(99) || !field.in(0) || !field.in(99);
    return !(mayLack && same(value[field.name], field.fallback()));
  });
  return Object.fromEntries(
    kept.map((field) => {
      const own = value[field.name];
      if (field.kind !== "struct" || own === null) return [field.name, own];
      if (!field.isArray) return [field.name, withoutDefaults(field.fields, own as Message)];
      return [field.name, (own as Message[]).map((item) => withoutDefaults(field.fields, item))];
    }),
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describeShared("the definitions of Kafka's messages", (shared) => {
  const fileOf = (name: string): string => {
    const folder = existsSync(`${shared}/kafka-messages/requests/${name}.json`)
      ? "requests"
      : "controller";
    return `${shared}/kafka-messages/${folder}/${name}.json`;
  };
  for (const api of apis) {
    const load = (name: string): GenericMessage =>
      servedFrom(loadDefinition(fileOf(name)), api.minVersion, api.maxVersion);
    const sides = [
      ["request", () => requestsOf(api, load(`${api.name}Request`))],
      ["response", () => responsesOf(api, load(`${api.name}Response`))],
    ] as const;
    for (const [direction, open] of sides) {
      describe(`${api.name} ${direction}`, () => {
        let opened: Side | undefined;
        // Read by the tests, not while they are collected: a clone without the folder can still name them.
        const side = (): Side => (opened ??= open());

        test("has the key and the versions of the definition", () => {
          const { definition } = side();
          expect(definition.apiKey).toBe(api.key);
          expect(definition.highest).toBeGreaterThanOrEqual(api.maxVersion);
          for (let version = api.minVersion; version <= api.maxVersion; version++) {
            expect(definition.flexibleIn(version)).toBe(version >= api.flexibleFrom);
          }
        });

        test("encodes and decodes in every version as the definition says", () => {
          const { definition } = side();
          for (let version = api.minVersion; version <= api.maxVersion; version++) {
            fc.assert(
              fc.property(messages(definition, version), (value) => {
                const expected = encodeGeneric(definition, version, value);
                const ours = side().encode(version, value);
                expect(hex(ours)).toBe(hex(expected));
                expect(side().decode(version, expected)).toEqual(value);
                expect(decodeGeneric(definition, version, ours)).toEqual(value);
                const short = withoutDefaults(definition.fields, value);
                expect(hex(side().encode(version, short))).toBe(hex(expected));
              }),
              { numRuns: 60 },
            );
          }
        });

        test("drops or refuses what a version lacks, as the definition says", () => {
          const { definition } = side();
          for (let version = api.minVersion; version <= api.maxVersion; version++) {
            fc.assert(
              fc.property(messages(definition, version, true), (value) => {
                const expected = outcome(() => encodeGeneric(definition, version, value));
                expect(outcome(() => side().encode(version, value))).toBe(expected);
              }),
              { numRuns: 60 },
            );
          }
        });
      });
    }
  }
});

/** Bytes, or that the message was refused. */
function outcome(encode: () => Uint8Array): string {
  try {
    return hex(encode());
  } catch (error) {
    if (error instanceof NotInThisVersion || error instanceof InvariantError) return "refused";
    throw error;
  }
}
