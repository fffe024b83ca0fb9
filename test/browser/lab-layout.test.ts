import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { guarantees, library } from "#sim";
import { timeText } from "../../viz/panels/time.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { layoutProblems, overlappingTexts } from "../support/layout-problems.ts";
import { frames, sizes } from "../support/sizes.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Pressed again it would grow over what is to be measured. */
async function openTab(tab: Locator): Promise<void> {
  if ((await tab.getAttribute("aria-selected")) === "true") return;
  await tab.click();
  await expect.poll(() => tab.getAttribute("aria-selected")).toBe("true");
}

async function goTo(page: Page, at: string): Promise<void> {
  const time = page.getByRole("tab", { name: "Time" });
  if (await time.isVisible()) await openTab(time);
  await page.locator(".clock").fill(at);
  await page.keyboard.press("Enter");
  // Shown with its unit once the lab has gone there.
  await expect.poll(() => page.locator(".clock").inputValue()).toBe(timeText(Number(at) * 1000));
}

async function expectNoProblems(page: Page, when: string): Promise<void> {
  const clipped = await page.evaluate(layoutProblems);
  expect([when, ...clipped, ...(await page.evaluate(overlappingTexts))]).toEqual([when]);
}

describe("the lab's layout", () => {
  test.each(sizes)("cuts no text off at $width x $height", async (size) => {
    const { page, errors } = await openPage(browser, "/#scenario=unclean-election", size);
    await page.locator(".fingerprint", { hasText: /^[0-9a-f]{8,}$/ }).waitFor();
    for (const at of ["0", "1500", "3500", "5000", "7500"]) {
      await goTo(page, at);
      await expectNoProblems(page, `at ${at} ms`);
    }
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    // Promises that were not made here have broken by now, which takes the most words on a card. They break one by one.
    for (const id of ["acknowledged-survives", "in-sync-holds-committed"]) {
      await page.locator(`[data-guarantee=${id}][data-state=notPromisedBroken]`).waitFor();
    }
    await expectNoProblems(page, "at the end");
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(sizes)("cuts nothing of dozens off at $width x $height", async (size) => {
    const { page, errors } = await openPage(browser, "/#scenario=three-racks", size);
    await page.locator(".fingerprint", { hasText: /^[0-9a-f]{8,}$/ }).waitFor();
    for (const at of ["500", "1900", "3400"]) {
      await goTo(page, at);
      await expectNoProblems(page, `at ${at} ms`);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(frames)(
    "fits every stored run at $width x $height, $theme",
    { timeout: 240_000 },
    async ({ theme, ...viewport }) => {
      for (const name of library.keys()) {
        const page = await browser.newPage({ viewport, colorScheme: theme });
        await page.goto(`${inject("pages")}/#scenario=${name}`);
        await wholeHash(page);
        await page.waitForTimeout(400);
        await expectNoProblems(page, `${name}, as it opens`);
        await page.locator(".lanes").focus();
        await page.keyboard.press("End");
        await page.waitForTimeout(400);
        await expectNoProblems(page, `${name}, at the end`);
        await page.close();
      }
    },
  );

  test("shows three brokers, three partitions and nine replicas whole at 1280 x 720", async () => {
    const { page } = await openPage(browser, "/#scenario=steady&t=6000");
    await page.locator(".fingerprint", { hasText: /^[0-9a-f]{8,}$/ }).waitFor();
    await expect.poll(() => page.locator(".lab > .logs .replica").count()).toBe(9);
    const isWhole = (marks: string, region: string): Promise<readonly boolean[]> =>
      page.locator(marks).evaluateAll((all, name) => {
        const outer = document.querySelector("#lab")!.shadowRoot!.querySelector(name)!;
        const { left, right, top, bottom } = outer.getBoundingClientRect();
        return all.map((mark) => {
          const box = mark.getBoundingClientRect();
          const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
          const inside = box.left >= left && box.right <= right && box.top >= top;
          // Nothing else of the lab lies over it.
          const shown = outer.contains(
            document.querySelector("#lab")!.shadowRoot!.elementFromPoint(x, y),
          );
          return inside && box.bottom <= bottom && shown;
        });
      }, region);
    expect(await isWhole(".lab > .logs .partition", ".lab > .logs")).toEqual([true, true, true]);
    expect(await isWhole(".lab > .logs .replica", ".lab > .logs")).toEqual(Array(9).fill(true));
    const cards = await isWhole(".stage .card.kind-broker", ".lab > .stage");
    expect(cards).toEqual([true, true, true]);
    const badges = await isWhole(".stage .card.kind-broker .badge", ".lab > .stage");
    expect(badges).toEqual(Array(9).fill(true));
    // All of it without scrolling.
    const hidden = await page
      .locator(".lab > .logs")
      .evaluate((logs) =>
        [logs, ...logs.querySelectorAll("div")].map((one) => one.scrollHeight - one.clientHeight),
      );
    expect(Math.max(...hidden)).toBeLessThanOrEqual(0);
    await page.close();
  });

  test.each(sizes)("cuts nothing of two compared runs off at $width x $height", async (size) => {
    const { page } = await openPage(browser, "/#scenario=unclean-election&t=5000", size);
    const before = await wholeHash(page);
    await page.locator(".lab").focus();
    await page.keyboard.press("h");
    await wholeHash(page, before);
    for (const density of ["Lab", "Teach", "Debug"]) {
      const choice = page.getByRole("button", { name: density, exact: true });
      if (await choice.isVisible()) await choice.click();
      else if (density !== "Lab") continue;
      for (const isTwo of [false, true]) {
        await page.locator(".lanes").focus();
        if (isTwo) await page.keyboard.press("y");
        await page.keyboard.press("End");
        await page.waitForTimeout(400);
        await expectNoProblems(page, `${density}, ${isTwo ? "compared" : "edited"}`);
        if (!isTwo) continue;
        const columns = await page
          .locator(".strip .offsets")
          .evaluateAll((lanes) => lanes.map((lane) => lane.textContent));
        expect([density, columns.length, new Set(columns).size]).toEqual([density, 2, 1]);
        await page.keyboard.press("y");
      }
    }
    await page.close();
  });

  test("a guarantee that somebody pins stands among the cards, also for whoever gets the link", async () => {
    const { page } = await openPage(browser, "/#scenario=unclean-election");
    await wholeHash(page);
    const cards = (of: Page): Promise<readonly (string | null)[]> =>
      of
        .locator(".guarantee")
        .evaluateAll((all) => all.map((card) => card.getAttribute("data-guarantee")));
    expect(await cards(page)).not.toContain("flushed-stays");
    await page.locator(".more-guarantees").click();
    await page.locator("[data-listed=flushed-stays]").click();
    await page.getByRole("button", { name: "Pin to the cards" }).click();
    await expect.poll(() => cards(page)).toContain("flushed-stays");
    await expect.poll(() => page.url()).toContain("v=");
    const link = page.url();
    const other = await browser.newPage();
    await other.goto(link);
    await wholeHash(other);
    await expect.poll(() => cards(other)).toContain("flushed-stays");
    await other.locator("[data-guarantee=flushed-stays]").click();
    await other.getByRole("button", { name: "Unpin" }).click();
    await expect.poll(() => cards(other)).not.toContain("flushed-stays");
    await other.close();
    await page.close();
  });

  test("shows five guarantees as cards and lists them all", async () => {
    const { page } = await openPage(browser, "/#scenario=unclean-election");
    await page.locator(".fingerprint", { hasText: /^[0-9a-f]{8,}$/ }).waitFor();
    expect(await page.locator(".guarantee").count()).toBe(5);
    const more = page.getByRole("button", { name: `All ${guarantees.length} guarantees` });
    expect(await more.textContent()).toBe(`+${guarantees.length - 5}`);
    await more.click();
    const listed = page.getByRole("dialog", { name: "All guarantees" });
    const ids = await listed
      .locator("[data-listed]")
      .evaluateAll((lines) => lines.map((line) => line.getAttribute("data-listed") ?? ""));
    expect(ids.toSorted()).toEqual(guarantees.map(({ id }) => id).toSorted());
    await listed.locator("[data-listed=no-assertion-fails]").click();
    await page.getByRole("dialog", { name: "Guarantee", exact: true }).waitFor();
    await page.close();
  });

  test("has its regions where they belong at 1280 x 720", async () => {
    const { page } = await openPage(browser, "/");
    const regions = ["bar", "stage", "logs", "narration", "timeline", "guarantees"] as const;
    const tops = regions.map(async (region) => {
      const box = await page.locator(`.lab > .${region}`).boundingBox();
      return [region, box?.y, box?.height];
    });
    expect(await Promise.all(tops)).toEqual([
      ["bar", 0, 40],
      ["stage", 40, 456],
      ["logs", 40, 456],
      ["narration", 496, 40],
      ["timeline", 536, 104],
      ["guarantees", 640, 80],
    ]);
    await page.close();
  });
});
