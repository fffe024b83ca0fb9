// <highwater-sim> on a page that is made of it: two at once, a region alone, a mistake in place, and what it tells.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge, library, parseScenario, type Scenario } from "#sim";
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

const twoRuns = { timeout: 120_000 };
test(
  "two on one page make their own runs, and what is done to one leaves the other alone",
  twoRuns,
  async () => {
    const { page, errors } = await openPage(browser, "/embed/");
    const whole = await hashOf(page, "whole");
    expect(whole).toBe(expected("first-light"));
    // Far below: it is made only when somebody comes near.
    await page.locator("#logs").evaluate((sim) => sim.scrollIntoView());
    const logs = await hashOf(page, "logs");
    expect(logs).toBe(expected("acks-1"));
    const other = (): Promise<readonly [number, string]> =>
      page.evaluate(() => {
        const sim = document.querySelector("#logs") as HighwaterSim;
        return [sim.at, sim.snapshot()] as const;
      });
    const [at, shown] = await other();
    expect(shown.length).toBeGreaterThan(1000);
    await page.locator("#whole").evaluate((sim) => sim.scrollIntoView());
    // By keys, by method, and by the run itself.
    await page.locator("#whole .lanes").focus();
    for (const key of ["PageDown", "ArrowRight", "Shift+ArrowRight", "w"])
      await page.keyboard.press(key);
    await page.evaluate(() => {
      const sim = document.querySelector("#whole") as HighwaterSim;
      sim.setAttribute("theme", "dark");
    });
    await hashOf(page, "whole");
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
    expect(await other()).toEqual([at, shown]);
    expect(errors).toEqual([]);
    await page.close();
  },
);

test("shows one region alone, gives nothing of the future away, and another time on paper", async () => {
  const { page } = await openPage(browser, "/embed/");
  await page.locator("#logs").evaluate((sim) => sim.scrollIntoView());
  await hashOf(page, "logs");
  const logs = page.locator("#logs");
  await expect.poll(() => logs.locator(".lab > .logs .strips").isVisible()).toBe(true);
  await expect.poll(() => logs.locator(".lab > .stage").isVisible()).toBe(false);
  await expect.poll(() => logs.locator(".lab > .guarantees").isVisible()).toBe(false);
  // The one cut strikes at 4,000 ms; the election and the truncation that follow are not told yet.
  await expect.poll(() => logs.locator(".lanes .fault-bars rect").count()).toBe(1);
  await expect.poll(() => logs.locator(".lanes .turn").count()).toBe(0);
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
    .toMatch(
      /^scenario: none is named no-such-thing; there are first-light, .*: failover, chains,/,
    );
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

/** In the page: all that an element holds at a time, with the list of events and the space–time diagram open. */
async function veiledContent(page: Page, scenario: Scenario, atMs: number): Promise<string> {
  const id = await page.evaluate(
    ([run, at]) => {
      const sim = document.createElement("highwater-sim") as HighwaterSim;
      sim.id = `veiled-${document.querySelectorAll("highwater-sim").length}`;
      sim.setAttribute("spoilers", "hide");
      sim.setAttribute("density", "debug");
      sim.setAttribute("at", String(at));
      sim.style.cssText = "display:block;width:1280px;height:720px;position:fixed;inset:0";
      sim.scenario = run;
      document.body.append(sim);
      return sim.id;
    },
    [scenario, atMs] as const,
  );
  await hashOf(page, id);
  const sim = page.locator(`#${id}`);
  await sim.locator(".lab").focus();
  await page.keyboard.press("i");
  await sim.locator(".inspector .event[data-event]").first().waitFor();
  await sim.locator(".st-row").first().waitFor();
  // A halo tells for a second what has just changed.
  await page.waitForTimeout(1500);
  const content = await sim.locator(".lab").evaluate((lab) => {
    const copy = lab.cloneNode(true) as Element;
    // The run's own name: it tells two runs apart, not what happens in them.
    copy.querySelector(".fingerprint")?.remove();
    return copy.outerHTML.replaceAll("><", ">\n<");
  });
  await sim.evaluate((element) => element.remove());
  return content;
}

const fourRuns = { timeout: 180_000 };
test(
  "with spoilers hidden, two runs that are still the same look the same in every panel",
  fourRuns,
  async () => {
    const { page, errors } = await openPage(browser, "/embed/");
    await hashOf(page, "whole");
    const scenario = library.get("acks-1")?.() as Scenario;
    for (const [atMs, least] of [
      [3000, 0],
      [5520, 5],
    ] as const) {
      const then = (type: "crash" | "powerLoss", node: string): Scenario => {
        const fault = { type, atMs: atMs + 1, target: { node } };
        return parseScenario({ ...scenario, faults: [...scenario.faults, fault] });
      };
      const one = await veiledContent(page, then("crash", "b1"), atMs);
      expect(one).toContain(`${atMs.toLocaleString("en")}.000 ms`);
      expect(one.split('class="st-line').length).toBeGreaterThan(least);
      expect(await veiledContent(page, then("powerLoss", "b2"), atMs)).toBe(one);
    }
    expect(errors).toEqual([]);
    await page.close();
  },
);

test("with faults named, a reader can break that and nothing else; the page can do what it likes", async () => {
  const { page } = await openPage(browser, "/embed/");
  const before = await hashOf(page, "whole");
  await page.locator("#whole").evaluate((sim) => sim.setAttribute("faults", "crash cut"));
  expect(await hashOf(page, "whole")).toBe(before);
  const sim = page.locator("#whole");
  await sim.locator(".card[data-node=b1]").click();
  const menu = sim.locator("dialog[open]");
  await expect
    .poll(() => menu.locator(".deed-label").allTextContents())
    .toEqual(["Kill", "Isolate"]);
  await page.keyboard.press("Escape");
  await sim.locator(".card[data-node=b1]").focus();
  await page.keyboard.press("z");
  await expect
    .poll(() => sim.locator(".notice").first().textContent())
    .toContain("what can: crash, cut");
  expect(await hashOf(page, "whole")).toBe(before);
  await page.evaluate(() => {
    const one = document.querySelector<HighwaterSim>("#whole");
    one?.fork([{ type: "pause", atMs: one.at, target: { node: "b1" } }]);
  });
  await expect.poll(() => hashOf(page, "whole")).not.toBe(before);
  await sim.evaluate((one) => one.setAttribute("faults", "sneeze"));
  await expect
    .poll(() => sim.locator(".problem").textContent())
    .toMatch(/^faults: some of crash, .*not sneeze$/);
  await page.close();
});

test("takes colours and the look of its regions from the page", async () => {
  const { page } = await openPage(browser, "/embed/");
  await hashOf(page, "whole");
  await page.addStyleTag({
    content:
      "#whole { --hw-ink: rgb(1, 2, 3) } #whole::part(narration) { text-transform: uppercase }",
  });
  const styleOf = (part: string, name: string): Promise<string> =>
    page
      .locator(`#whole ${part}`)
      .first()
      .evaluate((one, property) => getComputedStyle(one).getPropertyValue(property), name);
  await expect.poll(() => styleOf(".lab", "color")).toBe("rgb(1, 2, 3)");
  expect(await styleOf(".sentence", "text-transform")).toBe("uppercase");
  expect(await styleOf(".guarantee .promise", "text-transform")).toBe("none");
  await page.close();
});
