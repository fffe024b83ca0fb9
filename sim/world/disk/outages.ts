/*
 * What a crash and a power loss leave on a disk, and what the trace says of it.
 */
import type { FileHurt } from "../../trace/events.ts";
import { recordEvent } from "../../trace/recorder.ts";
import type { Run } from "../runtime.ts";
import type { Node } from "../state.ts";
import { between } from "../stream.ts";
import { copyContent, joined, overlay, piecesOf, sizeOf } from "./content.ts";
import { bind, bindKept, dropOrphans, fileAt } from "./disk.ts";
import {
  fileSize,
  filePieces,
  overwriteFile,
  pageBytes,
  resizeFile,
  restore,
  seal,
} from "./file.ts";
import { writeDirty } from "./write-back.ts";
import type { Disk, JournalEntry, VirtualFile } from "./state.ts";

/**
 * The step in hand is cut short: operations that were over by now stay, the one under way may be torn, the rest is
 * put back, from the last to the first. `powerLoss`: an fsync under way may have got a part down.
 */
export function crashDisk(run: Run, node: Node, down: number, powerLoss: boolean): void {
  const { disk } = node;
  const { now } = run.world;
  const journal = disk.journal;
  disk.journal = [];
  for (const entry of journal.toReversed()) {
    if (entry.end <= now) continue;
    const underWay = entry.start <= now;
    const tell = (hurt: Omit<FileHurt, "type">) =>
      recordEvent(run, node, down, { type: "fileHurt", ...hurt });
    if (entry.op === "append") undoAppend(disk, entry, underWay, tell);
    else if (entry.op === "write") undoWrite(disk, entry, underWay, tell);
    else undoOther(disk, entry, underWay && powerLoss, tell);
  }
  dropOrphans(disk);
}

type Tell = (hurt: Omit<FileHurt, "type">) => void;
type Entry<Op extends JournalEntry["op"]> = Extract<JournalEntry, { op: Op }>;

function undoAppend(disk: Disk, entry: Entry<"append">, underWay: boolean, tell: Tell): void {
  const { file: id, before, length, path } = entry;
  const file = fileAt(disk, id);
  const kept = underWay ? between(disk.lossChance, 0, length) : 0;
  const was = fileSize(file);
  const { cut } = file;
  resizeFile(file, before + kept);
  file.cut = cut;
  if (entry.made && kept === 0) bind(disk, path, -1);
  if (kept === length) return;
  const why = kept > 0 ? "torn" : "undone";
  tell({ file: path, why, before: was, after: before + kept, from: before + kept });
}

function undoWrite(disk: Disk, entry: Entry<"write">, underWay: boolean, tell: Tell): void {
  const { file: id, before, position, bytes, path } = entry;
  const file = fileAt(disk, id);
  const kept = underWay ? between(disk.lossChance, 0, bytes.length) : 0;
  const was = fileSize(file);
  restore(file, before);
  file.cut = entry.cut;
  if (kept > 0) overwriteFile(file, position, bytes.subarray(0, kept));
  else if (entry.made) bind(disk, path, -1);
  if (kept === bytes.length) return;
  const why = kept > 0 ? "torn" : "undone";
  tell({ file: path, why, before: was, after: fileSize(file), from: position + kept });
}

function undoOther(
  disk: Disk,
  entry: Exclude<JournalEntry, { op: "append" | "write" }>,
  partly: boolean,
  tell: Tell,
): void {
  switch (entry.op) {
    case "truncate": {
      const file = fileAt(disk, entry.file);
      const was = fileSize(file);
      restore(file, entry.before);
      file.cut = entry.cut;
      const after = fileSize(file);
      tell({ file: entry.path, why: "undone", before: was, after, from: Math.min(was, after) });
      return;
    }
    case "fsync": {
      const file = fileAt(disk, entry.file);
      file.platter = entry.platter;
      for (const page of entry.dirty) file.dirty.add(page);
      for (const page of entry.owed) file.owed.add(page);
      file.cut = entry.cut;
      if (partly) writeDirty(file, disk.lossChance, 1, 2);
      return;
    }
    case "rename":
      bindBack(disk, entry.path, entry.file, tell);
      return bindBack(disk, entry.to, entry.replaced, tell);
    case "remove":
      return bindBack(disk, entry.path, entry.file, tell);
    case "fsyncFolder":
      for (const [path, id] of entry.names) {
        bindKept(disk, path, id);
        disk.renamed.add(path);
      }
      for (const path of entry.owed) disk.owedNames.add(path);
  }
}

