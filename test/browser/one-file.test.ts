// The pages of one file, opened from the disk as by a double click: no server, no module, nothing from elsewhere.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, library, type Scenario } from "#sim";
import { dist } from "../../scripts/build.mjs";
import { slideRuns } from "../../slides/runs/runs.ts";
import type { HighwaterSim } from "../../viz/element.ts";
import { launchBrowser } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Opens a file of dist/; `asked` is what it loaded besides itself, `errors` what went wrong. */
async function openFile(
  name: string,
  fragment: string,
): Promise<{ page: Page; asked: readonly string[]; errors: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const asked: string[] = [];
  const errors: string[] = [];
  const address = pathToFileURL(join(dist, name)).href;
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    if (request.url() !== address + fragment && request.url() !== address)
      asked.push(new URL(request.url()).protocol);
  });
  await page.goto(address + fragment);
  return { page, asked, errors };
}

const hashOf = (scenario: Scenario): string => judge(scenario).result.hash;

/** Everything that a page could load from beside it. */
const loaders = "script[src], script[type=module], link:not([href^='data:']), img, iframe, source";

test.each(["highwater.html", "deck.html"])("%s is one classic script", async (name) => {
  const { page, errors } = await openFile(name, "");
  expect(await page.locator("css:light=script").count()).toBe(1);
  expect(await page.locator(`css:light=:is(${loaders})`).count()).toBe(0);
  expect(errors).toEqual([]);
  await page.close();
});

test("the lab runs a scenario in a worker of its own script, and steps it", async () => {
  const { page, asked, errors } = await openFile("highwater.html", "#scenario=acks-1");
  const acksOne = library.get("acks-1")?.() as Scenario;
  expect(await wholeHash(page)).toBe(hashOf(acksOne));
  expect(page.workers().map((worker) => new URL(worker.url()).protocol)).toEqual(["blob:"]);

  const clock = page.getByLabel("Virtual time");
  await clock.fill("4000");
  await clock.press("Enter");
  await expect.poll(() => clock.inputValue()).toMatch(/^4,000/);
  const told = (): Promise<string> => page.locator(".narration .sentence").innerText();
  const before = await told();
  await page.locator(".narration").getByRole("button", { name: "What is told next" }).click();
  await expect.poll(told).not.toBe(before);
  const here = await told();
  await page.locator(".narration").getByRole("button", { name: "What was told before" }).click();
  await expect.poll(told).toBe(before);
  expect(here).not.toBe("");

  // What is done by hand runs on; a file of the run is made by the other worker.
  const hash = await page.locator(".fingerprint").innerText();
  await page.locator(".card[data-node=b2]").focus();
  await page.keyboard.press("k");
  await wholeHash(page, hash);
  await page.keyboard.press("l");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /trace/i }).first().click();
  expect((await download).suggestedFilename()).toMatch(/ndjson$/);
  // The address that can be shared is the file's own.
  await expect.poll(() => page.url()).toContain("highwater.html#");
  expect([...new Set(asked)]).toEqual(["blob:"]);
  expect(errors).toEqual([]);
  await page.close();
});

test("the deck shows its slides and moves their runs, and leads to the lab beside it", async () => {
  const { page, asked, errors } = await openFile("deck.html", "#/replication");
  const replication = slideRuns.get("replication")?.() as Scenario;
  const caption = page.locator(`section.present .caption[data-hash="${hashOf(replication)}"]`);
  await caption.waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  const at = (): Promise<number | undefined> =>
    page.evaluate(() => document.querySelector<HighwaterSim>("section.present highwater-sim")?.at);
  await expect.poll(at, { timeout: 10_000 }).toBe(1701);
  expect(await page.locator(".lab-frame .live .cell").count()).toBe(1);
  expect([...new Set(asked)]).toEqual(["blob:"]);
  await page.evaluate(() => (location.hash = "#/yours"));
  await page.locator("section.present a.button").click();
  await wholeHash(page);
  expect(page.url()).toContain("highwater.html");
  expect(errors).toEqual([]);
  await page.close();
});
