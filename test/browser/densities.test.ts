// The same run for a class, for somebody who tries things, and for an engineer.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timeText } from "../../viz/panels/time.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { layoutProblems, smallTexts } from "../support/layout-problems.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const laptop = { width: 1280, height: 720 };
const projector = { width: 1920, height: 1080 };

async function open(
  run: string,
  density: "Teach" | "Lab" | "Debug",
  size = laptop,
): Promise<{ page: Page; errors: readonly string[] }> {
  const opened = await openPage(browser, `/#scenario=${run}`, size);
  await wholeHash(opened.page);
  await choose(opened.page, density);
  return opened;
}

async function choose(page: Page, density: string): Promise<void> {
  const button = page
    .getByRole("group", { name: "Density" })
    .getByRole("button", { name: density });
  await button.click();
  await expect.poll(() => button.getAttribute("aria-pressed")).toBe("true");
}

async function goTo(page: Page, at: string): Promise<void> {
  await page.locator(".clock").fill(at);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".clock").inputValue()).toBe(timeText(Number(at) * 1000));
}

const boxOf = async (page: Page, region: string): Promise<readonly number[]> => {
  const box = await page.locator(`.lab > .${region}`).boundingBox();
  if (box === null) return [];
  return [box.x, box.y, box.width, box.height].map(Math.round);
};

describe("teach", () => {
  test.each([
    ["laptop", laptop, 18],
    ["projector", projector, 27],
  ] as const)("writes nothing smaller than the last row can read (%s)", async (_, size, least) => {
    // In the end promises break that were not made, which takes the most words.
    const { page, errors } = await open("unclean-election", "Teach", size);
    for (const at of ["0", "5000", "7500", "9700"]) {
      await goTo(page, at);
      await expect.poll(() => page.evaluate(smallTexts, least)).toEqual([]);
      expect(await page.evaluate(layoutProblems), `at ${at} ms`).toEqual([]);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("shows one partition in large cells, and the others in small, to be chosen", async () => {
    const { page } = await open("steady", "Teach");
    const shown = page.locator(".strip .partition");
    await expect.poll(() => shown.count()).toBe(1);
    expect(await shown.getAttribute("data-partition")).toBe("orders-0");
    expect(await page.locator(".strip .offsets text").count()).toBe(14);
    const cell = await page.locator(".strip .row-ground").first().boundingBox();
    expect(cell?.width).toBeCloseTo(14 * 48 + 4, 0);
    const others = page.getByRole("navigation", { name: "Partition" }).getByRole("button");
    expect(await others.allInnerTexts()).toEqual(["orders-1", "orders-2"]);
    const rows = await others
      .first()
      .locator(".row-ground")
      .evaluateAll((all) => all.map((row) => Math.round(row.getBoundingClientRect().top)));
    expect(rows).toEqual([rows[0], (rows[0] ?? 0) + 10, (rows[0] ?? 0) + 20]);
    expect(await page.evaluate(layoutProblems)).toEqual([]);
    await others.first().click();
    await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-1");
    expect(await others.allInnerTexts()).toEqual(["orders-0", "orders-2"]);
    await page.close();
  });

  test("names no seed and no hash, and only the promises of the lesson", async () => {
    const { page } = await open("steady", "Teach");
    const titles = page.locator(".guarantee .promise");
    await expect
      .poll(() => titles.allInnerTexts())
      .toEqual(["Order as sent", "Order as stored", "N−1 of N may fail"]);
    for (const part of [".seed", ".fingerprint", ".run-count", ".more-guarantees"]) {
      expect(await page.locator(part).isVisible(), part).toBe(false);
    }
    await page.close();
  });
});

describe("debug", () => {
  test.each([
    ["laptop", laptop],
    ["projector", projector],
  ] as const)(
    "has inspector, space–time and events open, apart from another (%s)",
    async (_, size) => {
      const { page, errors } = await open("acks-1", "Debug", size);
      await goTo(page, "5520");
      const regions = ["inspector", "logs", "space-time", "event-table", "timeline", "guarantees"];
      const boxes = await Promise.all(regions.map((region) => boxOf(page, region)));
      for (const [index, [x = 0, y = 0, width = 0, height = 0]] of boxes.entries()) {
        expect(width * height, regions[index]).toBeGreaterThan(10_000);
        for (const [other, [left = 0, top = 0, wide = 0, high = 0]] of boxes.entries()) {
          const apart =
            left >= x + width || left + wide <= x || top >= y + height || top + high <= y;
          expect(apart || index === other, `${regions[index]} and ${regions[other]}`).toBe(true);
        }
      }
      expect(await page.locator(".event-table [aria-current] .event-told").count()).toBe(1);
      expect(await page.evaluate(layoutProblems)).toEqual([]);
      // What was told last can be asked about at once.
      await page.locator(".inspector .event").first().click();
      await page.locator(".inspector .hop").first().waitFor();
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  test("leaves nothing open that it opened", async () => {
    const { page } = await open("acks-1", "Debug");
    await page.locator(".lab > .space-time").waitFor();
    await choose(page, "Lab");
    for (const region of ["space-time", "inspector", "event-table"]) {
      const panel = page.locator(`.lab > .${region}`);
      await expect.poll(() => panel.isVisible(), { message: region }).toBe(false);
    }
    await page.close();
  });
});

describe("lab", () => {
  test("gives everything a place of its own at 1920 x 1080", async () => {
    const { page, errors } = await open("steady", "Lab", projector);
    expect(await boxOf(page, "bar")).toEqual([8, 0, 1904, 44]);
    expect(await page.getByRole("button", { name: "Menu" }).count()).toBe(0);
    expect(await boxOf(page, "stage")).toEqual([8, 44, 700, 620]);
    expect(await boxOf(page, "logs")).toEqual([708, 44, 804, 620]);
    expect(await boxOf(page, "narration")).toEqual([8, 664, 1904, 40]);
    expect(await boxOf(page, "space-time")).toEqual([8, 704, 1504, 220]);
    expect(await boxOf(page, "timeline")).toEqual([8, 924, 1504, 156]);
    expect(await boxOf(page, "guarantees")).toEqual([1512, 704, 400, 376]);
    expect((await boxOf(page, "inspector"))[0]).toBeGreaterThanOrEqual(1512);
    expect(await page.evaluate(layoutProblems)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

test("a link keeps the density; the usual one needs no word in it", async () => {
  const { page } = await open("acks-1", "Teach");
  await expect.poll(() => page.url()).toContain("&v=");
  const opened = await browser.newPage({ viewport: laptop });
  await opened.goto(page.url());
  await wholeHash(opened);
  await expect
    .poll(() => opened.getByRole("button", { name: "Teach" }).getAttribute("aria-pressed"))
    .toBe("true");
  await choose(opened, "Lab");
  await expect.poll(() => opened.url()).not.toContain("&v=");
  await opened.close();
  await page.close();
});

test("the element takes its density from an attribute", async () => {
  const { page } = await openPage(browser, "/embed/");
  const lab = page.locator("#whole .lab");
  await lab.waitFor();
  for (const density of ["debug", "lab", "teach"]) {
    await page
      .locator("#whole")
      .evaluate((sim, value) => sim.setAttribute("density", value), density);
    await expect.poll(() => lab.getAttribute("class")).toContain(`is-${density}`);
  }
  await page.close();
});
