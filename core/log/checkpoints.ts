/*
 * Kafka's OffsetCheckpointFile: a version, a count, then `topic partition offset` lines.
 */
import { DiskError, type Files } from "../foundation/process.ts";
import { type Offset, offset, partitionName } from "../foundation/ids.ts";
import { readText, writeTextAtomically } from "./text-file.ts";

/**
 * Offsets by partition name (`orders-0`); none where there is no file, or an empty one. A file is replaced whole, so no
 * crash and no power loss makes a bad one: what it says is not guessed at.
 * @throws DiskError naming the file and the line that is wrong.
 */
export function readOffsetCheckpoint(files: Files, path: string): Map<string, Offset> {
  const offsets = new Map<string, Offset>();
  const text = readText(files, path) ?? "";
  if (text === "") return offsets;
  const [version = "", count = "", ...rest] = text.split("\n");
  const complain = (line: number, problem: string): DiskError =>
    new DiskError(path, `${path}, line ${line}: ${problem}`);
  if (version !== "0") throw complain(1, `version "${version}" instead of 0`);
  if (!/^\d+$/.test(count)) throw complain(2, `"${count}" instead of a number of entries`);
  const lines = rest.at(-1) === "" ? rest.slice(0, -1) : rest;
  for (const [i, line] of lines.entries()) {
    const [, topic, partition, at] = /^(\S+) (\d+) (\d+)$/.exec(line) ?? [];
    if (topic === undefined || !Number.isSafeInteger(Number(at))) {
      throw complain(i + 3, `"${line}" instead of topic, partition and offset`);
    }
    offsets.set(partitionName(topic, Number(partition)), offset(Number(at)));
  }
  if (lines.length !== Number(count)) {
    throw complain(2, `${count} entries, of which ${lines.length} are there`);
  }
  return offsets;
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
