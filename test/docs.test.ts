// The two pages of truth name what there is: guarantees, scenarios, stories, flaws, files, versions.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { apis, flawIds } from "#core";
import { families, guarantees, library, museum } from "#sim";

const root = join(import.meta.dirname, "..");
const read = (name: string): string => readFileSync(join(root, "docs", name), "utf8");
const page = read("guarantees.md");
const words = [...page.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");

describe("docs/guarantees.md", () => {
  test("names every guarantee that there is", () => {
    for (const { id } of guarantees) expect(words, id).toContain(id);
  });

  test("names every precondition of what it calls the property", () => {
    const survives = guarantees.find(({ id }) => id === "acknowledged-survives");
    for (const { id } of survives?.preconditions ?? []) expect(page, id).toContain(`\`${id}\``);
  });

  test("runs only what can be run", () => {
    const commands = [...words, ...page.matchAll(/highwater -- (.+?)(?: {2,}#.*)?$/gm)]
      .map((match) => (typeof match === "string" ? match : (match[1] ?? "")))
      .filter((text) => /^(run|sweep) /.test(text));
    expect(commands.length).toBeGreaterThan(12);
    for (const command of commands) {
      const [, what = "", ...flags] = command.split(" ");
      const isKnown = library.has(what) || families.has(what) || existsSync(join(root, what));
      expect(isKnown, command).toBe(true);
      const flaw = flags[flags.indexOf("--flaw") + 1];
      if (flags.includes("--flaw")) expect(museum.map(({ id }) => id as string)).toContain(flaw);
      const claim = flags[flags.indexOf("--claim") + 1];
      if (flags.includes("--claim")) expect(guarantees.map(({ id }) => id)).toContain(claim);
    }
  });

  test("names files that are there", () => {
    const files = words.filter((word) => /^(test|sim|core)\//.test(word));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });
});

describe("docs/differences.md", () => {
  const differences = read("differences.md");

  test("tells the versions of every API as they are", () => {
    const flat = differences.replaceAll("\n", " ");
    for (const { name, minVersion, maxVersion } of apis) {
      const range = minVersion === maxVersion ? `${minVersion}` : `${minVersion}–${maxVersion}`;
      expect(flat, name).toContain(`${name} ${range}`);
    }
  });

  test("names flaws that there are", () => {
    const named = [...differences.matchAll(/flaw `([^`]+)`/g)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(0);
    for (const id of named) expect(flawIds as readonly string[]).toContain(id);
  });
});
