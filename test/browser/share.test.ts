// Sharing, by hand: the link, the picture of a moment, the run in the forms of other programs.
import { readFileSync } from "node:fs";
import decodeQR from "qr/decode.js";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import {
  type ExportKind,
  exportRun,
  fragmentOf,
  library,
  runScenario,
  type Scenario,
  storyOf,
  withFlaws,
} from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { withoutWorkers } from "../support/no-worker.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const make = library.get("acks-1");
if (make === undefined) throw new Error("there is no scenario acks-1");
const short: Scenario = make();
const { hash } = runScenario(short);

async function openLab(path: string, viewport?: { width: number; height: number }) {
  const opened = await openPage(browser, path, viewport);
  await opened.page
    .locator(".fingerprint", { hasText: /^[0-9a-f]{16}$/ })
    .waitFor({ state: "attached" });
  await opened.page.waitForTimeout(300);
  return opened;
}

const shareDialog = (page: Page) => page.getByRole("dialog", { name: "Share" });

async function share(page: Page) {
  await page.locator(".lab").focus();
  await page.keyboard.press("l");
  const dialog = shareDialog(page);
  await dialog.waitFor();
  return dialog;
}

async function saved(page: Page, button: string): Promise<{ name: string; content: Buffer }> {
  const press = shareDialog(page).getByRole("button", { name: button, exact: true });
  const [file] = await Promise.all([page.waitForEvent("download"), press.click()]);
  return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
}

describe("where a page may have no worker", () => {
  test.each(withoutWorkers)(
    "the run is made into every form on the page: %s",
    async (_, script) => {
      const context = await browser.newContext();
      await context.addInitScript(script);
      const page = await context.newPage();
      await page.goto(`${inject("pages")}/#scenario=acks-1`);
      await page.locator(".fingerprint", { hasText: hash }).waitFor({ state: "attached" });
      await share(page);
      const forms: readonly (readonly [string, ExportKind])[] = [
        ["Scenario", "scenario"],
        ["Trace", "ndjson"],
        ["Vitest test", "vitest"],
        ["Wireshark capture", "pcapng"],
      ];
      for (const [button, kind] of forms) {
        const { content } = await saved(page, button);
        const own = Buffer.from(exportRun(short, kind));
        expect(content.equals(own), `${kind} differs from what Node makes of it`).toBe(true);
      }
      await context.close();
    },
  );
});

