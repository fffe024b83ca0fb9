// How fast time goes: what is asked for with a press, and what a slow machine reaches of it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("two buttons halve and double the speed, as far as it goes", async () => {
  const { page } = await openPage(browser, "/#scenario=acks-1");
  await wholeHash(page);
  const reached = page.locator(".reached");
  const before = await reached.innerText();
  const [slower, faster] = ["Slower", "Faster"].map((name) =>
    page.getByRole("button", { name, exact: true }),
  );
  if (slower === undefined || faster === undefined) throw new RangeError("there are none");
  await faster.click();
  await expect.poll(() => reached.innerText()).not.toBe(before);
  await slower.click();
  await expect.poll(() => reached.innerText()).toBe(before);
  let shown = before;
  for (let press = 0; press < 20 && shown !== "10× real time"; press += 1) {
    await faster.click();
    // With the next frame, which may be the one that takes the button away.
    await expect.poll(() => reached.innerText()).not.toBe(shown);
    shown = await reached.innerText();
  }
  expect(shown).toBe("10× real time");
  expect(await faster.isDisabled()).toBe(true);
  await page.close();
});

test("a machine that cannot keep up says how fast it really goes", async () => {
  const { page } = await openPage(browser, "/#scenario=first-light&t=500");
  await wholeHash(page);
  await page.locator(".pace").click();
  const reached = page.locator(".reached");
  const asked = await reached.innerText();
  // Every frame takes longer than it may move time on by.
  await page.evaluate(() => {
    const hinder = (): void => {
      const from = performance.now();
      while (performance.now() - from < 260);
      requestAnimationFrame(hinder);
    };
    requestAnimationFrame(hinder);
  });
  await page.evaluate(() => {
    const play = document.querySelector("#lab")?.shadowRoot?.querySelector<HTMLElement>(".play");
    play?.click();
  });
  const told = (): Promise<string | null> => reached.textContent();
  await expect.poll(told).toMatch(/^only 1 ms in \d/);
  const seconds = (text: string | null): number => Number(/in ([\d.]+) s/.exec(text ?? "")?.[1]);
  expect(seconds(await told())).toBeGreaterThan(2 * seconds(asked));
  await page.close();
});
