import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The custom properties that a style sheet declares first. */
function tokens(path: string): Map<string, string> {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  const found = new Map<string, string>();
  for (const [, name = "", declared = ""] of text.matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
    // What the lab's own sheet says stands behind what a page may set.
    const value = declared.replaceAll(/\s+/g, " ").replace(/^var\( ?--hw-[\w-]+, (.*?) ?\)$/, "$1");
    if (!found.has(name)) found.set(name, value);
  }
  return found;
}

test("the deck has the lab's colours", () => {
  const lab = tokens("../../viz/theme/tokens.css");
  const deck = tokens("../../slides/theme/tokens.css");
  expect(deck.size).toBeGreaterThan(10);
  for (const [name, value] of deck) expect(value, name).toBe(lab.get(name));
});
