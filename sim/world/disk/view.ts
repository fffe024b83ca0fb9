import { joined, piecesOf, sizeOf } from "./content.ts";
import { fileAt } from "./disk.ts";
import { fileSize, readFile } from "./file.ts";
import type { Disk, VirtualFile } from "./state.ts";

/** A disk as its machine sees it (page cache included), to look at only: no time passes, nothing fails, nothing is told. */
export class DiskView {
  private readonly disk: Disk;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** Bytes; 0 if there is no such file. */
  size(path: string): number {
    const file = this.file(path);
    return file === undefined ? 0 : fileSize(file);
  }

  /** Bytes from `position` on, at most `length` of them: a view of the file, which nobody may change or keep. */
  read(path: string, position: number, length: number): Uint8Array {
    const file = this.file(path);
    const end = Math.min(position + length, file === undefined ? 0 : fileSize(file));
    if (file === undefined || position >= end) return new Uint8Array(0);
    return readFile(file, position, end, (size) => new Uint8Array(size));
  }

  /** All of a file; nothing if there is no such file. */
  readAll(path: string): Uint8Array {
    return this.read(path, 0, this.size(path));
  }

  /** All paths, sorted. */
  paths(): readonly string[] {
    return [...this.disk.names.keys()].sort();
  }

  /** Paths below a folder without its name, sorted. */
  list(folder: string): readonly string[] {
    const prefix = `${folder}/`;
    return [...this.disk.names.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length))
      .sort();
  }

  /**
   * What a power loss could not take from a file: whether its name is on the platter, and which bytes [from, to) the
   * platter holds as they are read now. While a step is in hand that counts what it has flushed.
   */
  kept(path: string): { readonly named: boolean; readonly ranges: (readonly [number, number])[] } {
    const id = this.disk.names.get(path);
    const file = this.file(path);
    if (file === undefined) return { named: false, ranges: [] };
    const named = this.disk.keptNames.get(path) === id;
    return { named, ranges: equalRanges(this.readAll(path), platterOf(file)) };
  }

  private file(path: string): VirtualFile | undefined {
    const id = this.disk.names.get(path);
    return id === undefined ? undefined : fileAt(this.disk, id);
  }
}

const platterOf = ({ platter }: VirtualFile): Uint8Array =>
  joined(piecesOf(platter, 0, sizeOf(platter)), (size) => new Uint8Array(size));

/** Where two files hold the same bytes: [from, to), rising, as long as they go. */
function equalRanges(a: Uint8Array, b: Uint8Array): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const end = Math.min(a.length, b.length);
  let from = -1;
  for (let at = 0; at <= end; at++) {
    const same = at < end && a[at] === b[at];
    if (same && from < 0) from = at;
    if (same || from < 0) continue;
    ranges.push([from, at]);
    from = -1;
  }
  return ranges;
}
