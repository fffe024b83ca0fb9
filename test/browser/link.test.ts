import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Linked, parseLink } from "#sim";
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
  await page.locator(".fingerprint", { hasText: /^[0-9a-f]{16}$/ }).waitFor();
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

const isWhole = (page: Page): Promise<void> =>
  page
    .getByText(/^[0-9a-f]{16}$/)
    .first()
    .waitFor();

/** The lab's own address, once it has settled on something that fits. */
async function addressWith(page: Page, fits: (linked: Linked) => boolean): Promise<string> {
  await expect.poll(() => fits(parseLink(page.url())), { timeout: 20_000 }).toBe(true);
  return page.url();
}

type SeenView = {
  readonly eyes?: string;
  readonly tab?: string;
  readonly space?: { readonly record?: unknown };
  readonly inside?: { readonly message?: number };
  readonly beside?: number;
};
const viewIn = ({ view }: Linked): SeenView => Object(view) as SeenView;

test("somebody else sees the same moment, with the same eyes, filters and message", async () => {
  const { page, errors } = await openPage(browser, "/#scenario=unclean-election&t=1500");
  await isWhole(page);
  const clock = page.locator(".clock");
  await expect.poll(() => clock.inputValue()).toContain("1,500.000");
  // A record alone on the diagram, a message of it looked into, all with the eyes of a broker.
  await page.locator('.logs .live .cell[data-offset="5"]').first().click();
  await page.getByRole("button", { name: "Only this on space–time" }).click();
  await page.getByRole("button", { name: "Step before in its life" }).click();
  await page
    .getByRole("button", { name: /^Bytes of the message/ })
    .first()
    .click();
  await page.locator(".card[data-node=b2]").focus();
  await page.keyboard.press("o");
  const drawn = (of: Page): Promise<readonly (string | null)[]> =>
    of
      .locator(".st-line, .st-dot")
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-event")));
  await expect.poll(async () => (await drawn(page)).length).toBeGreaterThan(2);
  const link = await addressWith(
    page,
    (linked) => viewIn(linked).eyes === "b2" && viewIn(linked).tab === "message",
  );
  expect(viewIn(parseLink(link)).space?.record).toMatchObject({ partition: "orders-0", offset: 5 });

  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const other = await context.newPage();
  await other.goto(link);
  await isWhole(other);
  for (const selector of [
    ".clock",
    ".lens",
    ".st-about strong",
    "[role=tab][aria-selected=true]",
    ".inspector h3",
  ]) {
    const said = (of: Page) =>
      of
        .locator(selector)
        .first()
        .evaluate((mark) => (mark as HTMLInputElement).value || mark.textContent);
    await expect.poll(() => said(other), { message: selector }).toBe(await said(page));
  }
  await expect.poll(() => drawn(other)).toEqual(await drawn(page));
  expect(await other.locator(".lens").innerText()).toContain("b2");
  await expect.poll(() => other.url(), { timeout: 10_000 }).toBe(link);
  expect(errors).toEqual([]);
  await context.close();
  await page.close();
});

test("two futures stand side by side for whoever gets their link", async () => {
  const { page, errors } = await openPage(browser, "/#scenario=first-light&seed=1&t=3000");
  await isWhole(page);
  await expect.poll(() => page.locator(".clock").inputValue()).toContain("3,000.000");
  await page.locator(".card[data-node=b1]").focus();
  await page.keyboard.press("k");
  const compare = page.getByRole("button", { name: "Compare" });
  await expect.poll(() => compare.isEnabled()).toBe(true);
  await compare.click();
  const link = await addressWith(page, (linked) => viewIn(linked).beside === 1);
  const parting = (of: Page): Promise<string> => of.locator(".compare .parts").innerText();
  await expect.poll(() => parting(page), { timeout: 20_000 }).toContain("b1");
  const told = await parting(page);

  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const other = await context.newPage();
  await other.goto(link);
  await expect.poll(() => parting(other), { timeout: 30_000 }).toBe(told);
  // The run without the crash is what undoing it leads to.
  await other.locator(".lanes").focus();
  await other.keyboard.press("Control+z");
  await expect
    .poll(() => parseLink(other.url()).scenario.faults.length, { timeout: 20_000 })
    .toBe(parseLink(link).scenario.faults.length - 1);
  expect(errors).toEqual([]);
  await context.close();
  await page.close();
});
