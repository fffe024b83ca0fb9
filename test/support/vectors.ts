/*
 * Recorded bytes in ../shared/kafka-vectors, and how what we decode is held against them: int64 are decimal
 * strings there, bytes are hexadecimal.
 */
import { readFileSync } from "node:fs";

/** A frame, or (of kafkajs's fixtures) a body alone. */
export interface Vector {
  readonly file?: string;
  readonly direction: "request" | "response";
  readonly api: string;
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId?: string | null;
  readonly hex: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface BatchVector {
  readonly hex: string;
  readonly batch: {
    readonly baseOffset: string;
    readonly batchLength: number;
    readonly partitionLeaderEpoch: number;
    readonly magic: number;
    readonly crc: number;
    readonly attributes: number;
    readonly compression: string;
    readonly timestampType: string;
    readonly transactional: boolean;
    readonly control: boolean;
    readonly lastOffsetDelta: number;
    readonly baseTimestamp: string;
    readonly maxTimestamp: string;
    readonly producerId: string;
    readonly producerEpoch: number;
    readonly baseSequence: number;
    readonly records: readonly {
      readonly timestampDelta: string;
      readonly offsetDelta: number;
      readonly key: string | null;
      readonly value: string | null;
      /** Key and value, both in hexadecimal. */
      readonly headers: readonly (readonly [string, string | null])[];
    }[];
  };
}

export interface PrimitiveVectors {
  readonly varint32: readonly { readonly value: number; readonly hex: string }[];
  readonly varint64: readonly { readonly value: string; readonly hex: string }[];
  readonly uvarint: readonly { readonly value: number; readonly hex: string }[];
  readonly crc32c: readonly { readonly data: string; readonly crc32c: number }[];
  readonly murmur2: readonly {
    readonly key: string;
    readonly hash: number;
    readonly partition: Readonly<Record<string, number>>;
  }[];
}

export const readVectors = <T>(shared: string, name: string): T =>
  JSON.parse(readFileSync(`${shared}/kafka-vectors/${name}.json`, "utf8")) as T;

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What we decoded, cut down to the fields that a vector names and written as it writes them. */
export function asVector(ours: unknown, like: unknown): unknown {
  if (ours instanceof Uint8Array) return toHex(ours);
  if (typeof ours === "number" && typeof like === "string") return String(ours);
  if (Array.isArray(ours)) {
    const items = Array.isArray(like) ? like : [];
    return ours.map((one, i) => asVector(one, items[i]));
  }
  if (typeof ours !== "object" || ours === null || typeof like !== "object" || like === null)
    return ours;
  const from = ours as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(like).map(([key, one]) => [key, asVector(from[key], one)]),
  );
}

/** Whether a vector's body holds an int64 that no number holds exactly. */
export function isBeyondNumbers(body: unknown): boolean {
  if (typeof body === "string")
    return /^-?\d{16,19}$/.test(body) && !Number.isSafeInteger(Number(body));
  return typeof body === "object" && body !== null && Object.values(body).some(isBeyondNumbers);
}