describe("the share dialog", () => {
  test("has the link to the moment, which opens the same in a fresh profile", async () => {
    const { page, errors } = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await page.locator(".lab").focus();
    await page.keyboard.press("w");
    const dialog = await share(page);
    const link = await dialog.getByLabel("Link to this moment").inputValue();
    // The address follows a little later.
    await expect.poll(() => page.url()).toBe(link);
    expect(link).toMatch(new RegExp(`&t=1500&sel=\\d+&v=[\\w-]+&hash=${hash}&broke=`));
    expect(await readQr(page)).toBe(link);

    const fresh = await browser.newContext();
    const there = await fresh.newPage();
    await there.goto(link);
    await there.getByText(hash).waitFor();
    await there.getByText("as linked").waitFor();
    const inspector = (of: Page) => of.locator(".inspector").innerText();
    await expect.poll(() => inspector(there)).toBe(await inspector(page));
    expect(await there.locator(".clock").inputValue()).toBe("1,500.000 ms");
    await expect.poll(() => there.locator(".notice").isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await fresh.close();
    await page.close();
  });

  test("copies the link and the command line", async () => {
    const { page, errors } = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const dialog = await share(page);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await dialog.getByRole("button", { name: "Copy link" }).click();
    await dialog.getByText("The link is copied.").waitFor();
    expect(await clipboard()).toBe(await dialog.getByLabel("Link to this moment").inputValue());
    await dialog.getByRole("button", { name: "Copy command line" }).click();
    await dialog.getByText("The command line is copied.").waitFor();
    expect(await clipboard()).toBe(exportRun(short, "command").toString().trim());
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("saves the run in every form, as the command line writes it", async () => {
    const { page, errors } = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await share(page);
    const forms: readonly (readonly [string, ExportKind, string])[] = [
      ["Scenario", "scenario", "acks-1-1.json"],
      ["Trace", "ndjson", "acks-1-1.ndjson"],
      ["Vitest test", "vitest", "acks-1-1.test.js"],
      ["Wireshark capture", "pcapng", "acks-1-1.pcapng"],
      ["Chrome trace", "chrome", "acks-1-1.trace.json"],
      ["ShiViz log", "shiviz", "acks-1-1.shiviz.log"],
    ];
    for (const [button, kind, expected] of forms) {
      const { name, content } = await saved(page, button);
      expect(name).toBe(expected);
      expect(content.equals(Buffer.from(exportRun(short, kind)))).toBe(true);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("saves as a test what fails where the lab shows a broken promise", async () => {
    const story = storyOf("hw-truncate");
    if (story === undefined) throw new RangeError("there is no story of hw-truncate");
    const flawed = withFlaws(story, ["hw-truncate"]);
    const { page } = await openLab(`/${fragmentOf(flawed)}`);
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await page.locator("[data-guarantee=in-sync-holds-committed][data-state=broken]").waitFor();
    await share(page);
    // The very file that test/library/package.test.ts runs under Vitest, and sees fail by this guarantee.
    const { content } = await saved(page, "Vitest test");
    expect(content.toString()).toBe(exportRun(flawed, "vitest").toString());
    expect(content.toString()).toContain("in-sync-holds-committed");
    await page.close();
  });

  test("saves an edited run with its edits", async () => {
    const { page } = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await page.locator('.card[data-node="b3"]').focus();
    await page.keyboard.press("k");
    await expect.poll(() => page.locator(".fingerprint").innerText()).not.toBe(hash);
    await share(page);
    const { content } = await saved(page, "Scenario");
    const { faults } = JSON.parse(content.toString()) as Scenario;
    expect(faults.at(-1)).toMatchObject({ type: "crash", target: { node: "b3" }, atMs: 1500 });
    await page.close();
  });

  test.each([
    [1280, 720],
    [1920, 1080],
    [390, 844],
  ])("fits at %i x %i", async (width, height) => {
    const { page } = await openLab(`/${fragmentOf(short)}`, { width, height });
    const dialog = await share(page);
    const box = await dialog.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(width);
    expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(height);
    const wide = await dialog.evaluate((one) => one.scrollWidth > one.clientWidth);
    expect(wide).toBe(false);
    await page.close();
  });
});

describe("the picture of a moment", () => {
  test("is an SVG with time, seed and legend that needs nothing around it", async () => {
    const { page, errors } = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await share(page);
    const { name, content } = await saved(page, "SVG");
    expect(name).toBe("acks-1-1-1500.000ms.svg");
    const text = content.toString();
    for (const said of [
      "acks-1, seed 1, t = 1,500.000 ms",
      "high watermark",
      "client told",
      "orders-0",
    ])
      expect(text).toContain(said);
    const found = await page.evaluate((svg) => {
      const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
      const all = [...parsed.querySelectorAll("*")];
      return {
        root: parsed.documentElement.tagName,
        tags: [...new Set(all.map(({ tagName }) => tagName))].sort(),
        links: all.flatMap((one) => one.getAttribute("href")?.slice(0, 15) ?? []),
        attributes: [...new Set(all.flatMap((one) => one.getAttributeNames()))],
        cells: all.filter((one) => one.tagName === "text" && one.textContent === "A").length,
      };
    }, text);
    expect(found.root).toBe("svg");
    const known = [
      "circle",
      "defs",
      "g",
      "image",
      "line",
      "path",
      "pattern",
      "rect",
      "svg",
      "text",
      "title",
      "tspan",
    ];
    for (const tag of found.tags) expect(known).toContain(tag);
    expect(found.links).toEqual(["data:image/png;"]);
    for (const attribute of found.attributes)
      expect(attribute).not.toMatch(/^(on|style$|class$|data-)/);
    // What is drawn is what is shown.
    const shown = await page.locator(".strips text", { hasText: /^A$/ }).count();
    expect(found.cells).toBe(shown);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("is the same in every profile at the same moment, and a PNG of twice its size", async () => {
    const one = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await share(one.page);
    const other = await openLab(`/${fragmentOf(short, { atMs: 1500 })}`);
    await share(other.page);
    const svg = await saved(one.page, "SVG");
    expect((await saved(other.page, "SVG")).content.equals(svg.content)).toBe(true);
    const png = (await saved(one.page, "PNG")).content;
    expect([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join("")).toBe("PNG");
    const [, width, height] = /width="(\d+)" height="([\d.]+)"/.exec(svg.content.toString()) ?? [];
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));
    expect(Math.abs(png.readUInt32BE(20) - 2 * Number(height))).toBeLessThanOrEqual(2);
    await one.page.close();
    await other.page.close();
  });
});

describe("a link of another version", () => {
  const with_ = (outcome: { hash: string; broke: string[] }) =>
    openLab(`/${fragmentOf(short, { atMs: 1500, outcome })}`);

  test("says that the story is the same, until that is put away", async () => {
    const broke = ["acknowledged-survives"];
    const { page } = await with_({ hash: "0123456789abcdef", broke });
    const line = page.locator(".notice");
    await expect
      .poll(() => line.innerText())
      .toContain(
        "made by another version of Highwater. The same story, with a new hash: “N−1 of N may fail” breaks.",
      );
    await page.getByRole("button", { name: "Put this away" }).press("Enter");
    await expect.poll(() => line.isVisible()).toBe(false);
    await page.close();
  });

  test("says what no longer breaks", async () => {
    const { page } = await with_({ hash: "0123456789abcdef", broke: ["producer-order"] });
    await expect
      .poll(() => page.locator(".notice").innerText())
      .toContain(
        "Another story: “Order as sent” no longer breaks. “N−1 of N may fail” now breaks.",
      );
    await page.close();
  });
});

/** Reads the QR code that the dialog shows, as a camera would. */
async function readQr(page: Page): Promise<string> {
  const { size, d } = await page.locator(".qr").evaluate((svg) => ({
    size: Number(svg.getAttribute("viewBox")?.split(" ")[2]),
    d: svg.querySelector("path")?.getAttribute("d") ?? "",
  }));
  const scale = 6;
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, left, top] of d.matchAll(/M(\d+),(\d+)/g)) {
    for (let i = 0; i < scale * scale; i++) {
      const x = Number(left) * scale + (i % scale);
      const y = Number(top) * scale + Math.floor(i / scale);
      data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}
