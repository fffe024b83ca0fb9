/*
 * kafkajs's own protocol modules, which it does not export: another hand's reading of the same protocol.
 * They are plain JavaScript without types; what the tests need of them is said here.
 */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** A request as kafkajs has it before it is framed. */
interface KafkajsRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
}

interface Definitions {
  readonly versions: readonly string[];
  protocol(of: { version: number }): (args: object) => {
    readonly request: KafkajsRequest;
    readonly response: { decode(body: Buffer): Promise<unknown> };
  };
}

const { requests } = load("kafkajs/src/protocol/requests") as {
  requests: Record<string, Definitions>;
};
const frameRequest = load("kafkajs/src/protocol/request.js") as (of: {
  correlationId: number;
  clientId: string;
  request: KafkajsRequest;
}) => Promise<{ readonly buffer: Buffer }>;

function definitionsOf(api: string): Definitions {
  const definitions = requests[api];
  if (definitions === undefined) throw new Error(`kafkajs knows no ${api}`);
  return definitions;
}

/** The versions of an API that kafkajs speaks. */
export const kafkajsVersions = (api: string): readonly number[] =>
  definitionsOf(api).versions.map(Number);

/** A whole request frame, its size included, as kafkajs writes it. */
export async function kafkajsRequest(api: string, version: number, args: object): Promise<Buffer> {
  const { request } = definitionsOf(api).protocol({ version })(args);
  const encoder = await frameRequest({ correlationId: 5, clientId: "sample", request });
  return encoder.buffer;
}

/** What kafkajs reads from a response body. */
export async function kafkajsResponse(
  api: string,
  version: number,
  body: Uint8Array,
): Promise<unknown> {
  const { response } = definitionsOf(api).protocol({ version })({ topics: [], topicData: [] });
  return response.decode(Buffer.from(body));
}

/** kafkajs's table of error codes. */
export const { errorCodes: kafkajsErrors } = load("kafkajs/src/protocol/error.js") as {
  errorCodes: readonly {
    readonly type: string;
    readonly code: number;
    readonly retriable: boolean;
  }[];
};

export const kafkajsMurmur2 = load("kafkajs/src/producer/partitioners/default/murmur2.js") as (
  key: Buffer,
) => number;

export const kafkajsCrc32c = load("kafkajs/src/protocol/recordBatch/crc32C") as (
  bytes: Buffer,
) => number;
