// What the stage shows of links, nodes and messages, against what the trace says at the same moment.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fault, fragmentOf, library, parseScenario, runScenario, type TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { goTo, wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const phone = { width: 390, height: 844 };

/** A small run with these faults, and what its trace says. */
function runWith(faults: readonly Fault[]) {
  const make = library.get("first-light");
  if (make === undefined) throw new RangeError("the library has no first-light");
  const scenario = { ...parseScenario(make()), name: "stage", faults };
  const events: TraceEvent[] = [];
  runScenario(scenario, { listeners: [(event) => void events.push(event)] });
  return { scenario, events };
}

async function at(
  { scenario }: ReturnType<typeof runWith>,
  atMs: number,
  viewport = { width: 1280, height: 720 },
): Promise<Page> {
  const { page } = await openPage(browser, `/${fragmentOf(scenario)}`, viewport);
  await wholeHash(page);
  await goTo(page, atMs);
  return page;
}

/** How many messages the trace has stopped by then, but for heartbeats: on their way, with no arrival planned. */
function heldAt(events: readonly TraceEvent[], atMs: number): number {
  const held = new Set<number>();
  for (const event of events) {
    if (event.at > atMs * 1000) break;
    if (event.type === "sent" && event.api !== "BrokerHeartbeat" && event.arrival === null)
      held.add(event.seq);
    if (event.type === "delayed" && event.arrival === null) held.add(event.message);
    if (event.type === "lost" || (event.type === "delayed" && event.arrival !== null))
      held.delete(event.message);
  }
  expect(held.size).toBeGreaterThan(0);
  return held.size;
}

/** Each direction that is drawn by itself or as a whole link: how it fares, and the event that it names. */
const drawnStrands = (page: Page, link: string): Promise<readonly (string | null)[][]> =>
  page
    .locator(`.lab > .stage [data-link="${link}"] .strand`)
    .evaluateAll((strands) =>
      strands.map((strand) => [strand.getAttribute("class"), strand.getAttribute("data-event")]),
    );

describe("a cut of one way", () => {
  const made = runWith([
    {
      type: "cut",
      atMs: 4000,
      forMs: 1500,
      between: [{ node: "b3" }, { node: "b1" }],
      oneWay: true,
    },
  ]);
  const cut = made.events.find(({ type }) => type === "linkCut");
  if (cut?.type !== "linkCut") throw new RangeError("nothing was cut");

  test("is drawn apart from the way that is open, and said by link, nodes and narration", async () => {
    expect(cut).toMatchObject({ node: "b3", peer: "b1", oneWay: true });
    const page = await at(made, 4500);
    await expect
      .poll(() => drawnStrands(page, "b1|b3"))
      .toEqual([
        ["strand is-open is-one-way", null],
        ["strand is-cut is-one-way", String(cut.seq)],
      ]);
    const link = page.locator('.lab > .stage [data-link="b1|b3"]');
    expect(await link.getAttribute("aria-label")).toBe("Nothing passes from b3 to b1");
    const label = (node: string) =>
      page.locator(`.lab > .stage .card[data-node=${node}]`).getAttribute("aria-label");
    expect(await label("b3")).toContain("does not reach b1");
    expect(await label("b1")).toContain("not reached by b3");
    expect(await label("b2")).not.toContain("reach");
    await expect
      .poll(() => page.locator(".lab > .stage canvas").getAttribute("data-held"))
      .toBe(String(heldAt(made.events, 4500)));
    await goTo(page, cut.at / 1000);
    await expect
      .poll(() => page.locator(".narration .sentence").innerText())
      .toContain("Nothing passes from b3 to b1");
    await goTo(page, 5600);
    await expect.poll(() => drawnStrands(page, "b1|b3")).toEqual([["strand is-open", null]]);
    await page.close();
  });

  test("is told by its direction on a phone", async () => {
    const page = await at(made, 4500, phone);
    await expect
      .poll(() => page.locator(".link-counts span").first().innerText())
      .toMatch(/^b3 → b1 cut/);
    const chip = page.locator(".chip[data-node=b3]");
    expect(await chip.getAttribute("aria-label")).toContain("does not reach b1");
    await page.close();
  });
});

describe("a network that is slow, and connections that fall silent", () => {
  const made = runWith([
    {
      type: "delay",
      atMs: 4000,
      forMs: 1500,
      between: [{ node: "b1" }, { node: "b2" }],
      addMs: [50, 100],
    },
    { type: "blackHole", atMs: 4000, between: [{ node: "b3" }, { node: "p1" }] },
  ]);
  const [delay, hole] = made.events.filter(({ type }) => type === "fault");
  const atMs = 4300;

  test("are drawn as a coil and as open ends, and said by the link and its ends", async () => {
    const page = await at(made, atMs);
    await expect
      .poll(() => drawnStrands(page, "b1|b2"))
      .toEqual([["strand is-slow", String(delay?.seq)]]);
    await expect
      .poll(() => drawnStrands(page, "b3|p1"))
      .toEqual([["strand is-silent", String(hole?.seq)]]);
    const link = (id: string) => page.locator(`.lab > .stage [data-link="${id}"]`);
    expect(await link("b1|b2").getAttribute("aria-label")).toBe(
      "The network between b1 and b2 takes 50 to 100 ms longer",
    );
    expect(await link("b3|p1").locator("title").textContent()).toContain("carry nothing");
    for (const id of ["b1|b2", "b3|p1"])
      expect(await link(id).locator(".ail").getAttribute("d")).toMatch(/^M.*a/);
    const label = await page
      .locator(".lab > .stage .card[data-node=p1]")
      .getAttribute("aria-label");
    expect(label).toContain("silent connections with b3");
    await page.close();
  });

  test("are told of a link on a phone", async () => {
    const page = await at(made, atMs, phone);
    await expect
      .poll(() => page.locator(".link-counts span").allInnerTexts())
      .toEqual(expect.arrayContaining([expect.stringMatching(/^b1 – b2 slow/)]));
    expect(await page.locator(".link-counts").innerText()).toContain("b3 – p1 silent");
    await page.close();
  });
});

