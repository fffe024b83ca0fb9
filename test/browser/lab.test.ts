import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { fragmentOf } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { picture, wholeHash } from "../support/lab-page.ts";
import { fromLibrary } from "../support/library-runs.ts";
import { sizes } from "../support/sizes.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const clock = (page: Page): Promise<string> => page.locator(".clock").inputValue();

/** Which broker leads a partition, by its badge. */
async function leaderOf(page: Page, partition: string): Promise<string> {
  const badge = page.locator(".badge.is-leader", { hasText: partition });
  const card = page.locator(".card", { has: badge });
  return (await card.getAttribute("data-node")) ?? "nobody";
}

/** Presses a place on the timeline, as a share of its width. */
async function scrubTo(page: Page, share: number): Promise<void> {
  const box = await page.locator(".lanes").boundingBox();
  if (box === null) throw new RangeError("the timeline is not there");
  await page.mouse.click(box.x + 92 + (box.width - 116) * share, box.y + box.height - 8);
}

/** Frames come and go; what stands still after a few of them is what is shown. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(400);

async function openLab(
  path = "/",
  size?: { width: number; height: number },
): Promise<{ page: Page; errors: readonly string[] }> {
  const opened = await openPage(browser, path, size);
  await wholeHash(opened.page);
  await settle(opened.page);
  return opened;
}

/** A run that is soon whole, for what has to do with no run in particular. */
const short = "/#scenario=acks-1";

test.each(["/", "/slides/", "/embed/", "/gallery/"])(
  "%s asks no other place for anything, nor do its workers",
  async (path) => {
    const context = await browser.newContext();
    const origins = new Set<string>();
    context.on("request", (request) => void origins.add(new URL(request.url()).origin));
    const page = await context.newPage();
    await page.goto(inject("pages") + path);
    await page.waitForLoadState("networkidle");
    expect([...origins].filter((origin) => origin !== "null")).toEqual([inject("pages")]);
    // Nothing waits to be asked for either.
    const named = await page
      .locator("[src], link[href], a[href^=http]")
      .evaluateAll((all) =>
        all.map((one) => (one as HTMLScriptElement).src || (one as HTMLLinkElement).href),
      );
    const elsewhere = named.filter(
      (url) => /^https?:/.test(url) && !url.startsWith(inject("pages")),
    );
    expect(elsewhere).toEqual([]);
    await context.close();
  },
);

