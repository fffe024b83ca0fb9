import { readUtf8, utf8Bytes } from "../foundation/utf8.ts";
import type { Files } from "../foundation/process.ts";

/** The folder of a path; "" for a file at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** Replaces a small file so that a power loss leaves the old or the new one: temp, fsync, rename, fsync of the folder. */
export function writeTextAtomically(files: Files, path: string, text: string): void {
  const temporary = writeBeside(files, path, text);
  files.fsync(temporary);
  files.rename(temporary, path);
  files.fsyncFolder(folderOf(path));
}

/** Replaces a small file at once for those who read it; a power loss may leave the old one, or nothing readable. */
export function writeTextUnsynced(files: Files, path: string, text: string): void {
  files.rename(writeBeside(files, path, text), path);
}

function writeBeside(files: Files, path: string, text: string): string {
  const temporary = `${path}.tmp`;
  files.remove(temporary);
  files.append(temporary, utf8Bytes(text));
  return temporary;
}

/** The file's text, or undefined if there is none. */
export function readText(files: Files, path: string): string | undefined {
  const size = files.size(path);
  return size === undefined ? undefined : readUtf8(files.read(path, 0, size));
}

/** Reads Java's properties format as Kafka writes it: `key=value` lines and comments. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (line.startsWith("#") || equals === -1) continue;
    properties.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return properties;
}
