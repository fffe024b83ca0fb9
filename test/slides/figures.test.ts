import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The custom properties that a style sheet declares first. */
function tokens(path: string): Map<string, string> {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
    if (!found.has(name)) found.set(name, value.replaceAll(/\s+/g, " "));
  }
  return found;
}

test("the deck has the lab's colours", () => {
  const lab = tokens("../../viz/theme/tokens.css");
  const deck = tokens("../../slides/theme/tokens.css");
  expect(deck.size).toBeGreaterThan(10);
  for (const [name, value] of deck) expect(value, name).toBe(lab.get(name));
});