describe("a slow broker, a full disk and a process that stands still", () => {
  const made = runWith([
    { type: "slow", atMs: 4000, forMs: 1500, target: { node: "b1" }, stepMs: 5 },
    { type: "clockStep", atMs: 4000, forMs: 1500, target: { node: "b2" }, byMs: 300 },
    { type: "pause", atMs: 4000, forMs: 1500, target: { node: "c2" } },
  ]);
  const [slow] = made.events.filter(({ type }) => type === "fault");

  test("are told apart by border, shape and word, and told by their cards", async () => {
    const page = await at(made, 4200);
    const card = (node: string) => page.locator(`.lab > .stage .card[data-node=${node}]`);
    await expect.poll(() => card("b1").locator(".card-state").textContent()).toBe("slow");
    expect(await card("b2").locator(".card-state").textContent()).toBe("clock off");
    expect(await card("b1").getAttribute("aria-label")).toContain("needs 5 ms more for every step");
    expect(await card("b1").locator(".card-icon").getAttribute("data-event")).toBe(
      String(slow?.seq),
    );
    const border = (node: string) =>
      card(node)
        .locator(".frame")
        .evaluate((frame) => {
          const { strokeDasharray, strokeWidth, stroke } = getComputedStyle(frame);
          const inline = frame.parentElement?.querySelector(".inline") ?? frame;
          const isDouble = inline !== frame && getComputedStyle(inline).stroke !== "none";
          return { strokeDasharray, strokeWidth, stroke, isDouble };
        });
    const [up, long, double] = [await border("b3"), await border("b1"), await border("c2")];
    expect(up).toMatchObject({ strokeDasharray: "none", isDouble: false });
    expect(long).toEqual({ ...up, strokeDasharray: "18px, 6px" });
    expect(double).toEqual({ ...up, strokeWidth: "6px", isDouble: true });
    for (const [node, isShaped] of [
      ["b1", true],
      ["b2", true],
      ["b3", false],
      ["c2", true],
    ] as const)
      expect((await card(node).locator(".card-icon").getAttribute("d")) !== "", node).toBe(
        isShaped,
      );
    await goTo(page, 5600);
    await expect.poll(() => card("b1").locator(".card-state").textContent()).toBe("up");
    expect(await border("b1")).toEqual(up);
    await page.close();
  });

  test("are told by their chips on a phone", async () => {
    const page = await at(made, 4200, phone);
    const chip = (node: string) => page.locator(`.chip[data-node=${node}]`);
    await expect.poll(() => chip("b1").innerText()).toMatch(/slow/);
    expect(await chip("b1").locator("svg").count()).toBe(1);
    expect(await chip("b3").locator("svg").count()).toBe(0);
    expect(await chip("b1").getAttribute("class")).toBe("chip is-up is-slow");
    expect(await chip("b1").getAttribute("aria-label")).toContain("needs 5 ms more for every step");
    expect(await chip("b2").innerText()).toMatch(/clock off/);
    await page.close();
  });
});

test("while time flies, the busiest links have figures of what the trace says, and the rest is summed up", async () => {
  const made = runWith([]);
  const page = await at(made, 2000);
  await page.locator(".lab").focus();
  for (let press = 0; press < 9; press += 1) await page.keyboard.press(".");
  await page.keyboard.press("Space");
  const drawn = () =>
    page.locator(".lab > .stage canvas").evaluate((canvas) => {
      const { flows = "", figures = "", flowSum = "" } = (canvas as HTMLCanvasElement).dataset;
      return { flows: flows.split(", "), figures: figures.split(", "), flowSum };
    });
  await expect.poll(async () => (await drawn()).flows.length).toBeGreaterThan(12);
  const { flows, figures, flowSum } = await drawn();
  const perSecond = new Map(flows.map((flow) => flow.split(" ") as [string, string]));
  const counts = [...perSecond.values()].map(Number).sort((a, b) => b - a);
  expect(figures.length).toBeGreaterThan(8);
  for (const figure of figures) {
    const [link = "", text] = figure.split(" ");
    expect(text).toBe(`${perSecond.get(link)}/s`);
  }
  expect(figures[0]).toContain(` ${counts[0]}/s`);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const isWhole = figures.length === flows.length;
  expect(flowSum).toBe(isWhole ? "" : `${all}/s on ${flows.length} links`);
  await page.close();
});

test("few messages have their names beside them", async () => {
  const made = runWith([]);
  const atUs = 3_000_000;
  const under = made.events.flatMap((event) =>
    event.type === "sent" &&
    event.at <= atUs &&
    event.api !== "BrokerHeartbeat" &&
    event.arrival !== null &&
    event.arrival > atUs
      ? [event.response ? `${event.api} answer` : event.api]
      : [],
  );
  expect(under.length).toBeGreaterThan(0);
  expect(under.length).toBeLessThanOrEqual(6);
  const page = await at(made, atUs / 1000);
  await expect
    .poll(() => page.locator(".lab > .stage canvas").getAttribute("data-labels"))
    .toBe(under.join(", "));
  await page.close();
});
