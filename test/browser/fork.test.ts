// Forking where the scrubber is lifted out of its lanes, by mouse, by finger and by key.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { goTo, wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const atMs = 2500;

async function opened(viewport?: { width: number; height: number }) {
  const { page, errors } = await openPage(browser, "/#scenario=first-light", viewport);
  const hash = await wholeHash(page);
  await goTo(page, atMs);
  return { page, errors, hash };
}

/** Where the playhead stands in the lanes, in pixels of the page. */
const playhead = (page: Page) =>
  page.locator(".lanes-svg .playhead").evaluate((head) => {
    const { x, width, y, height } = head.getBoundingClientRect();
    return { x: x + width / 2, y: y + height - 6 };
  });

const words = (page: Page) => page.locator(".lanes").getByRole("status");
const menu = (page: Page) => page.getByRole("dialog", { name: "Change the run" });
const other = (page: Page) => page.getByRole("region", { name: "The other run" });
const clock = async (page: Page): Promise<number> =>
  Number.parseFloat((await page.locator(".clock").inputValue()).replaceAll(",", ""));

test("a scrubber that is dragged up says what letting go does, forks there, and compares", async () => {
  const { page, errors, hash } = await opened();
  const { x, y } = await playhead(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await expect.poll(async () => Math.abs((await clock(page)) - atMs)).toBeLessThan(12);
  const pressed = await clock(page);
  await page.mouse.move(x + 3, y - 60, { steps: 4 });
  expect(await words(page).isVisible()).toBe(false);
  await page.mouse.move(x + 4, y - 130, { steps: 4 });
  await expect
    .poll(() => words(page).innerText())
    .toBe(
      `Let go: fork at ${pressed.toLocaleString("en", { minimumFractionDigits: 3 })} ms and compare`,
    );
  // Up there time stands still, and the way back down leaves all as it is.
  await page.mouse.move(x + 200, y - 140, { steps: 4 });
  await page.mouse.move(x + 1, y, { steps: 4 });
  await expect.poll(() => words(page).isVisible()).toBe(false);
  await page.mouse.move(x, y - 130, { steps: 4 });
  await expect.poll(() => words(page).isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await menu(page).isVisible()).toBe(false);

  const from = await playhead(page);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x, from.y - 130, { steps: 4 });
  await page.mouse.up();
  await menu(page).getByRole("button", { name: "Settings" }).click();
  const settings = page.getByRole("dialog", { name: "Settings" });
  await settings.getByLabel("acks").first().selectOption("0");
  const forkedAt = await clock(page);
  await settings.locator("button[type=submit]").click();
  await wholeHash(page, hash);
  await other(page).waitFor();
  await expect
    .poll(() => other(page).locator(".parts").innerText())
    .toContain(`They part at ${forkedAt.toLocaleString("en", { minimumFractionDigits: 3 })} ms`);
  expect(errors).toEqual([]);
  await page.close();
});

test("time stands still while a scrubber that played is held above", async () => {
  const { page } = await opened();
  await page.locator(".lanes").focus();
  await page.keyboard.press("Space");
  await expect.poll(() => clock(page)).toBeGreaterThan(atMs);
  const { x, y } = await playhead(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 130, { steps: 4 });
  await expect.poll(() => words(page).isVisible()).toBe(true);
  await expect.poll(() => page.getByRole("button", { name: "Play", exact: true }).count()).toBe(1);
  const held = (await page.locator(".clock").inputValue()).trim();
  expect(await words(page).innerText()).toContain(`fork at ${held}`);
  await page.mouse.up();
  await menu(page).waitFor();
  expect((await page.locator(".clock").inputValue()).trim()).toBe(held);
  await page.close();
});

test("with a change made, it lays the two runs side by side at the time where it is lifted", async () => {
  const { page, hash } = await opened();
  await page.locator(".lanes").focus();
  await page.keyboard.press("h");
  await wholeHash(page, hash);
  const { x, y } = await playhead(page);
  await page.mouse.move(x + 100, y);
  await page.mouse.down();
  await expect.poll(() => clock(page)).toBeGreaterThan(atMs);
  await page.mouse.move(x + 100, y - 130, { steps: 4 });
  await expect.poll(() => words(page).innerText()).toMatch(/^Let go: both runs side by side at /);
  await page.mouse.up();
  await other(page).waitFor();
  expect(await menu(page).isVisible()).toBe(false);
  await page.close();
});

test("Y forks and compares where nothing has been changed yet", async () => {
  const { page, hash } = await opened();
  await page.locator(".lanes").focus();
  await page.keyboard.press("y");
  await menu(page).getByRole("button", { name: "Heal everything" }).click();
  await wholeHash(page, hash);
  await other(page).waitFor();
  await page.locator(".lanes").focus();
  await page.keyboard.press("y");
  await expect.poll(() => other(page).isVisible()).toBe(false);
  await page.close();
});

test("a finger lifts it as well", async () => {
  const { page, errors } = await opened({ width: 390, height: 844 });
  const { x, y } = await playhead(page);
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", up: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [{ x, y: y - up }],
    });
  await touch("touchStart", 0);
  for (const up of [10, 30, 60, 90, 120]) await touch("touchMove", up);
  await expect.poll(() => words(page).innerText()).toMatch(/^Let go: fork at 2,\d+\.\d+ ms/);
  const box = await words(page).boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  await touch("touchEnd", 120);
  await menu(page).waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

test("a fork that is taken back compares nothing later", async () => {
  const { page, hash } = await opened();
  await page.locator(".lanes").focus();
  await page.keyboard.press("y");
  const notice = page.getByText("What you change next is shown beside the run as it is.");
  await notice.waitFor();
  await menu(page).getByRole("button", { name: "Leave it alone" }).click();
  await expect.poll(() => notice.isVisible()).toBe(false);
  await page.locator(".lanes").focus();
  await page.keyboard.press("h");
  await wholeHash(page, hash);
  expect(await other(page).isVisible()).toBe(false);
  await page.close();
});
