/* Files beside a segment's batches, with the bytes that each field stands in. */
import {
  type FieldKind,
  type ReadField,
  readWatched,
  Watch,
  WatchedReader,
} from "../wire/watched.ts";
import { indexEntrySize } from "./offset-index.ts";
import { decodeProducers } from "./producer-snapshots.ts";
import { timeEntrySize } from "./time-index.ts";

type Part = readonly [name: string, kind: FieldKind];

/** An `.index`: of some batches the last offset, counted from the segment's base, and where they begin. */
export function watchIndex(bytes: Uint8Array): ReadField {
  const parts: readonly Part[] = [
    ["relativeOffset", "int32"],
    ["position", "int32"],
  ];
  return watchEntries(bytes, indexEntrySize, parts, (reader) => {
    reader.int32();
    reader.int32();
  });
}

/** A `.timeindex`: timestamps, and the offsets, counted from the segment's base, up to which none is later. */
export function watchTimes(bytes: Uint8Array): ReadField {
  const parts: readonly Part[] = [
    ["timestamp", "int64"],
    ["relativeOffset", "int32"],
  ];
  return watchEntries(bytes, timeEntrySize, parts, (reader) => {
    reader.int64();
    reader.int32();
  });
}

function watchEntries(
  bytes: Uint8Array,
  size: number,
  parts: readonly Part[],
  read: (reader: WatchedReader) => void,
): ReadField {
  const watch = new Watch("entries", 0);
  const reader = new WatchedReader(watch, bytes);
  return readWatched(watch, reader, () => {
    for (let i = 0; reader.left >= size; i++) {
      watch.expect(parts);
      watch.inside(`entry ${i}`, reader, () => read(reader));
    }
  });
}

const snapshotParts: readonly Part[] = [
  ["version", "int16"],
  ["crc", "int32"],
  ["count", "int32"],
];

/** In the order in which `decodeProducers` reads. */
const producerParts: readonly Part[] = [
  ["producerId", "int64"],
  ["producerEpoch", "int16"],
  ["lastSequence", "int32"],
  ["lastOffset", "int64"],
  ["offsetDelta", "int32"],
  ["timestamp", "int64"],
  ["coordinatorEpoch", "int32"],
  ["currentTxnFirstOffset", "int64"],
];

/** A `.snapshot`: what is known of producers up to an offset. */
export function watchProducers(bytes: Uint8Array): ReadField {
  const watch = new Watch("producers", 0);
  const reader = new WatchedReader(watch, bytes);
  watch.expect(snapshotParts, producerParts);
  return readWatched(watch, reader, () => decodeProducers(bytes, reader));
}
