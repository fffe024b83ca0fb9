// What an automated checker finds wrong for people who do not see, or see little: nothing serious, in either theme.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const checker = readFileSync(
  join(import.meta.dirname, "..", "..", "node_modules", "axe-core", "axe.min.js"),
  "utf8",
);

interface Checker {
  run(): Promise<AxeResults>;
}

/** Each serious finding in a line: its rule and where. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(checker);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: Checker }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes
        // Texts of a drawing stand apart on the screen; the checker reads them as one word. See unspoken().
        .filter(({ html }) => id !== "label-content-name-mismatch" || !html.startsWith("<g "))
        .map(({ target }) => `${id}: ${JSON.stringify(target)}`),
    );
}

/** Texts on cards that the name of the card does not have: whoever speaks to the page could not say what they see. */
const unspoken = (page: Page): Promise<readonly string[]> =>
  page.locator(".card").evaluateAll((cards) =>
    cards.flatMap((card) => {
      const name = card.getAttribute("aria-label") ?? "";
      return [...card.querySelectorAll("text")]
        .map(({ textContent }) => textContent.trim())
        .filter((text) => !name.includes(text));
    }),
  );

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
];

/** A run with a lost record, so that what is broken is on the screen, too. */
async function openLab(viewport: { width: number; height: number }, colorScheme: "light" | "dark") {
  const page = await browser.newPage({ viewport, colorScheme });
  await page.goto(`${inject("pages")}/#scenario=acks-1`);
  await wholeHash(page);
  await page.waitForTimeout(300);
  return page;
}

describe.each(["light", "dark"] as const)("an automated checker in the %s theme", (theme) => {
  test.each(sizes)("finds nothing serious at $width x $height", async (size) => {
    const page = await openLab(size, theme);
    expect(await findings(page)).toEqual([]);
    expect(await unspoken(page)).toEqual([]);
    await page.locator(".lab").focus();
    await page.keyboard.press("End");
    await page.waitForTimeout(300);
    expect(await findings(page)).toEqual([]);
    expect(await unspoken(page)).toEqual([]);
    await page.close();
  });

  test(
    "finds nothing serious in what opens: changes, inspector, space and time",
    { timeout: 180_000 },
    async () => {
      const page = await openLab({ width: 1280, height: 720 }, theme);
      for (const key of ["x", "p", "g", "n", "j", "l", "?"]) {
        await page.locator(".lab").focus();
        await page.keyboard.press(key);
        await page.waitForTimeout(200);
        expect([key, ...(await findings(page))]).toEqual([key]);
        await page.keyboard.press("Escape");
      }
      for (const key of ["i", "3"]) {
        await page.locator(".lab").focus();
        await page.keyboard.press(key);
        await page.waitForTimeout(300);
        expect([key, ...(await findings(page))]).toEqual([key]);
        await page.keyboard.press("Escape");
      }
      await page.close();
    },
  );
});
