import type { Files } from "#core";

/** A disk that notes what changes it, in order: `append a/b`, `rename a b`. Reads are counted. */
export interface WatchedFiles {
  readonly files: Files;
  readonly done: string[];
  readonly read: { count: number; bytes: number };
}

export function watchedFiles(inner: Files): WatchedFiles {
  const done: string[] = [];
  const read = { count: 0, bytes: 0 };
  const files: Files = {
    ...inner,
    append(path, bytes) {
      done.push(`append ${path}`);
      inner.append(path, bytes);
    },
    writeAt(path, position, bytes) {
      done.push(`writeAt ${path}`);
      inner.writeAt(path, position, bytes);
    },
    truncate(path, size) {
      done.push(`truncate ${path}`);
      inner.truncate(path, size);
    },
    fsync(path) {
      done.push(`fsync ${path}`);
      inner.fsync(path);
    },
    rename(from, to) {
      done.push(`rename ${from} ${to}`);
      inner.rename(from, to);
    },
    remove(path) {
      done.push(`remove ${path}`);
      inner.remove(path);
    },
    fsyncFolder(path) {
      done.push(`fsyncFolder ${path}`);
      inner.fsyncFolder(path);
    },
    read(path, position, length) {
      const bytes = inner.read(path, position, length);
      read.count++;
      read.bytes += bytes.length;
      return bytes;
    },
  };
  return { files, done, read };
}
