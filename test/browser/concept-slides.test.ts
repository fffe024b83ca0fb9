// The concept slides: a press moves the slide's simulation, and what it draws there is what the trace tells.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TraceEvent, runScenario } from "#sim";
import { slideRuns } from "../../slides/runs/runs.ts";
import type { HighwaterSim } from "../../viz/element.ts";
import { launchBrowser, openPage } from "../support/browser.ts";

const concepts = [
  { slide: "topic", run: "topic" },
  { slide: "keys", run: "partition" },
  { slide: "bookmarks", run: "offset" },
  { slide: "replication", run: "replication" },
  { slide: "n-minus-one", run: "guarantees" },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What stands on the screen or in the trace, in the same words. */
interface Shown {
  /** `orders-0 b1`, to how many records of it are in the log. */
  readonly records: Readonly<Record<string, number>>;
  /** Offsets of which a producer was told, by partition. */
  readonly told: Readonly<Record<string, number>>;
  /** Who leads, by partition. */
  readonly leaders: Readonly<Record<string, string>>;

  readonly crashed: readonly string[];
}

/** Told by the events up to a time, without the lab's own fold. */
function inTrace(events: readonly TraceEvent[], atMs: number): Shown {
  const records: Record<string, number> = {};
  const told: Record<string, number> = {};
  const leaders: Record<string, string> = {};
  const crashed: string[] = [];
  for (const event of events.filter(({ at }) => at <= atMs * 1000)) {
    if (event.type === "down" && event.how === "crash") crashed.push(event.node);
    if (event.type === "result" && event.outcome.type === "acknowledged") {
      const { partition } = event.outcome;
      told[partition] = (told[partition] ?? 0) + 1;
    }
    if (event.type !== "note") continue;
    const { event: note } = event;
    if (note.type === "partitionChanged") leaders[note.partition] = `b${note.leader}`;
    if (note.type === "appended" && note.partition.startsWith("orders-")) {
      const log = `${note.partition} ${event.node}`;
      records[log] = (records[log] ?? 0) + note.next - note.base;
    }
  }
  return { records, told, leaders, crashed };
}

/** In the page: what the present slide's simulation draws. */
function onScreen(): Shown & { readonly at: number | undefined } {
  const sim = document.querySelector<HighwaterSim>("section.present highwater-sim");
  const lab = sim?.shadowRoot?.querySelector(".frame")?.shadowRoot;
  // A region that the slide does not show is there all the same.
  const all = (selector: string): readonly Element[] =>
    [...(lab?.querySelectorAll(selector) ?? [])].filter(
      (element) => element.getClientRects().length > 0,
    );
  const records: Record<string, number> = {};
  const told: Record<string, number> = {};
  const leaders: Record<string, string> = {};
  const crashed = new Set<string>();
  for (const partition of all(".partition")) {
    const name = partition.getAttribute("data-partition") ?? "";
    const ticks = partition.querySelectorAll(".told-kept").length;
    if (ticks > 0) told[name] = ticks;
    for (const row of partition.querySelectorAll(".replica")) {
      const node = row.getAttribute("data-node") ?? "";
      const cells = row.querySelectorAll(".live .cell").length;
      if (cells > 0) records[`${name} ${node}`] = cells;
      if (row.querySelector(".row-star")?.getAttribute("visibility") === "visible")
        leaders[name] = node;
      if (row.querySelector(".row-ground.is-down") !== null) crashed.add(node);
    }
  }
  for (const badge of all(".badge.is-leader")) {
    const partition = badge.querySelector(".badge-name")?.textContent ?? "";
    leaders[partition] = badge.closest("[data-node]")?.getAttribute("data-node") ?? "";
  }
  return { at: sim?.at, records, told, leaders, crashed: [...crashed].sort() };
}

const pictureText = (page: Page): Promise<string> =>
  page.evaluate(
    () => document.querySelector<HighwaterSim>("section.present highwater-sim")?.snapshot() ?? "",
  );

test.each(concepts)("$slide: pressing on and back shows what the trace tells", async (concept) => {
  const make = slideRuns.get(concept.run);
  if (make === undefined) throw new RangeError(`the deck has no run ${concept.run}`);
  const events: TraceEvent[] = [];
  const { hash } = runScenario(make(), { listeners: [(event) => void events.push(event)] });

  const { page, errors } = await openPage(browser, `/slides/#/${concept.slide}`);
  const host = page.locator("section.present .simulation");
  await page.locator(`section.present .caption[data-hash="${hash}"]`).waitFor({
    state: "attached",
  });
  const [at, steps, view] = await host.evaluate((element: HTMLElement) => [
    element.dataset["at"] ?? "",
    element.dataset["steps"] ?? "",
    element.dataset["view"] ?? "",
  ]);
  const moments = [at, ...(steps ?? "").split(" ")].map(Number);
  expect(moments.length).toBeGreaterThan(3);
  const agrees = async (moment: number): Promise<void> => {
    const { records, told, leaders, crashed } = inTrace(events, moment);
    const expected =
      view === "stage"
        ? { at: moment, records: {}, told: {}, leaders, crashed: [] }
        : { at: moment, records, told, leaders, crashed };
    await expect.poll(() => page.evaluate(onScreen), { timeout: 20_000 }).toEqual(expected);
  };

  const pictures: string[] = [];
  for (const [step, moment] of moments.entries()) {
    if (step > 0) await page.keyboard.press("ArrowRight");
    await agrees(moment);
    pictures.push(await pictureText(page));
  }
  expect(new Set(pictures).size).toBe(pictures.length);
  for (let step = moments.length - 2; step >= 0; step -= 1) {
    await page.keyboard.press("ArrowLeft");
    await agrees(moments[step] ?? -1);
    expect(await pictureText(page)).toBe(pictures[step]);
  }
  expect(errors).toEqual([]);
  await page.close();
});

test("a press that comes before the run is there is not lost", async () => {
  const { page } = await openPage(browser, "/slides/#/replication");
  await page.waitForSelector(".reveal.ready");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await page.evaluate(onScreen)).at, { timeout: 20_000 }).toBe(1725);
  await page.close();
});

test("only the simulation of the slide that is shown is there, and it comes back where it was", async () => {
  const { page } = await openPage(browser, "/slides/#/replication/2");
  await expect.poll(async () => (await page.evaluate(onScreen)).at, { timeout: 20_000 }).toBe(1745);
  await page.evaluate(() => (location.hash = "#/n-minus-one"));
  await expect.poll(async () => (await page.evaluate(onScreen)).at, { timeout: 20_000 }).toBe(2800);
  expect(await page.locator("highwater-sim").count()).toBe(1);
  await page.evaluate(() => (location.hash = "#/replication/2"));
  await expect.poll(async () => (await page.evaluate(onScreen)).at, { timeout: 20_000 }).toBe(1745);
  await page.close();
});
