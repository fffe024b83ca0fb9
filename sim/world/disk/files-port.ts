/*
 * The Files port over a node's virtual disk. Operations change files at once; each takes its own time, one after
 * the other, and the journal of the step in hand knows when each is over and how to put it back.
 */
import { DiskError, type Files, must } from "#core";
import { armByDisk } from "../../faults/conditions.ts";
import type { DiskDone } from "../../trace/events.ts";
import { recordDisk } from "../../trace/recorder.ts";
import type { Run } from "../runtime.ts";
import type { Node } from "../state.ts";
import { ailsFrom, diskTimes, stepDelay } from "../ails.ts";
import { between } from "../stream.ts";
import {
  bind,
  dropOrphans,
  fileAt,
  fileOf,
  makeFile,
  owedIn,
  oweNames,
  syncFolder,
} from "./disk.ts";
import {
  appendFile,
  fileSize,
  oweFile,
  overwriteFile,
  readFile,
  resizeFile,
  snapshot,
  syncFile,
} from "./file.ts";
import type { Disk } from "./state.ts";

/** What a disk does that is full or broken: the process that needs it is not to blame. */
export class BadDiskError extends DiskError {}

export class DiskFiles implements Files {
  private readonly bytes: (length: number) => Uint8Array;
  private run: Run | undefined;
  private node: Node | undefined;
  private start = 0;

  constructor(bytes: (length: number) => Uint8Array) {
    this.bytes = bytes;
  }

  /** Everything from now on happens on this node's disk. */
  bind(run: Run, node: Node): void {
    this.run = run;
    this.node = node;
    // A slow machine thinks first: when the last operation is over, the step is.
    node.disk.freeAt = run.world.now + stepDelay(node);
  }

  /** The step in hand is over: nothing of it can be put back any more. */
  finish(node: Node): void {
    const { disk } = node;
    for (const entry of disk.journal) {
      if (entry.op === "rename") disk.forgotten.delete(entry.to);
      const isOther = "made" in entry ? entry.made : entry.op === "rename" || entry.op === "remove";
      if (isOther) disk.forgotten.delete(entry.path);
    }
    disk.journal = [];
    dropOrphans(disk);
  }

  append(path: string, bytes: Uint8Array): void {
    const disk = this.writable(path);
    const made = !disk.names.has(path);
    const id = made ? makeFile(disk, path) : fileOf(disk, path);
    const file = fileAt(disk, id);
    const before = fileSize(file);
    appendFile(file, bytes);
    const end = this.take("appendUs");
    const { start } = this;
    disk.journal.push({
      op: "append",
      start,
      end,
      path,
      file: id,
      before,
      length: bytes.length,
      made,
    });
    this.tell("append", path, id, made, before, bytes, end);
  }

  writeAt(path: string, position: number, bytes: Uint8Array): void {
    const disk = this.writable(path);
    const made = !disk.names.has(path);
    const id = made ? makeFile(disk, path) : fileOf(disk, path);
    const file = fileAt(disk, id);
    const before = snapshot(file);
    const { cut } = file;
    overwriteFile(file, position, bytes);
    const end = this.take("appendUs");
    const { start } = this;
    const sealed = bytes.slice();
    disk.journal.push({
      op: "write",
      start,
      end,
      path,
      file: id,
      before,
      position,
      bytes: sealed,
      made,
      cut,
    });
    this.tell("write", path, id, made, position, bytes, end);
  }

  read(path: string, position: number, length: number): Uint8Array {
    const disk = this.disk();
    if (ailsFrom(this.owner(), "diskError")) throw new BadDiskError(path, `cannot read ${path}`);
    const file = fileAt(disk, fileOf(disk, path));
    const size = fileSize(file);
    if (position >= size || length <= 0) return nothing;
    return readFile(file, position, Math.min(size, position + length), this.bytes);
  }

  size(path: string): number | undefined {
    const disk = this.disk();
    const id = disk.names.get(path);
    return id === undefined ? undefined : fileSize(fileAt(disk, id));
  }

  truncate(path: string, size: number): void {
    const disk = this.disk();
    const id = fileOf(disk, path);
    const file = fileAt(disk, id);
    const before = snapshot(file);
    const { cut } = file;
    resizeFile(file, size);
    const end = this.take("metadataUs");
    disk.journal.push({ op: "truncate", start: this.start, end, path, file: id, before, cut });
    this.tell("truncate", path, id, false, size, undefined, end);
  }

