// <highwater-sim> on a page that is made of it: two at once, a region alone, a mistake in place, and what it tells.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, library, type Scenario } from "#sim";
import type { HighwaterSim } from "../../viz/element.ts";
import { launchBrowser, openPage } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function hashOf(page: Page, id: string): Promise<string> {
  const handle = await page.waitForFunction(
    (name) => document.querySelector<HighwaterSim>(name)?.hash,
    `#${id}`,
    { timeout: 60_000 },
  );
  return (await handle.jsonValue()) ?? "";
}

const expected = (name: string): string => judge(library.get(name)?.() as Scenario).result.hash;

test("two on one page make their own runs, and what is done to one leaves the other alone", async () => {
  const { page, errors } = await openPage(browser, "/embed/");
  const whole = await hashOf(page, "whole");
  expect(whole).toBe(expected("first-light"));
  // Far below: it is made only when somebody comes near.
  await page.locator("#logs").evaluate((sim) => sim.scrollIntoView());
  const logs = await hashOf(page, "logs");
  expect(logs).toBe(expected("acks-1"));
  await page.locator("#whole").evaluate((sim) => sim.scrollIntoView());
  await page.evaluate(() => {
    const sim = document.querySelector("#whole") as HighwaterSim;
    sim.fork([{ type: "crash", atMs: sim.at, target: { node: "b2" } }]);
  });
  await page.waitForFunction(
    (before) => {
      const { hash } = document.querySelector("#whole") as HighwaterSim;
      return hash !== undefined && hash !== before;
    },
    whole,
    { timeout: 60_000 },
  );
  expect(await hashOf(page, "logs")).toBe(logs);
  expect(errors).toEqual([]);
  await page.close();
});

test("shows one region alone, gives nothing of the future away, and another time on paper", async () => {
  const { page } = await openPage(browser, "/embed/");
  await page.locator("#logs").evaluate((sim) => sim.scrollIntoView());
  await hashOf(page, "logs");
  const logs = page.locator("#logs");
  await expect.poll(() => logs.locator(".lab > .logs .strips").isVisible()).toBe(true);
  await expect.poll(() => logs.locator(".lab > .stage").isVisible()).toBe(false);
  await expect.poll(() => logs.locator(".lab > .guarantees").isVisible()).toBe(false);
  // The one cut strikes at 4,000 ms; the election and the truncation that follow are not told yet.
  await expect.poll(() => logs.locator(".fault-bars rect").count()).toBe(1);
  await expect.poll(() => logs.locator(".turn").count()).toBe(0);
  const at = (): Promise<number> =>
    page.evaluate(() => (document.querySelector("#logs") as HighwaterSim).at);
  expect(await at()).toBe(4200);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  expect(await at()).toBe(5000);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  expect(await at()).toBe(4200);
  await page.close();
});

test("says in its place what is wrong, and tells the page of it", async () => {
  const { page } = await openPage(browser, "/embed/");
  const wrong = page.locator("#wrong");
  await wrong.evaluate((sim) => sim.scrollIntoView());
  const alert = wrong.getByRole("alert");
  await alert.waitFor();
  await expect
    .poll(() => alert.innerText())
    .toContain("scenario: none is named no-such-thing; there are");
  const told = await page.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        document.body.addEventListener("hw-error", (event) => {
          resolve((event as CustomEvent<unknown>).detail);
        });
        const sim = document.createElement("highwater-sim");
        sim.setAttribute("at", "soon");
        document.querySelector("#wrong")?.after(sim);
      }),
  );
  expect(told).toEqual({
    at: 0,
    message: "at: a number of milliseconds from 0 on, not soon",
  });
  await page.close();
});

test("tells of beats and of a promise that breaks, with the event that is meant", async () => {
  const { page } = await openPage(browser, "/embed/");
  await hashOf(page, "whole");
  const heard = await page.evaluate(
    () =>
      new Promise<readonly { readonly type: string; readonly event: number | undefined }[]>(
        (resolve) => {
          const all: { type: string; event: number | undefined }[] = [];
          const sim = document.querySelector("#whole") as HighwaterSim;
          for (const type of ["hw-time", "hw-beat"]) {
            sim.addEventListener(type, (event) => {
              const { detail } = event as CustomEvent<{ event?: number }>;
              all.push({ type, event: detail.event });
              if (all.length === 2) resolve(all);
            });
          }
          sim.seek(4500);
        },
      ),
  );
  expect(heard.map(({ type }) => type).sort()).toEqual(["hw-beat", "hw-time"]);
  expect(heard.find(({ type }) => type === "hw-beat")?.event).toBeGreaterThan(0);
  await page.close();
});
