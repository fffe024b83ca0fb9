// The lab on a phone: everything in its place, large enough for a thumb, and every change of the run by touch.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { layoutProblems } from "../support/layout-problems.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What a change brings about is shown once the worker has told it. */
const forked = { timeout: 20_000 };

const phone = { width: 390, height: 844 };
/** Under a browser's bars. */
const short = { width: 390, height: 664 };

async function open(
  viewport = phone,
  run = "steady&t=1000",
  colorScheme: "light" | "dark" = "light",
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme, hasTouch: true });
  await page.goto(`${inject("pages")}/#scenario=${run}`);
  await wholeHash(page);
  await expect.poll(() => page.locator(".strip .cell").count()).toBeGreaterThan(0);
  return page;
}

const heights = (page: Page): Promise<readonly (readonly [string, number, number])[]> =>
  page.evaluate(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    const regions = ["bar", "chips", "logs", "narration", "guarantees", "sheet", "timeline"];
    return [...regions, "play-bar"].map((region) => {
      const box = lab?.querySelector(`.lab > .${region}`)?.getBoundingClientRect();
      return [region, Math.round(box?.top ?? -1), Math.round(box?.height ?? -1)] as const;
    });
  });

/** In the page: what can be pressed and is smaller than a fingertip. */
const smallTargets = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const lab = document.querySelector("#lab")!.shadowRoot!;
    const targets = lab.querySelectorAll(
      "button, select, input:not([type=checkbox]), [role=slider], [role=tab]",
    );
    return [...targets].flatMap((target) => {
      const { width, height } = target.getBoundingClientRect();
      if (width === 0 || (width >= 43.5 && height >= 43)) return [];
      const name = target.getAttribute("aria-label") ?? target.textContent;
      return [`${name}: ${Math.round(width)} x ${Math.round(height)}`];
    });
  });

const tab = async (page: Page, name: string): Promise<void> => {
  await page.getByRole("tab", { name, exact: true }).tap();
  const selected = page.getByRole("tab", { name, exact: true });
  await expect.poll(() => selected.getAttribute("aria-selected")).toBe("true");
};

