/*
 * Whole frames with the bytes that each field stands in: size, header, body, and what is inside of records. Read by the
 * functions of frames.ts and the schemas of `api/`.
 */
import { metadataTopic, metadataTopicId } from "../foundation/ids.ts";
import { type AnyApi, inVersion, isFlexible, serves } from "./api.ts";
import { apiByKey } from "./apis.ts";
import { DecodeError } from "./decode-error.ts";
import { correlationOf, hasTags, headerOf, skipTags } from "./frames.ts";
import { type ReadField, Watch, WatchedFields, WatchedReader, readWatched } from "./watched.ts";
import { tagSection } from "./schema.ts";
import { watchBatches } from "./watched-batch.ts";

/** A request with its size before it. What cannot be read is a part of its own that says why. */
export function watchRequest(frame: Uint8Array): ReadField {
  const { watch, reader, fields } = begin("request", frame);
  const root = readWatched(watch, reader, () => {
    readSize(watch, reader);
    const { api, version } = watch.inside("header", reader, () => {
      watch.expect([
        ["apiKey", "int16"],
        ["apiVersion", "int16"],
        ["correlationId", "int32"],
        ["clientIdLength", "int16"],
        ["clientId", "text"],
      ]);
      const { apiKey, apiVersion } = headerOf(reader);
      const known = apiByKey(apiKey);
      if (known === undefined || !serves(known, apiVersion)) {
        const problem = `API ${apiKey} in version ${apiVersion} is none of ours`;
        throw new DecodeError("apiKey", 4, problem);
      }
      watch.expect([]);
      if (isFlexible(known, apiVersion)) readHeaderTags(fields, reader);
      return { api: known, version: apiVersion };
    });
    watch.inside("body", reader, () => inVersion(api, api.requests, version).read(fields));
  });
  openRecords(frame, root);
  return root;
}

/** A response, with its size before it, to a request of this API and version. */
export function watchResponse(api: AnyApi, version: number, frame: Uint8Array): ReadField {
  const { watch, reader, fields } = begin("response", frame);
  const root = readWatched(watch, reader, () => {
    readSize(watch, reader);
    watch.inside("header", reader, () => {
      watch.expect([["correlationId", "int32"]]);
      correlationOf(reader);
      if (hasTags(api, version)) readHeaderTags(fields, reader);
    });
    watch.inside("body", reader, () => inVersion(api, api.responses, version).read(fields));
  });
  openRecords(frame, root);
  return root;
}

function begin(name: string, frame: Uint8Array) {
  const watch = new Watch(name, 0);
  const reader = new WatchedReader(watch, frame);
  return { watch, reader, fields: new WatchedFields(watch, reader) };
}

function readSize(watch: Watch, reader: WatchedReader): void {
  watch.expect([["size", "int32"]]);
  reader.int32();
}

function readHeaderTags(fields: WatchedFields, reader: WatchedReader): void {
  fields.step = tagSection;
  skipTags(reader);
  fields.step = 0;
}

/** Looks into the batches that a message carries. */
function openRecords(frame: Uint8Array, field: ReadField, isMetadata = false): void {
  const known = isMetadata || field.parts.some(namesMetadata);
  for (const part of field.parts) {
    const isRecords = part.name === "records" || part.name === "unalignedRecords";
    const inner = part.parts.find(({ name }) => name === "bytes");
    if (!isRecords || inner === undefined) openRecords(frame, part, known);
    else openBytes(frame, part, inner, known || part.name === "unalignedRecords");
  }
}

const namesMetadata = ({ value }: ReadField): boolean =>
  value === metadataTopic || value === metadataTopicId;

/** A piece of a snapshot may begin within a batch: then it stays what it is. */
function openBytes(
  frame: Uint8Array,
  field: ReadField,
  inner: ReadField,
  isMetadata: boolean,
): void {
  const batches = watchBatches(frame, inner.from, inner.to, isMetadata ? "metadata" : "records");
  const [first] = batches;
  if (first?.kind === "unread") {
    if (first.problem !== undefined) inner.problem = first.problem;
    return;
  }
  field.parts = [...field.parts.filter((part) => part !== inner), ...batches];
}
