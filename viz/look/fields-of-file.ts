/* Any file of a node, field by field: by its name it is known what is in it. */
import {
  DiskError,
  type Files,
  readBatchHeader,
  type ReadField,
  readOffsetCheckpoint,
  readQuorumState,
  metadataTopic,
  watchBatches,
  watchIndex,
  watchProducers,
  watchTimes,
} from "#core";

/** Batches of a file that are opened: so many at its beginning, and so many at its end. */
const openedFirst = 20;
const openedLast = 180;

/** The fields of a file; every byte is in one of them, and what makes no sense says so. */
export function fieldsOfFile(path: string, bytes: Uint8Array): ReadField {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (bytes.length === 0) return field(path, 0, 0, "empty");
  if (/^\d{20}\.index$/.test(name)) return watchIndex(bytes);
  if (/^\d{20}\.timeindex$/.test(name)) return watchTimes(bytes);
  if (/^\d{20}\.snapshot$/.test(name)) return watchProducers(bytes);
  if (/\.(log|checkpoint)(\.part)?$/.test(name)) return batchesOf(path, bytes);
  const text = new TextDecoder().decode(bytes);
  if (name.endsWith("-checkpoint")) return linesOf(path, text, bytes.length, checkpointLine);
  if (text.startsWith("{")) return entriesOf(path, text, bytes.length);
  if (/\.(properties|metadata)$/.test(name)) return linesOf(path, text, bytes.length, settingLine);
  return field(path, 0, bytes.length, bytes);
}

const field = (name: string, from: number, to: number, value: unknown): ReadField => ({
  name,
  kind: value instanceof Uint8Array ? "bytes" : "text",
  from,
  to,
  value,
  parts: [],
});

function batchesOf(path: string, bytes: Uint8Array): ReadField {
  const isMetadata = path.startsWith(metadataTopic) || path.includes(".checkpoint");
  const content = isMetadata ? "metadata" : "records";
  const starts = batchStarts(bytes);
  const hidden = starts.slice(openedFirst, Math.max(openedFirst, starts.length - openedLast));
  const [from] = hidden;
  const parts: ReadField[] = [];
  if (from === undefined) parts.push(...watchBatches(bytes, 0, bytes.length, content));
  else {
    const to = starts[openedFirst + hidden.length] ?? bytes.length;
    const middle = field("batches", from, to, `${hidden.length} more, not opened here`);
    parts.push(...watchBatches(bytes, 0, from, content), middle);
    parts.push(...watchBatches(bytes, to, bytes.length, content));
  }
  return { name: path, kind: "array", from: 0, to: bytes.length, value: parts, parts };
}

/** Where batches begin, as far as headers lead. */
function batchStarts(bytes: Uint8Array): readonly number[] {
  const starts: number[] = [];
  try {
    for (let at = 0; at < bytes.length; at += readBatchHeader(bytes, at).length) starts.push(at);
  } catch {
    // What is no batch is told of by whoever reads what follows the last start.
  }
  return starts;
}

/** A file of lines, each of them with what ends it. */
function linesOf(
  path: string,
  text: string,
  size: number,
  named: (line: string, index: number) => readonly [name: string, value: string],
): ReadField {
  const parts: ReadField[] = [];
  let at = 0;
  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    const [name, value] = named(line.trimEnd(), index);
    const to = Math.min(size, at + new TextEncoder().encode(line).length);
    parts.push(field(name, at, to, value));
    at = to;
  }
  return whole(path, size, parts, text);
}

/** Bytes that are no UTF-8 may count for more than they are: the last part ends with the file. */
function whole(path: string, size: number, parts: ReadField[], text: string): ReadField {
  const last = parts.at(-1);
  if (last !== undefined) last.to = size;
  const root: ReadField = { ...field(path, 0, size, undefined), kind: "struct", parts };
  const problem = problemOf(path, text);
  return problem === undefined ? root : { ...root, problem };
}

const checkpointLine = (line: string, index: number): readonly [string, string] => {
  if (index < 2) return [index === 0 ? "version" : "count", line];
  const words = line.split(" ");
  if (words.length === 3) return [`${words[0]}-${words[1]}`, words[2] ?? ""];
  return words.length === 2
    ? [`epoch ${words[0]}`, `begins at offset ${words[1]}`]
    : [`line ${index + 1}`, line];
};

const settingLine = (line: string, index: number): readonly [string, string] => {
  const [, name, value] = /^([^=:\s]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
  return name === undefined ? [`line ${index + 1}`, line] : [name, value ?? ""];
};

/** A small JSON object: each entry with the sign before it. */
function entriesOf(path: string, text: string, size: number): ReadField {
  const parts: ReadField[] = [];
  const entry = /[{,]\s*"([^"]*)"\s*:\s*("[^"]*"|[^,}]*)/g;
  for (const found of text.matchAll(entry)) {
    const [shown, name = "", value = ""] = found;
    const end = found.index + shown.length;
    parts.push(field(name, parts.at(-1)?.to ?? 0, Math.min(size, end), value));
  }
  if (parts.length === 0) parts.push(field("text", 0, size, text));
  return whole(path, size, parts, text);
}

/** What the broker or controller that reads the file would complain of. */
function problemOf(path: string, text: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const files = onlyFile(path, new TextEncoder().encode(text));
  try {
    if (name.endsWith("-offset-checkpoint")) readOffsetCheckpoint(files, path);
    if (name === "quorum-state") readQuorumState(files);
    return undefined;
  } catch (error) {
    if (error instanceof DiskError) return error.message;
    throw error;
  }
}

/** A disk with one file, to read from. */
function onlyFile(path: string, bytes: Uint8Array): Files {
  const refuse = (): never => {
    throw new RangeError("a disk to look at only");
  };
  return {
    size: (wanted) => (wanted === path ? bytes.length : undefined),
    read: (_path, from, length) => bytes.subarray(from, from + length),
    list: () => [path],
    append: refuse,
    writeAt: refuse,
    truncate: refuse,
    fsync: refuse,
    rename: refuse,
    remove: refuse,
    fsyncFolder: refuse,
  };
}
