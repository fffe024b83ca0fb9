import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rgb } from "d3";
import { epochFill } from "../../../viz/marks/epoch.ts";

const tokens = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "viz", "theme", "tokens.css"),
  "utf8",
);

/** Lightness as an eye judges it, from 0 to 100 (CIE L*). */
function lightness(colour: string): number {
  const { r, g, b } = rgb(colour);
  const linear = (part: number): number =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return 116 * Math.cbrt(y) - 16;
}

test("epochs that follow one another are told apart without colour", () => {
  const shades = [0, 1, 2].map((epoch) => {
    const [, name = ""] = /^var\((.+)\)$/.exec(epochFill(epoch)) ?? [];
    const values = [
      ...tokens.matchAll(new RegExp(`${name}: var\\(--hw-[-\\w]+, (#\\w+)\\);`, "g")),
    ];
    // The same in both themes.
    expect(values.length).toBe(1);
    return lightness(values[0]?.[1] ?? "");
  });
  for (const [index, shade] of shades.entries()) {
    const next = shades[(index + 1) % shades.length] ?? NaN;
    expect(Math.abs(shade - next)).toBeGreaterThan(10);
  }
});
