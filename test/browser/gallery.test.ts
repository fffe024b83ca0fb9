// The gallery is what marks look like: each as an SVG file that is compared with a stored one (`vitest -u` writes them
// anew), each panel as what it says to whoever does not see it.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";

const stored = join(import.meta.dirname, "gallery");

let browser: Browser;
let page: Page;
let errors: readonly string[];
beforeAll(async () => {
  browser = await launchBrowser();
  ({ page, errors } = await openGallery({ width: 1280, height: 720 }));
});
afterAll(() => browser.close());

async function openGallery(viewport: { width: number; height: number }) {
  const opened = await openPage(browser, "/gallery/", viewport);
  await opened.page.locator("main[data-whole]").waitFor();
  return opened;
}

/** The SVG file that each mark can be had as. */
const files = (): Promise<[name: string, text: string][]> =>
  page
    .locator("a[download]")
    .evaluateAll((links: HTMLAnchorElement[]): [string, string][] =>
      links.map((link) => [link.download, decodeURIComponent(link.href.split(",")[1] ?? "")]),
    );

const panelIds = (): Promise<readonly string[]> =>
  page.locator("#panels figure").evaluateAll((figures) => figures.map(({ id }) => id));

test("every mark is drawn as it is stored", async () => {
  for (const [name, text] of await files()) {
    await expect.soft(text, name).toMatchFileSnapshot(join(stored, name));
  }
});

test("every panel says what is stored", async () => {
  for (const id of await panelIds()) {
    const said = await page.locator(`#${id} .drawing`).ariaSnapshot();
    await expect.soft(`${said}\n`, id).toMatchFileSnapshot(join(stored, `${id}.txt`));
  }
});

test("nothing is stored that is not shown", async () => {
  const shown = [
    ...(await files()).map(([name]) => name),
    ...(await panelIds()).map((id) => `${id}.txt`),
  ];
  expect(new Set(shown).size).toBe(shown.length);
  expect(readdirSync(stored).sort()).toEqual([...shown].sort());
});

test("an SVG file stands alone, in its theme's colours", async () => {
  const all = await files();
  expect(all.length).toBeGreaterThan(25);
  for (const [name, text] of all) {
    expect(text, name).not.toMatch(/<script|<style|var\(|NaN|undefined|class=|\d\.\d{3}/);
    const isDark = name.endsWith("-dark.svg");
    expect(text.includes('fill="rgb(14, 20, 26)"'), name).toBe(isDark);
  }
});

test("a strip shows as many ticks, crosses and cut records as its view was made of", async () => {
  const count = (selector: string): Promise<number> =>
    page.locator(`#strip-broken .drawing ${selector}`).count();
  expect(await count(".told-kept")).toBe(4);
  expect(await count(".told-broken")).toBe(2);
  expect(await count(".ghosts .cell")).toBe(4);
  expect(await page.locator("#strip-empty .drawing .cell").count()).toBe(0);
});

test.each([
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
])("fits into $width x $height, and goes dark", async (viewport) => {
  const { page: other } = await openGallery(viewport);
  const reach = await other.evaluate(() => document.documentElement.scrollWidth);
  expect(reach).toBeLessThanOrEqual(viewport.width);
  const ground = (id: string): Promise<string> =>
    other
      .locator(`#${id} .drawing .lab`)
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await ground("strip-small")).toBe("rgb(255, 255, 255)");
  expect(await ground("strip-broken-dark")).toBe("rgb(14, 20, 26)");
  await other.getByRole("button", { name: "Dark" }).click();
  expect(await ground("strip-small")).toBe("rgb(14, 20, 26)");
  await other.close();
});

test("opens without an error and asks no other place for anything", () => {
  expect(errors).toEqual([]);
});