/** A name leads again to what it led to before. */
function bindBack(disk: Disk, path: string, id: number, tell: Tell): void {
  const before = sizeNow(disk, disk.names.get(path));
  bind(disk, path, id);
  const after = sizeNow(disk, disk.names.get(path));
  tell({ file: path, why: "undone", before, after, from: 0 });
}

/**
 * The page cache is gone: every file is what its platter holds, under the names that the platter knows. A
 * write-back may have been under way: some dirty pages got down, and one of them not whole.
 */
export function losePower(run: Run, node: Node, down: number): void {
  const { disk } = node;
  const underWay = between(disk.lossChance, 0, 1) === 1;
  for (const path of new Set([...disk.names.keys(), ...disk.renamed])) {
    const known = disk.names.get(path);
    const kept = disk.keptNames.get(path);
    const file = known === undefined ? undefined : fileAt(disk, known);
    const differs = file !== undefined && (file.dirty.size > 0 || file.cut >= 0);
    if (known === kept && !differs) continue;
    if (underWay && file !== undefined && differs) tear(disk, file);
    const before = sizeNow(disk, known);
    const after = kept === undefined ? 0 : sizeOf(fileAt(disk, kept).platter);
    const from = file !== undefined && known === kept ? firstDifference(file) : 0;
    const hurt = { file: path, why: "unsynced" as const, before, after, from };
    recordEvent(run, node, down, { type: "fileHurt", ...hurt });
  }
  noteForgotten(disk);
  for (const file of disk.files.values()) {
    restore(file, file.platter);
    file.dirty = new Set();
    file.owed = new Set();
    file.cut = -1;
    file.links = file.keptLinks;
  }
  disk.orphans = [...disk.files.keys()];
  disk.names = new Map(disk.keptNames);
  disk.renamed = new Set();
  disk.writeBackAt = -1;
  dropOrphans(disk);
}

/** Under which paths something is gone that an fsync had said to be there. */
function noteForgotten(disk: Disk): void {
  const { names, keptNames, owedNames, forgotten } = disk;
  for (const path of owedNames) if (names.get(path) !== keptNames.get(path)) forgotten.add(path);
  for (const [path, id] of keptNames) if (fileAt(disk, id).owed.size > 0) forgotten.add(path);
  disk.owedNames = new Set();
}

/** The disk is replaced by an empty one: nothing is left of any file. */
export function emptyDisk(run: Run, node: Node, cause: number): void {
  const { disk } = node;
  for (const path of new Set([...disk.names.keys(), ...disk.keptNames.keys()])) {
    const before = sizeNow(disk, disk.names.get(path));
    const hurt = { file: path, why: "emptied" as const, before, after: 0, from: 0 };
    recordEvent(run, node, cause, { type: "fileHurt", ...hurt });
  }
  disk.files.clear();
  disk.names = new Map();
  disk.keptNames = new Map();
  disk.renamed = new Set();
  disk.owedNames = new Set();
  disk.forgotten = new Set();
  disk.orphans = [];
  disk.journal = [];
  disk.writeBackAt = -1;
}

const sizeNow = (disk: Disk, id: number | undefined): number =>
  id === undefined ? 0 : fileSize(fileAt(disk, id));

/** Where the page cache and the platter part: the first byte that differs, or that only one of them has. */
function firstDifference(file: VirtualFile): number {
  let from = file.cut < 0 ? Infinity : file.cut;
  for (const page of file.dirty) from = Math.min(from, page * pageBytes);
  const both = Math.min(fileSize(file), sizeOf(file.platter));
  const cached = joined(filePieces(file, from, both), newBytes);
  const kept = joined(piecesOf(file.platter, from, both), newBytes);
  const at = cached.findIndex((byte, i) => byte !== kept[i]);
  return at < 0 ? both : from + at;
}

const newBytes = (length: number): Uint8Array => new Uint8Array(length);

/** Some dirty pages reach the platter, and one of them only up to a sector. */
function tear(disk: Disk, file: VirtualFile): void {
  writeDirty(file, disk.lossChance, 1, 2);
  const torn = [...file.dirty][0];
  if (torn === undefined || between(disk.lossChance, 0, 1) === 0) return;
  seal(file);
  const start = torn * pageBytes;
  const sectors = between(disk.lossChance, 1, sectorsPerPage - 1);
  const end = Math.min(start + sectors * sectorBytes, fileSize(file));
  if (end > start) {
    file.platter = copyContent(file.platter);
    overlay(file.platter, start, filePieces(file, start, end));
  }
}

const sectorBytes = 512;
const sectorsPerPage = pageBytes / sectorBytes;
