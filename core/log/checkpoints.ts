/*
 * Kafka's OffsetCheckpointFile: a version, a count, then `topic partition offset` lines.
 */
import type { Files } from "../foundation/process.ts";
import { type Offset, offset, partitionName } from "../foundation/ids.ts";
import { readText, writeTextAtomically } from "./text-file.ts";

/**
 * Offsets by partition name (`orders-0`). A file that is not there or not whole is empty: what it would say can be
 * found again from the logs.
 */
export function readOffsetCheckpoint(files: Files, path: string): Map<string, Offset> {
  const offsets = new Map<string, Offset>();
  const [version, count, ...lines] = readText(files, path)?.split("\n") ?? [];
  if (version !== "0") return offsets;
  for (const line of lines) {
    const [topic, partition, at] = line.split(" ");
    if (topic === undefined || partition === undefined || at === undefined) continue;
    if (!/^\d+$/.test(partition) || !/^\d+$/.test(at)) continue;
    offsets.set(partitionName(topic, Number(partition)), offset(Number(at)));
  }
  return String(offsets.size) === count ? offsets : new Map<string, Offset>();
}

/** Writes all offsets anew; a power loss leaves the old file or the new one. */
export function writeOffsetCheckpoint(
  files: Files,
  path: string,
  offsets: ReadonlyMap<string, Offset>,
): void {
  const lines = [...offsets].map(([name, at]) => {
    const dash = name.lastIndexOf("-");
    return `${name.slice(0, dash)} ${name.slice(dash + 1)} ${at}\n`;
  });
  writeTextAtomically(files, path, `0\n${offsets.size}\n${lines.join("")}`);
}
