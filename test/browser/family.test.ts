// Scenarios drawn from a seed: in the lab and by the element, with what draws loaded only when it is asked for.
import { gzipSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { families, judge, library, type Scenario } from "#sim";
import type { HighwaterSim } from "../../viz/element.ts";
import { launchBrowser } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const hashOf = (scenario: Scenario | undefined): string => {
  if (scenario === undefined) throw new RangeError("there is no such scenario");
  return judge(scenario).result.hash;
};
const drawn = (family: string, seed: string): Scenario | undefined => families.get(family)?.(seed);

/** The script that draws. */
const drawing = /\/assets\/families-[^/]+\.js$/;

interface Opened {
  readonly page: Page;
  readonly errors: readonly string[];
  /** How often the script that draws was asked for. */
  asked(): number;
}

async function open(path: string, viewport = { width: 1280, height: 720 }): Promise<Opened> {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  let asked = 0;
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    if (drawing.test(request.url())) asked += 1;
  });
  await page.goto(inject("pages") + path);
  return { page, errors, asked: () => asked };
}

const chooser = (page: Page): Locator =>
  page.getByRole("combobox", { name: "Scenario", exact: true });
const chosen = (page: Page): Promise<string> => chooser(page).inputValue();
const standing = (page: Page): Promise<string> => page.locator(".edited").innerText();

test("the lab draws from a family, and from another seed of it, and is edited from there", async () => {
  const { page, errors, asked } = await open("/#scenario=acks-1");
  const first = await wholeHash(page);
  expect(asked()).toBe(0);
  await chooser(page).selectOption("storm");
  const storm = await wholeHash(page, first);
  expect(storm).toBe(hashOf(drawn("storm", "1")));
  expect(asked()).toBe(1);

  await page.locator(".seed").fill("7");
  await page.keyboard.press("Enter");
  const seventh = await wholeHash(page, storm);
  expect(seventh).toBe(hashOf(drawn("storm", "7")));
  await expect.poll(() => chosen(page)).toBe("storm");
  await expect.poll(() => standing(page)).toBe("drawn");
  expect(asked()).toBe(1);

  await page.locator(".card[data-node=b2]").focus();
  await page.keyboard.press("k");
  await wholeHash(page, seventh);
  await expect.poll(() => standing(page)).toBe("edited");
  await page.keyboard.press("Control+z");
  await expect.poll(() => standing(page)).toBe("drawn");
  expect(await wholeHash(page)).toBe(seventh);

  // The link holds what was drawn: whoever opens it has nothing to draw.
  await expect.poll(() => page.url()).toContain(seventh);
  const again = await open(page.url().slice(inject("pages").length));
  expect(await wholeHash(again.page)).toBe(seventh);
  expect(again.asked()).toBe(0);
  expect([...errors, ...again.errors]).toEqual([]);
  await again.page.close();
  await page.close();
});

test("a scenario chosen after a drawn one is the library's again", async () => {
  const { page } = await open("/#scenario=acks-1", { width: 390, height: 844 });
  const first = await wholeHash(page);
  await chooser(page).selectOption("chains");
  const chains = await wholeHash(page, first);
  expect(chains).toBe(hashOf(drawn("chains", "1")));
  await chooser(page).selectOption("acks-1");
  expect(await wholeHash(page, chains)).toBe(first);
  await expect.poll(() => page.url()).toContain("#scenario=acks-1&seed=1");
  await page.close();
});

test("without what draws the run stays, and a notice says so", async () => {
  const { page } = await open("/#scenario=acks-1");
  const first = await wholeHash(page);
  await page.route(drawing, (route) => route.abort());
  await chooser(page).selectOption("storm");
  const notice = page.getByLabel("Notice").getByRole("status");
  await expect
    .poll(() => notice.innerText())
    .toMatch(/^storm is not drawn\. .*could not be loaded/);
  await expect.poll(() => chosen(page)).toBe("acks-1");
  expect(await wholeHash(page)).toBe(first);
  await page.close();
});

/** Puts an element on the page of elements, in the place of all others. */
const addSim = (page: Page, scenario: string, seed: string): Promise<void> =>
  page.evaluate(
    ([name, text]) => {
      const sim = document.createElement("highwater-sim");
      sim.id = "drawn";
      sim.setAttribute("scenario", name);
      sim.setAttribute("seed", text);
      document.querySelector("main")?.replaceChildren(sim);
    },
    [scenario, seed] as const,
  );

const simHash = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.querySelector<HighwaterSim>("#drawn")?.hash);

test("the element draws from a family, and makes what it is set to while that comes", async () => {
  const { page, errors, asked } = await open("/embed/");
  await page.waitForFunction(() => customElements.get("highwater-sim") !== undefined);
  expect(asked()).toBe(0);
  await addSim(page, "storm", "7");
  await expect.poll(() => simHash(page), { timeout: 30_000 }).toBe(hashOf(drawn("storm", "7")));
  expect(asked()).toBe(1);
  const sim = page.locator("#drawn");
  // Too little room for a bar, but its chooser knows.
  await expect.poll(() => sim.locator("select[aria-label=Scenario]").inputValue()).toBe("storm");
  await sim.evaluate((element) => {
    element.setAttribute("scenario", "chains");
    element.setAttribute("scenario", "acks-1");
    element.setAttribute("seed", "1");
  });
  await expect
    .poll(() => simHash(page), { timeout: 30_000 })
    .toBe(hashOf(library.get("acks-1")?.()));
  expect(errors).toEqual([]);
  await page.close();
});

test("what the element loads at once is under 200 kB compressed", async () => {
  const page = await browser.newPage();
  const scripts = new Map<string, Promise<Buffer>>();
  page.on("response", (response) => {
    const url = response.url();
    const isWorker = /\/assets\/(export-)?worker-[^/]+\.js$/.test(url);
    if (url.endsWith(".js") && !isWorker) scripts.set(url, response.body());
  });
  await page.goto(`${inject("pages")}/embed/`);
  await page.waitForFunction(
    () => document.querySelector<HighwaterSim>("#whole")?.hash !== undefined,
  );
  const bodies = await Promise.all(scripts.values());
  const bytes = bodies.map((body) => gzipSync(body).length);
  expect(bytes.length).toBeGreaterThan(2);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
  await page.close();
});
