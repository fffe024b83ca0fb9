import { DiskError, must } from "#core";
import { newStream } from "../stream.ts";
import { newFile } from "./file.ts";
import type { Disk, VirtualFile } from "./state.ts";

/** An empty disk. */
export const newDisk = (seed: string, name: string): Disk => ({
  files: new Map(),
  nextFile: 0,
  names: new Map(),
  keptNames: new Map(),
  renamed: new Set(),
  owedNames: new Set(),
  forgotten: new Set(),
  orphans: [],
  journal: [],
  freeAt: 0,
  writeBackAt: -1,
  chance: newStream(seed, `disk/${name}`),
  writeBackChance: newStream(seed, `writeBack/${name}`),
  lossChance: newStream(seed, `loss/${name}`),
});

export const fileAt = (disk: Disk, id: number): VirtualFile =>
  must(disk.files.get(id), "a file that has a name");

/** The file of a path. @throws DiskError if there is none. */
export function fileOf(disk: Disk, path: string): number {
  const id = disk.names.get(path);
  if (id === undefined) throw new DiskError(path, `no file ${path}`);
  return id;
}

/** Makes an empty file under a path that has none. */
export function makeFile(disk: Disk, path: string): number {
  const id = disk.nextFile++;
  disk.files.set(id, newFile());
  bind(disk, path, id);
  return id;
}

/** Lets a path lead to a file (-1: to none), as processes see it. */
export function bind(disk: Disk, path: string, id: number): void {
  const before = disk.names.get(path);
  if (before !== undefined) {
    fileAt(disk, before).links--;
    disk.orphans.push(before);
  }
  if (id < 0) disk.names.delete(path);
  else {
    disk.names.set(path, id);
    fileAt(disk, id).links++;
  }
  disk.renamed.add(path);
}

/** Lets a path lead to a file (-1: to none), as the platter knows it. */
export function bindKept(disk: Disk, path: string, id: number): void {
  const before = disk.keptNames.get(path);
  if (before !== undefined) {
    fileAt(disk, before).keptLinks--;
    disk.orphans.push(before);
  }
  if (id < 0) disk.keptNames.delete(path);
  else {
    disk.keptNames.set(path, id);
    fileAt(disk, id).keptLinks++;
  }
}

/** Forgets files that no name leads to. */
export function dropOrphans(disk: Disk): void {
  if (disk.orphans.length === 0) return;
  for (const id of disk.orphans) {
    const file = disk.files.get(id);
    if (file !== undefined && file.links === 0 && file.keptLinks === 0) disk.files.delete(id);
  }
  disk.orphans = [];
}

/** `a/b` for `a/b/c`; "" for a path without folder. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/**
 * Makes the names of a folder on the platter what processes see. Returns what the platter knew before: path and
 * file (-1: nothing).
 */
export function syncFolder(disk: Disk, folder: string): (readonly [string, number])[] {
  const before: (readonly [string, number])[] = [];
  for (const path of disk.renamed) {
    if (folderOf(path) !== folder) continue;
    const kept = disk.keptNames.get(path) ?? -1;
    const now = disk.names.get(path) ?? -1;
    if (kept !== now) {
      before.push([path, kept]);
      bindKept(disk, path, now);
    }
    disk.renamed.delete(path);
    disk.owedNames.delete(path);
  }
  return before;
}

/** The names of a folder of which it was said wrongly that the platter knows them. */
export const owedIn = (disk: Disk, folder: string): string[] =>
  [...disk.owedNames].filter((path) => folderOf(path) === folder);

/** An fsync of a folder says that its names are on the platter, and they are not. */
export function oweNames(disk: Disk, folder: string): void {
  for (const path of disk.renamed) if (folderOf(path) === folder) disk.owedNames.add(path);
}