  fsync(path: string): void {
    const disk = this.disk();
    if (ailsFrom(this.owner(), "diskError")) throw new BadDiskError(path, `cannot flush ${path}`);
    const id = fileOf(disk, path);
    const file = fileAt(disk, id);
    const { platter, dirty, owed, cut } = file;
    if (ailsFrom(this.owner(), "lyingFsync")) {
      oweFile(file);
      return this.tell("fsync", path, id, false, fileSize(file), undefined, this.take("fsyncUs"));
    }
    syncFile(file);
    const end = this.take("fsyncUs");
    disk.journal.push({
      op: "fsync",
      start: this.start,
      end,
      path,
      file: id,
      platter,
      dirty,
      owed,
      cut,
    });
    this.tell("fsync", path, id, false, fileSize(file), undefined, end);
  }

  rename(from: string, to: string): void {
    const disk = this.disk();
    const id = fileOf(disk, from);
    if (from === to) return;
    const replaced = disk.names.get(to) ?? -1;
    bind(disk, to, id);
    bind(disk, from, -1);
    const end = this.take("metadataUs");
    disk.journal.push({ op: "rename", start: this.start, end, path: from, to, file: id, replaced });
    this.tell("rename", to, id, true, 0, undefined, end);
  }

  remove(path: string): void {
    const disk = this.disk();
    const id = disk.names.get(path);
    if (id === undefined) return;
    bind(disk, path, -1);
    const end = this.take("metadataUs");
    disk.journal.push({ op: "remove", start: this.start, end, path, file: id });
    this.tell("remove", path, id, true, 0, undefined, end);
  }

  list(folder: string): readonly string[] {
    const prefix = folder === "" ? "" : `${folder}/`;
    const found = new Set<string>();
    for (const path of this.disk().names.keys()) {
      if (!path.startsWith(prefix)) continue;
      const slash = path.indexOf("/", prefix.length);
      found.add(path.slice(prefix.length, slash < 0 ? path.length : slash));
    }
    return [...found].sort();
  }

  fsyncFolder(folder: string): void {
    const disk = this.disk();
    const isLie = ailsFrom(this.owner(), "lyingFsync");
    if (isLie) oweNames(disk, folder);
    const owed = owedIn(disk, folder);
    const names = isLie ? [] : syncFolder(disk, folder);
    const end = this.take("fsyncUs");
    disk.journal.push({ op: "fsyncFolder", start: this.start, end, path: folder, names, owed });
    this.tell("fsyncFolder", folder, -1, true, 0, undefined, end);
  }

  private owner(): Node {
    return must(this.node, "a process in its step");
  }

  private disk(): Disk {
    return this.owner().disk;
  }

  /** @throws BadDiskError if nothing can be written. */
  private writable(path: string): Disk {
    const node = this.owner();
    if (ailsFrom(node, "diskFull")) throw new BadDiskError(path, `no space left to write ${path}`);
    if (ailsFrom(node, "diskError")) throw new BadDiskError(path, `cannot write ${path}`);
    return node.disk;
  }

  /** Draws how long the operation takes, begins it when the one before is over, and returns its end. */
  private take(kind: "appendUs" | "fsyncUs" | "metadataUs"): number {
    const disk = this.disk();
    const run = must(this.run, "a run");
    const [low, high] = run.world.scenario.disk[kind];
    this.start = disk.freeAt;
    disk.freeAt += between(disk.chance, low, high) * diskTimes(this.owner());
    run.runtime.blame = "world";
    armByDisk(run.world, this.owner(), this.start);
    run.runtime.blame = "process";
    return disk.freeAt;
  }

  private tell(
    op: DiskDone["op"],
    path: string,
    file: number,
    named: boolean,
    position: number,
    bytes: Uint8Array | undefined,
    until: number,
  ): void {
    const run = must(this.run, "a run");
    const node = must(this.node, "a process in its step");
    run.runtime.blame = "world";
    recordDisk(run, node, node.inHand, op, path, file, named, position, bytes, until);
    run.runtime.blame = "process";
  }
}

const nothing = new Uint8Array(0);
