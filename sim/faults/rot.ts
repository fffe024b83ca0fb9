/*
 * Bit rot: one bit of a record in a partition's log changes on the disk, and nobody is told. Checksums guard what lies
 * behind a batch's header; the header's own first fields nothing guards, in Kafka either, so they are left alone.
 */
import { batchHeaderSize, DecodeError, readBatchHeader } from "#core";
import { recordEvent } from "../trace/recorder.ts";
import { fileAt } from "../world/disk/disk.ts";
import { fileSize, flipBits, readFile } from "../world/disk/file.ts";
import type { Disk, VirtualFile } from "../world/disk/state.ts";
import type { Run } from "../world/runtime.ts";
import type { Node } from "../world/state.ts";
import { between } from "../world/stream.ts";

const segmentFile = /^(?!__).+-\d+\/\d{20}\.log$/;

/** Whether there is a record on a node's disk that can rot. */
export const canRot = ({ disk }: Node): boolean => segmentsOf(disk).length > 0;

const segmentsOf = (disk: Disk): string[] =>
  [...disk.names.keys()]
    .filter((path) => segmentFile.test(path) && batchesIn(disk, path).length > 0)
    .sort();

/** Lets one bit of one record on a node's disk change, in its page cache and on its platter. */
export function rot(run: Run, node: Node, cause: number): void {
  const { disk } = node;
  const segments = segmentsOf(disk);
  const path = segments[between(disk.lossChance, 0, segments.length - 1)];
  if (path === undefined) return;
  const batches = batchesIn(disk, path);
  const batch = batches[between(disk.lossChance, 0, batches.length - 1)];
  if (batch === undefined) return;
  const from = batch.position + between(disk.lossChance, batchHeaderSize, batch.length - 1);
  const file = fileIn(disk, path);
  flipBits(file, from, 1 << between(disk.lossChance, 0, 7));
  const size = fileSize(file);
  const hurt = { file: path, why: "rotten" as const, before: size, after: size, from };
  recordEvent(run, node, cause, { type: "fileHurt", ...hurt });
}

const fileIn = (disk: Disk, path: string): VirtualFile => fileAt(disk, disk.names.get(path) ?? -1);

/** Where the batches of a segment lie, those that hold records. */
function batchesIn(disk: Disk, path: string): { position: number; length: number }[] {
  const file = fileIn(disk, path);
  const size = fileSize(file);
  const found: { position: number; length: number }[] = [];
  let position = 0;
  while (position + batchHeaderSize <= size) {
    const length = lengthAt(file, position);
    if (length === undefined || position + length > size) break;
    if (length > batchHeaderSize) found.push({ position, length });
    position += length;
  }
  return found;
}

/** Bytes of the batch at a position; undefined behind the last whole one, where a write may have been torn. */
function lengthAt(file: VirtualFile, position: number): number | undefined {
  try {
    return readBatchHeader(readFile(file, position, position + batchHeaderSize, newBytes)).length;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const newBytes = (length: number): Uint8Array => new Uint8Array(length);
