import { defaultFamily, defaultScenario, families, library, runScenario } from "#sim";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "vite";
import { launchBrowser, openPage } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Program {
  readonly hashes: { hashesOf(seeds: readonly string[]): Promise<readonly string[]> };
}

const seeds = Array.from({ length: 50 }, (_, index) => String(index + 1));

/** The program that runs drawn scenarios, as one script that leaves `hashes` in a page. */
async function program(): Promise<string> {
  const entry = new URL("./entries/hashes.ts", import.meta.url).pathname;
  const lib = { entry, formats: ["iife" as const], name: "hashes" };
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { lib, write: false, minify: false },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  const [chunk] = bundle?.output ?? [];
  if (chunk?.type !== "chunk") throw new Error("nothing was built");
  return chunk.code;
}

describe("same scenario, one hash", () => {
  test("the lab's worker comes to the hash that Node comes to", async () => {
    const { page, errors } = await openPage(browser, "/");
    await page.getByText(/^[0-9a-f]{16}$/).waitFor();
    const scenario = library.get(defaultScenario)?.();
    if (scenario === undefined) throw new Error("there is no default scenario");
    expect(await page.locator(".fingerprint").innerText()).toBe(runScenario(scenario).hash);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("fifty drawn runs come to the same hashes in Chromium and in Node", async () => {
    const draw = families.get(defaultFamily);
    if (draw === undefined) throw new Error("there is no default family");
    const { page } = await openPage(browser, "/slides/");
    await page.addScriptTag({ content: await program() });
    const there = page.evaluate(
      (wanted) => (globalThis as unknown as Program).hashes.hashesOf(wanted),
      seeds,
    );
    const here = seeds.map((seed) => runScenario(draw(seed)).hash);
    expect(await there).toEqual(here);
    expect(new Set(here).size).toBe(seeds.length);
    await page.close();
  });
});
