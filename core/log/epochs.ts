/*
 * Which leader wrote which offsets (Kafka's LeaderEpochFileCache, KIP-101): entries rise in epoch and in start. The
 * file is written anew whenever an entry comes or goes.
 */
import { type LeaderEpoch, leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { readText, writeTextAtomically } from "./text-file.ts";

/** From `start` on, records were written under `epoch`, up to the next entry's start. */
export interface EpochEntry {
  readonly epoch: LeaderEpoch;
  readonly start: Offset;
}

export const epochFile = (folder: string): string => `${folder}/leader-epoch-checkpoint`;

/** Adds an entry. Entries of the same or a later epoch, or that begin at or after it, give way to it. */
export function withEpoch(
  entries: readonly EpochEntry[],
  entry: EpochEntry,
): readonly EpochEntry[] | undefined {
  const last = entries.at(-1);
  if (last !== undefined && last.epoch === entry.epoch && last.start <= entry.start)
    return undefined;
  const kept = entries.filter(({ epoch, start }) => epoch < entry.epoch && start < entry.start);
  return [...kept, entry];
}

/** Drops what begins at or after `end`: the log ends there now. */
export const epochsBelow = (entries: readonly EpochEntry[], end: Offset): readonly EpochEntry[] =>
  entries.filter(({ start }) => start < end);

/** The largest epoch not above `asked`, and where it ends; -1 and -1 if that cannot be said. */
export function endOffsetFor(
  entries: readonly EpochEntry[],
  asked: LeaderEpoch,
  logEnd: Offset,
): { readonly epoch: LeaderEpoch; readonly end: Offset } {
  const undefinedEnd = { epoch: leaderEpoch(-1), end: offset(-1) };
  const last = entries.at(-1);
  const [first] = entries;
  if (asked < 0 || last === undefined || first === undefined || asked > last.epoch)
    return undefinedEnd;
  if (asked === last.epoch) return { epoch: asked, end: logEnd };
  const above = entries.findIndex(({ epoch }) => epoch > asked);
  const next = entries[above];
  const floor = entries[above - 1];
  // Asked for what is older than all that is known: the log holds nothing of it.
  if (floor === undefined) return { epoch: asked, end: first.start };
  return { epoch: floor.epoch, end: next === undefined ? logEnd : next.start };
}

export function writeEpochs(files: Files, folder: string, entries: readonly EpochEntry[]): void {
  const lines = entries.map(({ epoch, start }) => `${epoch} ${start}\n`);
  writeTextAtomically(files, epochFile(folder), `0\n${entries.length}\n${lines.join("")}`);
}

/** What the file says as far as it is well formed; recovery reads the rest from the log. */
export function readEpochs(files: Files, folder: string): EpochEntry[] {
  const entries: EpochEntry[] = [];
  for (const line of readText(files, epochFile(folder))?.split("\n").slice(2) ?? []) {
    const match = /^(\d+) (\d+)$/.exec(line);
    if (match === null) continue;
    const entry = { epoch: leaderEpoch(Number(match[1])), start: offset(Number(match[2])) };
    const last = entries.at(-1);
    if (last === undefined || (entry.epoch > last.epoch && entry.start >= last.start))
      entries.push(entry);
  }
  return entries;
}
