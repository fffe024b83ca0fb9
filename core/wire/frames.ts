/*
 * Frames: a size, a header, a body. Request headers are v1, or v2 (with a tag section) for flexible versions;
 * response headers v0, or v1 for flexible versions. ApiVersions answers always have header v0: the client does
 * not know yet what the broker speaks (KIP-511).
 */
import { assert } from "../foundation/assert.ts";
import { utf8Length } from "../foundation/utf8.ts";
import {
  type AnyApi,
  inVersion,
  isFlexible,
  type RequestInput,
  type RequestOf,
  type ResponseInput,
  type ResponseOf,
  serves,
} from "./api.ts";
import { readInt16 } from "./bytes.ts";
import type { Compiled } from "./codec.ts";
import { DecodeError } from "./decode-error.ts";
import { FieldReader } from "./field-reader.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

/** What stands before every request. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** The key of ApiVersions, whose answers have a header of their own. */
const apiVersionsKey = 18;
/** Where a request header has the length of its client id. */
const clientIdAt = 8;
/** Bytes of the size that stands before a frame. */
const sizeBytes = 4;

/** Fresh memory for a frame. */
export type Bytes = (length: number) => Uint8Array;

/** A response header has a tag section. */
export const hasTags = (api: AnyApi, version: number): boolean =>
  isFlexible(api, version) && api.key !== apiVersionsKey;

/**
 * Encodes a whole request frame, its size included.
 * @throws InvariantError if the version is not ours, or lacks a field that is given and may not be dropped.
 */
export function encodeRequest<A extends AnyApi>(
  api: A,
  version: number,
  header: { readonly correlationId: number; readonly clientId: string | null },
  body: RequestInput<A>,
  bytes: Bytes,
): Uint8Array {
  const codec = inVersion(api, api.requests, version);
  const { correlationId, clientId } = header;
  const idLength = clientId === null ? 0 : utf8Length(clientId);
  const flexible = isFlexible(api, version);
  const length = 10 + idLength + (flexible ? 1 : 0) + codec.size(body);
  const frame = bytes(sizeBytes + length);
  const writer = new Writer(frame);
  writer.int32(length);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  writer.int16(clientId === null ? -1 : idLength);
  if (clientId !== null) writer.text(clientId);
  if (flexible) writer.uvarint(0);
  return finish(writer, codec, body);
}

/** Encodes a whole response frame, its size included. @throws InvariantError as `encodeRequest`. */
export function encodeResponse<A extends AnyApi>(
  api: A,
  version: number,
  correlationId: number,
  body: ResponseInput<A>,
  bytes: Bytes,
): Uint8Array {
  const codec = inVersion(api, api.responses, version);
  const tags = hasTags(api, version);
  const length = 4 + (tags ? 1 : 0) + codec.size(body);
  const writer = new Writer(bytes(sizeBytes + length));
  writer.int32(length);
  writer.int32(correlationId);
  if (tags) writer.uvarint(0);
  return finish(writer, codec, body);
}

function finish(writer: Writer, codec: Compiled, body: unknown): Uint8Array {
  codec.write(writer, body);
  assert(writer.at === writer.bytes.length, "a frame has the size that was reckoned");
  return writer.bytes;
}

/**
 * Reads what every request begins with, whatever its API and version. `frame` has no size before it.
 * @throws DecodeError
 */
export const readRequestHeader = (frame: Uint8Array): RequestHeader => headerOf(new Reader(frame));

/** Reads a request's header up to its tags. @throws DecodeError */
export function headerOf(reader: Reader): RequestHeader {
  let name = "apiKey";
  try {
    const apiKey = reader.int16();
    name = "apiVersion";
    const apiVersion = reader.int16();
    name = "correlationId";
    const correlationId = reader.int32();
    name = "clientId";
    return { apiKey, apiVersion, correlationId, clientId: readClientId(reader) };
  } catch (error) {
    throw error instanceof DecodeError ? error.within(name) : error;
  }
}

/** An int16 length in every version: old brokers must be able to read it (KIP-482). */
function readClientId(reader: Reader): string | null {
  const length = reader.int16();
  return length === -1 ? null : reader.text(length);
}

/** Reads one request, to its last byte. @throws DecodeError also for another API or a version that is not served. */
export function decodeRequest<A extends AnyApi>(
  api: A,
  frame: Uint8Array,
): { readonly header: RequestHeader; readonly body: RequestOf<A> } {
  const reader = new Reader(frame);
  const header = headerOf(reader);
  const { apiKey, apiVersion } = header;
  if (apiKey !== api.key) throw new DecodeError("apiKey", 0, `${apiKey} instead of ${api.key}`);
  if (!serves(api, apiVersion)) {
    throw new DecodeError("apiVersion", 2, `${api.name} ${apiVersion} is not served`);
  }
  return { header, body: restOfRequest(api, apiVersion, reader) };
}

/** Reads what follows the header of a request whose header was read and is served. @throws DecodeError */
export function decodeRequestBody<A extends AnyApi>(
  api: A,
  version: number,
  frame: Uint8Array,
): RequestOf<A> {
  const idLength = readInt16(frame, clientIdAt);
  return restOfRequest(api, version, new Reader(frame, clientIdAt + 2 + Math.max(0, idLength)));
}

function restOfRequest<A extends AnyApi>(api: A, version: number, reader: Reader): RequestOf<A> {
  if (isFlexible(api, version)) skipTags(reader);
  return readBody(reader, inVersion(api, api.requests, version)) as RequestOf<A>;
}

/** Which request a response answers. @throws DecodeError */
export const readCorrelationId = (frame: Uint8Array): number => correlationOf(new Reader(frame));

export function correlationOf(reader: Reader): number {
  try {
    return reader.int32();
  } catch (error) {
    throw error instanceof DecodeError ? error.within("correlationId") : error;
  }
}

/** Reads one response to a request of this version, to its last byte. @throws DecodeError */
export function decodeResponse<A extends AnyApi>(
  api: A,
  version: number,
  frame: Uint8Array,
): { readonly correlationId: number; readonly body: ResponseOf<A> } {
  const reader = new Reader(frame);
  const correlationId = correlationOf(reader);
  if (hasTags(api, version)) skipTags(reader);
  const body = readBody(reader, inVersion(api, api.responses, version));
  return { correlationId, body: body as ResponseOf<A> };
}

/** Headers have no tags that we know. */
export function skipTags(reader: Reader): void {
  try {
    const count = reader.uvarint();
    for (let i = 0; i < count; i++) {
      reader.uvarint();
      reader.skip(reader.uvarint());
    }
  } catch (error) {
    throw error instanceof DecodeError ? error.within("tags") : error;
  }
}

function readBody(reader: Reader, codec: Compiled): unknown {
  const body = codec.read(new FieldReader(reader));
  if (reader.left > 0) throw new DecodeError("frame", reader.at, `${reader.left} bytes too many`);
  return body;
}
