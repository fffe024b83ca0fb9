// Small things that readers missed: a way out by pressing beside, what was pinned, what was sent, what struck at once.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fragmentOf } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { fromLibrary } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function opened(hash: string, size?: { width: number; height: number }): Promise<Page> {
  const { page } = await openPage(browser, hash, size);
  await wholeHash(page);
  return page;
}

test("a press beside everything deselects, and one on a thing does not", async () => {
  const page = await opened("/#scenario=acks-1&t=2000");
  const inspector = page.locator(".lab > .inspector");
  await page.locator(".why-button").click();
  await expect.poll(() => inspector.isVisible()).toBe(true);
  await inspector.click({ position: { x: 200, y: 300 } });
  await page.locator(".narration .sentence").click();
  expect(await inspector.isVisible()).toBe(true);
  const logs = await page.locator(".lab > .logs").boundingBox();
  if (logs === null) throw new RangeError("there are no logs");
  // acks-1 has one partition: what is below its strip is blank.
  await page.mouse.click(logs.x + 300, logs.y + logs.height - 60);
  await expect.poll(() => inspector.isVisible()).toBe(false);
  expect(await page.locator("[data-lit]").count()).toBe(0);
  await page.close();
});

test("a card that is pinned says so, and no other", async () => {
  const page = await opened("/#scenario=acks-1&t=2000");
  const pins = page.locator(".guarantee .pin:visible");
  expect(await pins.count()).toBe(0);
  const id = await page.locator(".guarantee").nth(1).getAttribute("data-guarantee");
  await page.locator(".guarantee").nth(1).click();
  await page.getByRole("button", { name: "Pin to the cards" }).click();
  await expect.poll(() => pins.count()).toBe(1);
  expect(await page.locator(".guarantee[data-pinned]").getAttribute("data-guarantee")).toBe(id);
  expect(await page.locator(".guarantee[data-pinned]").innerText()).toContain("pinned");
  await page.close();
});

test("on a phone the partition of a record that was sent by hand is shown", async () => {
  const page = await opened("/#scenario=first-light&t=1500", { width: 390, height: 844 });
  const shown = page.locator(".lab > .logs .partition");
  await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-0");
  const before = await page.locator(".fingerprint").innerText();
  await page.locator(".lab").focus();
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Send a record" });
  await dialog.getByLabel("Partition").selectOption("2");
  await dialog.getByRole("button", { name: "Send it" }).click();
  await wholeHash(page, before);
  await expect.poll(() => shown.getAttribute("data-partition")).toBe("orders-2");
  await page.close();
});

test("faults that overlap have a name on the timeline", async () => {
  const plain = fromLibrary("acks-1");
  const pause = (node: string, atMs: number) =>
    ({ type: "pause", atMs, forMs: 2500, target: { node } }) as const;
  const scenario = { ...plain, name: "two", faults: [pause("b1", 1000), pause("b2", 2000)] };
  const page = await opened(`/${fragmentOf(scenario, { atMs: 500 })}`);
  const labels = page.locator(".fault-bars text");
  await expect.poll(() => labels.allTextContents()).toEqual(["pause b1, pause b2"]);
  await page.close();
});