describe("a phone", () => {
  test("has its regions where the design puts them", async () => {
    const page = await open();
    await expect
      .poll(() => heights(page))
      .toEqual([
        ["bar", 0, 48],
        ["chips", 48, 132],
        ["logs", 180, 272],
        ["narration", 452, 72],
        ["guarantees", 524, 44],
        ["sheet", 568, 164],
        ["timeline", 732, 52],
        ["play-bar", 784, 60],
      ]);
    expect(await page.locator(".strip .offsets text").count()).toBe(12);
    const ground = await page.locator(".strip .row-ground").first().boundingBox();
    expect(ground?.width).toBeCloseTo(12 * 26 + 4, 0);
    await page.close();
  });

  test("folds stage and sheet under a browser's bars, and opens the sheet again", async () => {
    const page = await open(short);
    await expect
      .poll(() => heights(page))
      .toEqual([
        ["bar", 0, 48],
        ["chips", 48, 72],
        ["logs", 120, 272],
        ["narration", 392, 72],
        ["guarantees", 464, 44],
        ["sheet", 508, 44],
        ["timeline", 552, 52],
        ["play-bar", 604, 60],
      ]);
    await tab(page, "Faults");
    await expect.poll(() => page.getByRole("button", { name: "Kill" }).isVisible()).toBe(true);
    expect(await page.evaluate(layoutProblems)).toEqual([]);
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "cuts nothing off, and has nothing too small for a thumb (%s)",
    async (theme) => {
      for (const size of [phone, short]) {
        const page = await open(size, "acks-1&t=5520", theme);
        for (const name of ["Time", "Faults", "Log", "Why"]) {
          await tab(page, name);
          expect([name, ...(await page.evaluate(layoutProblems))]).toEqual([name]);
          expect([name, ...(await smallTargets(page))]).toEqual([name]);
        }
        await page.getByRole("button", { name: "Menu" }).tap();
        await expect.poll(() => page.locator(".bar-more").isVisible()).toBe(true);
        expect(await smallTargets(page)).toEqual([]);
        await page.close();
      }
    },
  );

  test("puts its menu away by a press beside it, and by Esc", async () => {
    const page = await open(phone, "acks-1&t=5520");
    const more = page.locator(".bar-more");
    const button = page.getByRole("button", { name: "Menu" });
    for (const away of [() => tab(page, "Why"), () => page.keyboard.press("Escape")]) {
      await button.tap();
      await expect.poll(() => more.isVisible()).toBe(true);
      await away();
      await expect.poll(() => more.isVisible()).toBe(false);
    }
    await page.close();
  });

  test("tells on which links messages are on their way, and which are cut", async () => {
    const page = await open(phone, "unclean-election&t=5000");
    const links = page.locator(".link-counts span");
    await expect.poll(() => links.first().innerText()).toMatch(/^b\d ✕ b\d cut|^b\d ✕ c\d cut/);
    expect(await page.locator(".chip[data-node=b2]").innerText()).toMatch(/fenced/);
    await page.close();
  });

  test("turns to another partition by arrow and by swipe, there and back", async () => {
    const page = await open();
    const shown = page.locator(".strip .partition");
    await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-0");
    await page.getByRole("button", { name: "Next partition" }).tap();
    await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-1");
    const swipe = (from: number, to: number): Promise<void> =>
      page.locator(".lab > .logs .strips").evaluate(
        (strips, [first, last]) => {
          const finger = { pointerType: "touch", bubbles: true, clientY: 300 };
          strips.dispatchEvent(new PointerEvent("pointerdown", { ...finger, clientX: first }));
          strips.dispatchEvent(new PointerEvent("pointerup", { ...finger, clientX: last }));
        },
        [from, to] as const,
      );
    await swipe(300, 100);
    await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-2");
    await swipe(100, 300);
    await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-1");
    await page.close();
  });

  test("kills a broker, cuts a link between two picked ends, and sends a record", async () => {
    const page = await open();
    const first = await wholeHash(page);
    await tab(page, "Faults");
    const nodes = page.getByRole("group", { name: "Node" });
    const acts = page.getByRole("group", { name: "What to do" });
    await nodes.getByRole("button", { name: "b2" }).tap();
    await acts.getByRole("button", { name: "Kill" }).tap();
    await expect
      .poll(() => page.locator(".chip[data-node=b2]").innerText(), forked)
      .toMatch(/crashed/);
    const killed = await wholeHash(page, first);

    await nodes.getByRole("button", { name: "b1" }).tap();
    await acts.getByRole("button", { name: "Cut a link" }).tap();
    await nodes.getByRole("button", { name: "b3" }).tap();
    const cut = page.getByRole("dialog", { name: "Break the network" });
    expect(await cut.locator(".crossed").innerText()).toBe("b1 – b3");
    await cut.getByRole("button", { name: "Do it" }).tap();
    await expect
      .poll(() => page.locator(".link-counts").innerText(), forked)
      .toContain("b1 ✕ b3 cut");
    const cutHash = await wholeHash(page, killed);

    await nodes.getByRole("button", { name: "p1" }).tap();
    await acts.getByRole("button", { name: "Send a record" }).tap();
    const dialog = page.locator("dialog[open]");
    await dialog
      .getByRole("button", { name: "Do it" })
      .or(dialog.locator("[type=submit]"))
      .first()
      .tap();
    await wholeHash(page, cutHash);
    await page.close();
  });

  test("asks why with the sheet, goes where a told line leads, and looks into a record", async () => {
    const page = await open(phone, "acks-1&t=5520");
    await tab(page, "Why");
    await expect.poll(() => page.locator(".sheet .hop").count()).toBeGreaterThan(2);
    await tab(page, "Log");
    const lines = page.locator(".sheet .log-tab .event");
    await lines.first().tap();
    await expect.poll(() => page.locator(".log-tab [aria-current]").count()).toBe(1);
    // Beside the last record of a row: the row takes the press for it.
    const row = page.locator(".strip .replica").first();
    const last = await row.locator(".live .cell").last().boundingBox();
    if (last === null) throw new RangeError("the row holds no record");
    await page.touchscreen.tap(last.x + last.width + 12, last.y + 20);
    const inspector = page.locator(".lab > .inspector");
    await inspector.waitFor();
    const box = await inspector.boundingBox();
    expect(box?.width).toBeGreaterThan(360);
    await inspector.getByRole("button", { name: "Close" }).tap();
    await expect.poll(() => inspector.isVisible()).toBe(false);
    await page.close();
  });
});
