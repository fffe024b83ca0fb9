// What the bar chooses: to which topic or partition the logs are narrowed, and with whose eyes they are seen.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { fragmentOf, parseScenario } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { fromLibrary } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const drawn = (page: Page): Promise<readonly string[]> =>
  page
    .locator(".lab > .logs .partition")
    .evaluateAll((strips) => strips.map((one) => one.getAttribute("data-partition") ?? ""));

const topic = (page: Page) => page.getByRole("combobox", { name: "Topic", exact: true });
const lens = (page: Page) => page.getByRole("combobox", { name: "Lens", exact: true });

/** First light with a second topic, which nobody writes to. */
function twoTopics() {
  const one = fromLibrary("first-light");
  const [orders] = one.topics;
  if (orders === undefined) throw new RangeError("it has no topic");
  const topics = [
    { ...orders, partitions: 2 },
    { ...orders, name: "bills", partitions: 1 },
  ];
  return parseScenario({ ...one, name: "two", topics });
}

test("the logs can be narrowed to a topic and to a partition, and a link says so", async () => {
  const { page } = await openPage(browser, `/${fragmentOf(twoTopics(), { atMs: 2000 })}`);
  await wholeHash(page);
  await expect.poll(() => drawn(page)).toEqual(["bills-0", "orders-0", "orders-1"]);
  await topic(page).selectOption("orders");
  await expect.poll(() => drawn(page)).toEqual(["orders-0", "orders-1"]);
  await expect.poll(() => page.url()).toContain("v=");
  const wider = page.url();
  await topic(page).selectOption("orders-1");
  await expect.poll(() => drawn(page)).toEqual(["orders-1"]);
  // The address follows a moment later.
  await expect.poll(() => page.url()).not.toBe(wider);
  const path = page.url().slice(inject("pages").length);
  const again = await openPage(browser, path);
  await wholeHash(again.page);
  await expect.poll(() => drawn(again.page)).toEqual(["orders-1"]);
  expect(await topic(again.page).inputValue()).toBe("orders-1");
  await again.page.close();
  await topic(page).selectOption("");
  await expect.poll(() => drawn(page)).toEqual(["bills-0", "orders-0", "orders-1"]);
  await page.close();
});

test("where one partition is shown, it says and chooses which", async () => {
  const { page } = await openPage(browser, "/#scenario=first-light&t=2000");
  await wholeHash(page);
  await page.getByRole("button", { name: "Teach" }).click();
  await expect.poll(() => topic(page).inputValue()).toBe("orders-0");
  await topic(page).selectOption("orders-2");
  await expect.poll(() => drawn(page)).toEqual(["orders-2"]);
  await page.locator(".mini", { hasText: "orders-1" }).click();
  await expect.poll(() => topic(page).inputValue()).toBe("orders-1");
  await page.close();
});

test("the lens is chosen and left in the bar, and tells by which process one sees", async () => {
  const { page } = await openPage(browser, "/#scenario=first-light&t=2000");
  await wholeHash(page);
  await lens(page).selectOption("b2");
  await expect.poll(() => page.locator(".lens").innerText()).toContain("With the eyes of b2");
  await page.locator(".lab").focus();
  await page.keyboard.press("Escape");
  await expect.poll(() => lens(page).inputValue()).toBe("");
  await lens(page).selectOption("b1");
  await lens(page).selectOption("");
  await expect.poll(() => page.locator(".lens").isVisible()).toBe(false);
  await page.close();
});

test("the number of events leads to them", async () => {
  const { page } = await openPage(browser, "/#scenario=acks-1&t=2000");
  await wholeHash(page);
  await page.locator(".run-count").click();
  const chosen = page.locator(".inspector [role=tab][aria-selected=true]");
  await expect.poll(() => chosen.innerText()).toBe("Events");
  await page.close();
});