describe("the lab", () => {
  test("shows the default run before its first fault, standing still", async () => {
    const { page, errors } = await openLab();
    const before = await clock(page);
    await settle(page);
    expect(await clock(page)).toBe(before);
    expect(await page.locator(".partition").count()).toBe(3);
    expect(await page.locator(".card.kind-broker").count()).toBe(3);
    expect(await page.locator(".cell").count()).toBeGreaterThan(20);
    for (const partition of ["orders-0", "orders-1", "orders-2"]) {
      expect(await leaderOf(page, partition)).toMatch(/^b[123]$/);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("a leader killed by clicking loses its lead, nothing promised breaks, and the past stays", async () => {
    const { page, errors } = await openLab();
    const first = await wholeHash(page);
    await scrubTo(page, 0.12);
    await settle(page);
    const [earlier, at] = [await picture(page), await clock(page)];
    await scrubTo(page, 0.15);
    const killed = await leaderOf(page, "orders-1");

    await page.locator(`.card[data-node=${killed}]`).click();
    await page.locator("dialog [data-deed=Kill]").click();
    const forked = await wholeHash(page, first);
    expect(forked).not.toBe(first);
    await settle(page);
    expect(await page.locator(`.card[data-node=${killed}] .card-state`).innerHTML()).toBe(
      "crashed",
    );

    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await settle(page);
    expect(await leaderOf(page, "orders-1")).not.toBe(killed);
    expect(await page.locator(".guarantee").count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator(".guarantee[data-state=holds]").count()).toBeGreaterThanOrEqual(3);
    expect(await page.locator(".guarantee[data-state=broken]").count()).toBe(0);

    await goBackTo(page, at);
    expect(await picture(page)).toBe(earlier);
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(sizes)(
    "stepping on and back again shows the same at $width x $height",
    async (size) => {
      const { page } = await openLab(short, size);
      const [before, at] = [await picture(page), await clock(page)];
      await page.locator(".lanes").focus();
      for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowRight");
      await settle(page);
      expect(await picture(page)).not.toBe(before);
      for (let step = 0; step < 60; step += 1) await page.keyboard.press("ArrowLeft");
      await settle(page);
      expect(await picture(page)).toBe(before);
      expect(Number.parseFloat((await clock(page)).replaceAll(",", ""))).toBeLessThanOrEqual(
        Number.parseFloat(at.replaceAll(",", "")),
      );
      await page.close();
    },
  );

  test("a link opens the same run at the same time in a new window", async () => {
    const { page } = await openLab(short);
    const first = await wholeHash(page);
    await scrubTo(page, 0.2);
    const killed = await leaderOf(page, "orders-0");
    await page.locator(`.card[data-node=${killed}]`).focus();
    await page.keyboard.press("k");
    const hash = await wholeHash(page, first);
    await scrubTo(page, 0.6);
    await settle(page);
    const [at, shown] = [await clock(page), await picture(page)];
    const path = page.url().slice(inject("pages").length);
    await page.close();

    const again = await openLab(path);
    expect(await wholeHash(again.page)).toBe(hash);
    expect(await clock(again.page)).toBe(at);
    expect(await picture(again.page)).toBe(shown);
    expect(again.errors).toEqual([]);
    await again.page.close();
  });

  test("why an election happened ends at the kill", async () => {
    const { page, errors } = await openLab();
    const first = await wholeHash(page);
    await scrubTo(page, 0.15);
    const killed = await leaderOf(page, "orders-2");
    await page.locator(`.card[data-node=${killed}]`).focus();
    await page.keyboard.press("k");
    await wholeHash(page, first);
    await page.locator(".lanes").focus();
    await page.keyboard.press("e");
    await settle(page);
    await page.waitForTimeout(800);
    await page.keyboard.press("w");
    const hops = page.locator(".why .event-told");
    expect(await hops.first().innerText()).toMatch(/now leads orders-\d, in epoch \d+/);
    expect(await hops.last().innerText()).toBe(`${killed} crashes`);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("two kills at one moment are both drawn, however fast they are asked for", async () => {
    const { page, errors } = await openLab(short);
    for (const node of ["b1", "b3"]) {
      await page.locator(`.card[data-node=${node}]`).focus();
      await page.keyboard.press("k");
    }
    await wholeHash(page);
    await settle(page);
    const states = page.locator(".card.kind-broker .card-state");
    const shown = await states.evaluateAll((all) => all.map(({ textContent }) => textContent));
    expect(shown).toEqual(["crashed", "up", "crashed"]);
    expect(await page.locator(".sentence").innerText()).toMatch(/^b3/);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("the jump to a broken promise tells what broke, and its why is not what was told before", async () => {
    const { page } = await openLab(short);
    await settle(page);
    await page.locator(".lanes").focus();
    await page.keyboard.press("v");
    const sentence = page.locator(".narration .sentence");
    await expect.poll(() => sentence.innerText()).toMatch(/^Broken, not promised: /);
    const event = await page.locator(".narration").getAttribute("data-event");
    await page.keyboard.press("w");
    const asked = page.locator(`.inspector [data-event="${event}"]`).first();
    await expect.poll(() => asked.count()).toBe(1);
    await page.close();
  });

  test("dialogs open and close by key, and take the keys that they show", async () => {
    const { page } = await openLab(short);
    const open = page.locator("dialog[open]");
    await page.locator(".lanes").focus();
    await page.keyboard.press("?");
    expect(await open.count()).toBe(1);
    expect(await open.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    expect(await open.evaluate((one) => one.scrollHeight > one.clientHeight)).toBe(true);
    expect(await open.locator(".help-links a").count()).toBe(2);
    const shapes = open.getByRole("list", { name: "Marks of messages" }).getByRole("listitem");
    expect((await shapes.allInnerTexts()).join(" ")).toMatch(/square: .*diamond: .*leader epoch/s);
    await page.mouse.click(20, 600);
    expect(await open.count()).toBe(0);
    const broker = page.locator(".card[data-node=b2]");
    await broker.focus();
    await page.keyboard.press("Enter");
    expect(await open.locator("[data-deed]").count()).toBeGreaterThan(2);
    await page.keyboard.press("Escape");
    expect(await open.count()).toBe(0);
    expect(await page.locator(".edited").innerText()).toBe("");
    await broker.click();
    await page.keyboard.press("Shift+K");
    expect(await open.count()).toBe(0);
    await page.waitForFunction(
      () => document.querySelector("#lab")?.shadowRoot?.querySelector(".is-powerLost") !== null,
    );
    await page.close();
  });

  test("a scenario that only its link knows can have another seed", async () => {
    const mine = fromLibrary("acks-1");
    const { page, errors } = await openLab(`/${fragmentOf({ ...mine, name: "mine" })}`);
    const first = await wholeHash(page);
    expect(await page.locator(".bar > select").inputValue()).toBe("mine");
    await page.locator(".seed").fill("another");
    await page.keyboard.press("Enter");
    expect(await wholeHash(page, first)).not.toBe(first);
    expect(await page.locator(".bar > select").inputValue()).toBe("mine");
    expect(errors).toEqual([]);
    await page.close();
  });

  test("a jump that leads nowhere, and a key that another partition has, are answered", async () => {
    const { page } = await openLab("/#scenario=first-light&t=11000");
    await page.getByRole("button", { name: "Broken" }).click();
    await expect
      .poll(() => page.locator(".notice p").innerText())
      .toBe("No broken promise comes later.");
    await page.locator(".lanes").focus();
    await page.keyboard.press("/");
    const field = page.getByRole("textbox", { name: "Offset or key", exact: true });
    await expect.poll(() => field.evaluate((one) => one.matches(":focus"))).toBe(true);
    // What stood there gives way to what is typed; first-light keeps E in a partition that is not the first.
    await page.keyboard.type("E");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator(".inspector .finder select").inputValue())
      .toBe("orders-1");
    await page.close();
  });

  test("an edit can be undone and done again", async () => {
    const { page } = await openLab(short);
    const first = await wholeHash(page);
    await scrubTo(page, 0.15);
    await page.locator(".card[data-node=b2]").focus();
    await page.keyboard.press("Shift+K");
    const edited = await wholeHash(page, first);
    await page.keyboard.press("Control+z");
    expect(await wholeHash(page, edited)).toBe(first);
    await page.keyboard.press("Control+Shift+Z");
    expect(await wholeHash(page, first)).toBe(edited);
    await page.close();
  });
});

/** Types a time into the clock. */
async function goBackTo(page: Page, at: string): Promise<void> {
  await page.locator(".clock").fill(at);
  await page.keyboard.press("Enter");
  await settle(page);
}
