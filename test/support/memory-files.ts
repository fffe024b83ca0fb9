import { DiskError, type Files } from "#core";

/** A disk for tests of single parts: everything is there at once, nothing is ever lost. */
export function memoryFiles(contents: Map<string, Uint8Array> = new Map()): Files {
  const must = (path: string): Uint8Array => {
    const bytes = contents.get(path);
    if (bytes === undefined) throw new DiskError(path, `${path}: no such file`);
    return bytes;
  };
  const resized = (bytes: Uint8Array, size: number): Uint8Array => {
    const next = new Uint8Array(size);
    next.set(bytes.subarray(0, size));
    return next;
  };
  return {
    append(path, bytes) {
      const before = contents.get(path) ?? new Uint8Array(0);
      const next = resized(before, before.length + bytes.length);
      next.set(bytes, before.length);
      contents.set(path, next);
    },
    writeAt(path, position, bytes) {
      const before = contents.get(path) ?? new Uint8Array(0);
      const next = resized(before, Math.max(before.length, position + bytes.length));
      next.set(bytes, position);
      contents.set(path, next);
    },
    read: (path, position, length) => must(path).subarray(position, position + length),
    size: (path) => contents.get(path)?.length,
    truncate: (path, size) => void contents.set(path, resized(must(path), size)),
    fsync: (path) => void must(path),
    rename(from, to) {
      contents.set(to, must(from));
      contents.delete(from);
    },
    remove: (path) => void contents.delete(path),
    list(folder) {
      const prefix = folder === "" ? "" : `${folder}/`;
      const names = [...contents.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split("/")[0] ?? "");
      return [...new Set(names)].sort();
    },
    fsyncFolder: () => undefined,
  };
}
