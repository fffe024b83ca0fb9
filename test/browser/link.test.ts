import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("a link keeps its time while its run is being made", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Every address that the lab gives itself; a reload would go to the last one.
  await page.addInitScript(() => {
    const kept: string[] = [];
    Object.assign(globalThis, { kept });
    const replace = history.replaceState.bind(history);
    history.replaceState = (data: unknown, unused: string, url?: string | URL | null) => {
      kept.push(String(url));
      replace(data, unused, url);
    };
  });
  await page.goto(`${inject("pages")}/#scenario=first-light&seed=1&t=11000`);
  await page.getByText(/^[0-9a-f]{16}$/).waitFor();
  const clock = page.locator(".clock");
  await expect.poll(() => clock.inputValue(), { timeout: 20_000 }).toContain("11,000.000");
  const kept = await page.evaluate(() => (globalThis as unknown as { kept: string[] }).kept);
  for (const url of kept) expect(url).toContain("t=11000");
  await context.close();
});

test("a link that cannot be opened says why, and leads on to the default run", async () => {
  const { page, errors } = await openPage(browser, "/#scenario=nothing&seed=1");
  const said = page.getByRole("alert");
  expect(await said.innerText()).toContain("no scenario is named nothing; there are first-light");
  await page.getByRole("link", { name: "Open the default run" }).click();
  expect(await page.locator(".bar > select").inputValue()).toBe("first-light");
  expect(errors).toEqual([]);
  await page.close();
});
