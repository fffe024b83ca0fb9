import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { BadInput } from "./exit.ts";

/** Writes a file, and its folder if there is none. @throws BadInput that names the file and why it cannot be written */
export function writeOut(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BadInput(`${path} cannot be written (${why}).`);
  }
}
