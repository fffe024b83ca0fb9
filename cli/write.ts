import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BadInput } from "./exit.ts";

/** Writes a file, and its folder if there is none. @throws BadInput that names the file and why it cannot be written */
export function writeOut(path: string, content: string | Uint8Array): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${path} cannot be written (${why}).`);
  }
}

/** Makes sure, before hours of work, that files can be written there. @throws BadInput that names the folder and why not */
export function checkFolder(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`Nothing can be written to ${path} (${why}).`);
  }
}

/** One folder after the other: Node's own recursion never ends where a file system denies that a parent exists. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
