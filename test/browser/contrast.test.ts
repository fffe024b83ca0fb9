// Nothing is too faint to be read or seen, in either theme: texts of drawings too, which automated checkers pass over.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { contrastProblems } from "../support/contrast-problems.ts";
import { atMoments } from "../support/lab-page.ts";
import { frames } from "../support/sizes.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A cut link and a leader alone; records that were cut, a broken promise; brokers in racks, some of them down. */
const moments: Readonly<Record<string, readonly number[]>> = {
  "acks-1": [5520],
  "unclean-election": [7500, 9700],
  "three-racks": [2500],
};

test.each(frames)(
  "texts have 4.5 : 1 and marks 3 : 1 at $width x $height, $theme",
  { timeout: 180_000 },
  (frame) =>
    atMoments(browser, frame, moments, async (page, name, atMs) => {
      const { problems, seen } = await page.evaluate(contrastProblems);
      expect([`${name} at ${atMs} ms`, ...problems]).toEqual([`${name} at ${atMs} ms`]);
      expect(seen).toBeGreaterThan(60);
    }),
);
