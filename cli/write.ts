import { accessSync, constants, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BadInput } from "./exit.ts";

/** Writes a file, and its folder if there is none. @throws BadInput that names the file and why it cannot be written */
export function writeOut(path: string, content: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${path} cannot be written (${why}).`);
  }
}

/** Makes sure, before hours of work, that files can be written there. @throws BadInput that names the folder and why not */
export function checkFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`Nothing can be written to ${path} (${why}).`);
  }
}
