/*
 * Which leader wrote which offsets (Kafka's LeaderEpochFileCache, KIP-101): entries rise in epoch and in start. The
 * file is written anew whenever an entry comes or goes. Recovery reads the epochs from the log's own batches, which
 * all bear theirs, and puts the file right; as in Kafka an epoch that wrote nothing is forgotten by a restart.
 */
import { type LeaderEpoch, leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { writeTextAtomically, writeTextUnsynced } from "./text-file.ts";

/** From `start` on, records were written under `epoch`, up to the next entry's start. */
export interface EpochEntry {
  readonly epoch: LeaderEpoch;
  readonly start: Offset;
}

export const epochFile = (folder: string): string => `${folder}/leader-epoch-checkpoint`;

/**
 * Adds an entry; undefined if that changes nothing. Entries of the same or a later epoch, or that begin at or after it,
 * give way to it.
 */
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

/** Drops what lies wholly before `start`: the log begins there now, with the epoch that was in force there. */
export function epochsFrom(entries: readonly EpochEntry[], start: Offset): readonly EpochEntry[] {
  const last = entries.findLastIndex((entry) => entry.start <= start);
  const inForce = entries[last];
  if (inForce === undefined) return entries;
  return [{ epoch: inForce.epoch, start }, ...entries.slice(last + 1)];
}

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

/** Writes the entries before records of a new epoch are appended: a power loss leaves this file or the one before. */
export function writeEpochs(files: Files, folder: string, entries: readonly EpochEntry[]): void {
  writeTextAtomically(files, epochFile(folder), epochText(entries));
}

/** After a truncation nothing waits for the disk, as in Kafka: an entry too many is found out by recovery. */
export function writeEpochsUnsynced(
  files: Files,
  folder: string,
  entries: readonly EpochEntry[],
): void {
  writeTextUnsynced(files, epochFile(folder), epochText(entries));
}

export const epochText = (entries: readonly EpochEntry[]): string => {
  const lines = entries.map(({ epoch, start }) => `${epoch} ${start}\n`);
  return `0\n${entries.length}\n${lines.join("")}`;
};
