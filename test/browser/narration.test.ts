// Which of how many sentences the narration stands at, against the trace; and the way to the next and the last.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScenario, type TraceEvent } from "#sim";
import { isBeat } from "../../viz/model/beats.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import { goTo, wholeHash } from "../support/lab-page.ts";
import { fromLibrary } from "../support/library-runs.ts";
import { sizes } from "../support/sizes.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test.each(sizes)("the pager counts what is told at $width x $height", async (size) => {
  const events: TraceEvent[] = [];
  runScenario(fromLibrary("acks-1"), { listeners: [(event) => void events.push(event)] });
  const beats = events.filter(isBeat);
  const all = beats.length.toLocaleString("en");
  const before = beats.filter(({ at }) => at <= 2_000_000).length;
  expect(before).toBeGreaterThan(1);

  const { page } = await openPage(browser, "/#scenario=acks-1", size);
  await wholeHash(page);
  await goTo(page, 2000);
  const narration = page.locator(".narration");
  const told = (): Promise<string> => narration.locator(".beat-count").innerText();
  const text = (count: number): string => `${count.toLocaleString("en")} of ${all}`;
  await expect.poll(told).toBe(text(before));
  await narration.getByRole("button", { name: "What is told next" }).click();
  await expect.poll(told).toBe(text(before + 1));
  expect(await narration.getAttribute("data-event")).toBe(String(beats[before]?.seq));
  await narration.getByRole("button", { name: "What was told before" }).click();
  await expect.poll(told).toBe(text(before));
  await page.locator(".lanes").focus();
  await page.keyboard.press("Home");
  await expect.poll(told).toBe(text(beats.filter(({ at }) => at === 0).length));
  await page.keyboard.press("End");
  await expect.poll(told).toBe(`${all} of ${all}`);
  await page.close();
});
