// How the drawing gets from one moment to the next: what moves, when, and that nothing of it stays.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runScenario, type TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { goTo, picture, wholeHash } from "../support/lab-page.ts";
import { fromLibrary } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Moving {
  readonly stage: string;
  readonly mark: string;
  readonly delay: number;
  readonly duration: number;
  readonly easing: string;
  readonly from: string;
}

/** What moves now, halos aside. */
const moving = (page: Page): Promise<readonly Moving[]> =>
  page.evaluate(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    const all = [...(lab?.querySelectorAll("*") ?? [])];
    return all.flatMap((element) =>
      element.getAnimations().flatMap(({ id, effect }) => {
        if (id === "" || !(effect instanceof KeyframeEffect)) return [];
        const { delay = 0, duration = 0, easing = "" } = effect.getTiming();
        const [first] = effect.getKeyframes();
        const mark = element.getAttribute("class") ?? element.tagName;
        const from = String(first?.["translate"]);
        return [{ stage: id, mark, delay, duration: Number(duration), easing, from }];
      }),
    );
  });

/** Opens a run right before one of its events, and steps over that. */
async function stepOver(scenario: string, event: TraceEvent): Promise<Page> {
  const { page } = await openPage(browser, `/#scenario=${scenario}`);
  await wholeHash(page);
  await goTo(page, (event.at - 1) / 1000);
  await page.locator(".lanes").focus();
  const told = page.locator(".narration");
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(60);
    if ((await told.getAttribute("data-event")) === String(event.seq)) return page;
  }
  throw new RangeError("the event is not told");
}

function eventsOf(scenario: string): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  runScenario(fromLibrary(scenario), { listeners: [(event) => void events.push(event)] });
  return events;
}

/** Whoever leaves a moment takes nothing of its motion along: what is stopped midway would stay for ever. */
async function expectLeft(page: Page): Promise<void> {
  await page.evaluate(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    for (const element of lab?.querySelectorAll("*") ?? [])
      for (const one of element.getAnimations()) if (one.id !== "") one.pause();
  });
  expect(await moving(page)).not.toEqual([]);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => moving(page)).toEqual([]);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => moving(page)).not.toEqual([]);
}

/** What a moment looks like in the end does not depend on the way to it. */
async function expectSettled(page: Page): Promise<void> {
  await expect.poll(() => moving(page)).toEqual([]);
  const shown = await picture(page);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => picture(page)).not.toBe(shown);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => moving(page)).not.toEqual([]);
  expect(await picture(page)).toBe(shown);
  await page.close();
}

const easing = "cubic-bezier(0.65, 0, 0.35, 1)";

test("a new leader is marked before its stars move, in its row and on its card", async () => {
  const election = eventsOf("first-light").find(
    (event) =>
      event.type === "note" &&
      event.event.type === "partitionChanged" &&
      event.event.why === "elected",
  );
  if (election === undefined) throw new RangeError("nobody is elected");
  const page = await stepOver("first-light", election);
  const stars = (await moving(page)).filter(({ stage }) => stage === "move");
  expect(stars.map(({ mark }) => mark).sort()).toEqual(["path", "row-star"]);
  for (const star of stars) expect(star).toMatchObject({ delay: 240, duration: 240, easing });
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => moving(page)).not.toEqual([]);
  await expectLeft(page);
  await expectSettled(page);
});

test("a high watermark slides over the offsets that it passes", async () => {
  const rises = eventsOf("first-light").filter(
    (event) =>
      event.at > 1_000_000 &&
      event.type === "note" &&
      event.event.type === "highWatermark" &&
      event.event.role === "leader" &&
      event.event.partition === "orders-0",
  );
  const [rise] = rises;
  if (rise === undefined) throw new RangeError("it never rises");
  const page = await stepOver("first-light", rise);
  const lines = (await moving(page)).filter(({ mark }) => mark.includes("high-watermark"));
  expect(lines).toEqual([
    expect.objectContaining({ stage: "move", duration: 240, easing, from: "-28px" }),
  ]);
  await expectSettled(page);
});

test("what is truncated is struck, and then falls", async () => {
  const cut = eventsOf("acks-1").find(
    (event) => event.type === "note" && event.event.type === "truncated",
  );
  if (cut === undefined) throw new RangeError("nothing is truncated");
  const page = await stepOver("acks-1", cut);
  const fallen = (await moving(page)).filter(({ stage }) => stage === "drop");
  expect(fallen.length).toBeGreaterThan(0);
  expect(fallen.length).toBe(await page.locator(".lab > .logs .ghosts .cell").count());
  for (const one of fallen) expect(one).toMatchObject({ delay: 240, duration: 240, easing });
  await expectSettled(page);
});

test("while time flies nothing moves", async () => {
  const { page } = await openPage(browser, "/#scenario=first-light&t=1000");
  await wholeHash(page);
  await page.locator(".lab").focus();
  for (let press = 0; press < 5; press += 1) await page.keyboard.press(".");
  await page.keyboard.press("Space");
  for (let look = 0; look < 6; look += 1) {
    await page.waitForTimeout(80);
    expect(await moving(page)).toEqual([]);
  }
  await page.close();
});

test("for readers who asked for less motion a step is there at once", async () => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${inject("pages")}/#scenario=first-light&t=3500`);
  await wholeHash(page);
  const election = page.getByRole("button", { name: "Election", exact: true });
  await election.click();
  await expect.poll(() => page.locator(".narration .sentence").innerText()).toMatch(/now leads/);
  expect(await moving(page)).toEqual([]);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(60);
  expect(await moving(page)).toEqual([]);
  await context.close();
});
