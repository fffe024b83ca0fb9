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
