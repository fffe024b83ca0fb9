// docs/acceptance.md names tests and pictures that there are, and the pictures are those that `npm run screens` takes.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileName, moments } from "./screens/moments.ts";
import { sizes, themes } from "./support/sizes.ts";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs", "acceptance.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("has all twenty points, each with something that shows it", () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  for (const [, number, , tests, pictures] of rows)
    expect(`${tests}${pictures}`, `point ${number}`).not.toBe("");
});

test("names tests by a file that is there and a title in it", () => {
  const named = rows.flatMap(([, , , tests = ""]) => tests.split("<br>").filter(Boolean));
  expect(named.length).toBeGreaterThan(20);
  for (const one of named) {
    const [, file = "", title = ""] = /^`(test\/[\w/-]+\.test\.ts)` “(.+)”$/.exec(one) ?? [];
    expect(existsSync(join(root, file)), one).toBe(true);
    expect(readFileSync(join(root, file), "utf8"), one).toContain(`"${title}"`);
  }
});

test("names pictures of moments that are stored at every size and in both themes", () => {
  const named = rows.flatMap(([, , , , pictures = ""]) =>
    [...pictures.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect(new Set(named)).toEqual(new Set(moments.map(({ name }) => name)));
});

test("stored pictures are those that would be taken, and no more than a clone should carry", () => {
  const folder = join(root, "docs", "screens");
  const wanted = moments.flatMap((moment) =>
    sizes.flatMap((size) => themes.map((theme) => fileName(size, theme, moment))),
  );
  expect(readdirSync(folder).toSorted()).toEqual(wanted.toSorted());
  let bytes = 0;
  for (const name of wanted) {
    const file = readFileSync(join(folder, name));
    bytes += statSync(join(folder, name)).size;
    const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
    expect(name.startsWith(`${width}x${height}-`), `${name} is ${width}x${height}`).toBe(true);
  }
  expect(bytes).toBeLessThan(7_000_000);
});
