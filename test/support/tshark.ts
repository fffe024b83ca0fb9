/*
 * Wireshark on the command line, for tests of captures. Where it is missing those tests report themselves as not run, as
 * tests do that need ../shared.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe } from "vitest";
import { onPath } from "../../scripts/system-package.mjs";

const program = onPath(["tshark"]);

/** What the name of a group starts with whose tests need tshark; scripts/count-tests.mjs looks for it. */
export const tsharkMarker = "with tshark: ";

/** `describe` for tests that use tshark. */
export const describeTshark = (name: string, body: () => void): void =>
  void (program === undefined ? describe.skip : describe)(tsharkMarker + name, body);

/** Writes a capture to `path` and lets tshark dissect it; each packet as its `fields`, in order. */
export function dissect(
  path: string,
  capture: Uint8Array,
  fields: readonly string[],
  ...options: readonly string[]
): string[][] {
  writeFileSync(path, capture);
  const wanted = fields.flatMap((field) => ["-e", field]);
  const args = ["-r", path, "-T", "fields", "-E", "separator=/t", ...wanted, ...options];
  const ran = spawnSync(program ?? "tshark", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t"));
}
