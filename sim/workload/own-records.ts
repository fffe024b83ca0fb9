/*
 * Records of somebody's own, as a producer holds them: one stretch of sealed bytes, which copies of a world share, and how
 * long each key and each value is.
 */
import { utf8Bytes, utf8Length, writeUtf8 } from "#core";
import type { OwnRecord } from "../scenario/schema.ts";

export interface PackedRecords {
  /** Key, value, key, value. */
  readonly bytes: Uint8Array;
  /** Two lengths a record; a key that is not there has the length -1. */
  readonly lengths: Int32Array;
  /** Where the next record begins. */
  at: number;
}

export function packRecords(records: readonly OwnRecord[]): PackedRecords {
  const lengths = new Int32Array(2 * records.length);
  let total = 0;
  for (const [i, { key, value }] of records.entries()) {
    lengths[2 * i] = key === null ? -1 : utf8Length(key);
    lengths[2 * i + 1] = utf8Length(value);
    total += Math.max(0, lengths[2 * i] ?? 0) + (lengths[2 * i + 1] ?? 0);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const { key, value } of records) {
    if (key !== null) at = writeUtf8(key, bytes, at);
    at = writeUtf8(value, bytes, at);
  }
  return { bytes, lengths, at: 0 };
}

/** How many there are. */
export const recordCount = ({ lengths }: PackedRecords): number => lengths.length / 2;

/** Takes the record at a place; the places are asked for in order. */
export function takeRecord(
  records: PackedRecords,
  place: number,
): { readonly key: Uint8Array | null; readonly value: Uint8Array } {
  const keyLength = records.lengths[2 * place] ?? -1;
  const valueAt = records.at + Math.max(0, keyLength);
  const end = valueAt + (records.lengths[2 * place + 1] ?? 0);
  const key = keyLength < 0 ? null : records.bytes.subarray(records.at, valueAt);
  records.at = end;
  return { key, value: records.bytes.subarray(valueAt, end) };
}

/** The header that names a record whose value is somebody's own. */
export const nameHeader = "highwater-name";

export const nameHeaders = (name: string) => [{ key: nameHeader, value: utf8Bytes(name) }];
