// Breaking things the other way round: what is picked first, at the foot of the stage, then whom it strikes.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fault, parseLink } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function opened(): Promise<{ page: Page; hash: string }> {
  const { page } = await openPage(browser, "/#scenario=acks-1&t=2000");
  return { page, hash: await wholeHash(page) };
}

/** What the address holds besides the faults that the run had before. */
async function done(page: Page, before: string): Promise<readonly Fault[]> {
  await wholeHash(page, before);
  await expect.poll(() => page.url()).toContain("#run=");
  const { scenario } = parseLink(new URL(page.url()).hash);
  return scenario.faults.filter(({ atMs }) => atMs === 2000);
}

const tool = (page: Page, name: string) =>
  page.getByRole("toolbar", { name: "Break something" }).getByRole("button", { name });
const card = (page: Page, node: string) => page.locator(`.lab > .stage .card[data-node=${node}]`);

test("what is picked strikes the node that is pressed, once", async () => {
  const { page, hash } = await opened();
  await tool(page, "Kill a node").click();
  expect(await tool(page, "Kill a node").getAttribute("aria-pressed")).toBe("true");
  expect(await page.locator(".palette-hint").innerText()).toBe("Kill: press a node");
  await card(page, "b2").click();
  expect(await page.locator("dialog[open]").count()).toBe(0);
  expect(await done(page, hash)).toEqual([{ type: "crash", atMs: 2000, target: { node: "b2" } }]);
  expect(await tool(page, "Kill a node").getAttribute("aria-pressed")).toBe("false");
  // The next press asks again what to do.
  await card(page, "b2").click();
  expect(await page.locator("dialog[open] h2").innerText()).toBe("b2, broker");
  await page.keyboard.press("Escape");
  // What does not fit is answered.
  await tool(page, "Make a node pause").click();
  await card(page, "b2").click();
  await expect
    .poll(() => page.locator(".notice p").innerText())
    .toBe("b2 is crashed: “Pause” does nothing to it.");
  await page.close();
});

test("a cut asks for its two ends, by keys alone", async () => {
  const { page, hash } = await opened();
  await tool(page, "Cut between two nodes").focus();
  await page.keyboard.press("Enter");
  await card(page, "b1").focus();
  await page.keyboard.press("Enter");
  const hint = page.locator(".palette-hint");
  expect(await hint.innerText()).toBe("b1: press the other end");
  // It does not run into the logs.
  const edge = await page
    .getByRole("toolbar", { name: "Break something" })
    .evaluate((bar) => bar.getBoundingClientRect().right);
  expect(await hint.evaluate((text) => text.getBoundingClientRect().right)).toBeLessThanOrEqual(
    edge,
  );
  await card(page, "b3").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Break the network" });
  expect(await dialog.locator(".crossed").innerText()).toBe("b1 – b3");
  await dialog.getByRole("button", { name: "Do it" }).click();
  expect(await done(page, hash)).toEqual([
    { type: "cut", atMs: 2000, between: [{ node: "b1" }, { node: "b3" }] },
  ]);
  await page.close();
});

test("what is picked is put away by Esc, by the ground, and by a second press", async () => {
  const { page } = await opened();
  const kill = tool(page, "Kill a node");
  const isPicked = () => kill.getAttribute("aria-pressed");
  await kill.click();
  await page.keyboard.press("Escape");
  expect(await isPicked()).toBe("false");
  await kill.click();
  await page.locator(".lab > .stage").click({ position: { x: 6, y: 300 } });
  expect(await isPicked()).toBe("false");
  await kill.click();
  await kill.click();
  expect(await isPicked()).toBe("false");
  await page.close();
});

test("a topic has a menu of its settings, on the stage and at its name", async () => {
  const { page, hash } = await opened();
  const dialog = page.getByRole("dialog", { name: "Change settings" });
  const fields = () =>
    dialog
      .locator("select")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
  const own = ["min.insync.replicas of orders", "unclean elections of orders"];
  await tool(page, "Settings of orders").click();
  expect(await fields()).toEqual(own);
  await page.keyboard.press("Escape");
  await page.locator(".partition-name").first().click();
  expect(await fields()).toEqual(own);
  await dialog.getByLabel("min.insync.replicas of orders").selectOption("2");
  await dialog.getByRole("button", { name: "Change them" }).click();
  expect(await done(page, hash)).toEqual([
    { type: "configChange", atMs: 2000, topic: "orders", config: { "min.insync.replicas": 2 } },
  ]);
  await page.close();
});

test("heal all is one press", async () => {
  const { page, hash } = await opened();
  await tool(page, "Heal all").click();
  expect(await done(page, hash)).toEqual([{ type: "heal", atMs: 2000 }]);
  await page.close();
});

test("what is picked goes with the palette: where none is shown, a press asks what to do", async () => {
  const { page } = await opened();
  await tool(page, "Kill a node").click();
  // In a class there is no room for it.
  await page.getByRole("group", { name: "Density" }).getByText("Teach").click();
  await expect.poll(() => page.locator(".palette").isVisible()).toBe(false);
  await card(page, "b2").click();
  expect(await page.locator("dialog[open] h2").innerText()).toBe("b2, broker");
  await page.close();
});
