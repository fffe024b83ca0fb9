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

  /** Paths below a folder without its name, sorted. */
  list(folder: string): readonly string[] {
    const prefix = `${folder}/`;
    return [...this.disk.names.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length))
      .sort();
  }

  private file(path: string): VirtualFile | undefined {
    const id = this.disk.names.get(path);
    return id === undefined ? undefined : fileAt(this.disk, id);
  }
}
