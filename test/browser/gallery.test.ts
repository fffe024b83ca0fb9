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

test("every shape of a message is painted over its words, with its epoch's fill, the held one in vermilion", async () => {
  const painted = await page.locator(".message-shapes").evaluate((section) => {
    const canvas = section.querySelector("canvas");
    const context = canvas?.getContext("2d");
    const shapes = section.querySelectorAll("li").length;
    if (canvas === null || context === undefined || context === null) return [];
    const pitch = canvas.width / shapes;
    return Array.from({ length: shapes }, (_, index) => {
      const { data } = context.getImageData(index * pitch, 0, pitch, canvas.height);
      const colours = new Set<string>();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) colours.add([...data.slice(at, at + 3)].join());
      }
      return [...colours];
    });
  });
  const words = await page.locator(".message-shapes li").allInnerTexts();
  expect(painted.length).toBe(words.length);
  for (const [index, colours] of painted.entries()) {
    // Blue, sand, plum; what carries no epoch is ink.
    const epoch = /carries epoch 3|of 4|in epoch 5/.exec(words[index] ?? "")?.[0].at(-1) ?? "";
    const fills: Record<string, string> = { 3: "140,199,240", 4: "247,226,154", 5: "173,124,192" };
    expect(colours, words[index]).toContain(fills[epoch] ?? "22,32,42");
    // A thin line is mixed with what lies beneath it: more red than anything that is ink or ground.
    const isRed = colours.some((colour) => {
      const [red = 0, green = 0, blue = 0] = colour.split(",").map(Number);
      return red > green + 40 && red > blue;
    });
    expect(isRed, words[index]).toBe(words[index] === "held by a cut");
  }
});

test("every state of a partition has a tile of its own", async () => {
  const drawn = await page
    .locator("#heat-states .drawing .health")
    .evaluateAll((tiles) => tiles.map((tile) => tile.outerHTML));
  expect(drawn.length).toBe(7);
  expect(new Set(drawn).size).toBe(7);
  expect(await page.locator("#stage-100 .drawing .mark.kind-broker").count()).toBe(100);
  expect(await page.locator("#stage-12 .drawing .strand.is-cut").count()).toBe(2);
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
