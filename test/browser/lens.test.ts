import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runScenario } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { fromLibrary, traceOf } from "../support/library-runs.ts";
import { withoutWorkers } from "../support/no-worker.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const settle = (page: Page): Promise<void> => page.waitForTimeout(400);

const whole = async (page: Page): Promise<string> => {
  await page.waitForFunction(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    return /^[0-9a-f]{8,}$/.test(lab?.querySelector(".fingerprint")?.textContent ?? "");
  });
  return page.locator(".fingerprint").innerText();
};

/** Every cell in the logs, as it is drawn. */
const drawnCells = (page: Page): Promise<readonly string[]> =>
  page
    .locator(".strip .cell")
    .evaluateAll((cells) =>
      cells.map((cell) => `${cell.getAttribute("data-event")} ${cell.innerHTML}`),
    );

async function goTo(page: Page, atMs: number): Promise<void> {
  await page.locator(".clock").fill(String(atMs));
  await page.keyboard.press("Enter");
  await settle(page);
}

describe("the lens", () => {
  test("shows what one broker knows, says so, and ends with Esc", async () => {
    const { page, errors } = await openPage(browser, "/#scenario=acks-1");
    await whole(page);
    // b3 is cut off, goes on leading for itself, and another leads in truth.
    await goTo(page, 5520);
    const truth = await drawnCells(page);
    expect(truth.length).toBeGreaterThan(20);
    await page.locator(".card[data-node=b3]").focus();
    await page.keyboard.press("o");
    await settle(page);
    expect(await page.locator(".lens").innerText()).toContain("With the eyes of b3");
    const unknown = page.locator(".card.is-unknown");
    expect(await unknown.count()).toBe((await page.locator(".card").count()) - 1);
    expect(await page.locator(".replica[data-node=b1] .cell").count()).toBe(0);
    expect(await page.locator(".replica[data-node=b3] .cell").count()).toBeGreaterThan(0);
    expect(await page.locator(".replica[data-node=b1] .is-behind").innerHTML()).toBe(
      "unknown to b3",
    );
    // What only an onlooker can know is not there.
    expect(await page.locator(".strip .told-kept, .strip .told-broken").count()).toBe(0);
    const strip = page.locator("svg.strip");
    expect(await strip.getAttribute("aria-label")).toContain("led by b3 in epoch 0");

    await page.keyboard.press("Escape");
    await settle(page);
    expect(await page.locator(".lens").isVisible()).toBe(false);
    expect(await drawnCells(page)).toEqual(truth);
    expect(await strip.getAttribute("aria-label")).not.toContain("led by b3");
    expect(errors).toEqual([]);
    await page.close();
  });

  test("tells only what has happened at that process, and not what an onlooker finds broken", async () => {
    const events = traceOf("acks-1");
    const { page } = await openPage(browser, "/#scenario=acks-1");
    await whole(page);
    const band = page.locator(".narration");
    const told = async (): Promise<string | undefined> =>
      events[Number(await band.getAttribute("data-event"))]?.node;
    await goTo(page, 5520);
    expect(await told()).not.toBe("b3");
    await page.locator(".card[data-node=b3]").focus();
    await page.keyboard.press("o");
    await settle(page);
    expect(await told()).toBe("b3");
    // That it is cut off it does not know.
    expect(await band.locator(".sentence").textContent()).not.toContain("hears");
    await page.keyboard.press("End");
    await settle(page);
    expect(await told()).toBe("b3");
    expect(await band.locator(".sentence").textContent()).not.toContain("Broken");
    await goTo(page, 1);
    expect(await band.locator(".sentence").textContent()).toContain("at b3 yet");
    await page.locator(".lanes").focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    await settle(page);
    expect(await band.locator(".sentence").textContent()).toContain("Broken");
    await page.close();
  });

  test("opens from a node's menu", async () => {
    const { page } = await openPage(browser, "/#scenario=acks-1");
    await whole(page);
    await page.locator(".card[data-node=p2]").click();
    await page.getByText("What it knows", { exact: true }).click();
    await settle(page);
    expect(await page.locator(".lens").innerText()).toContain("With the eyes of p2");
    expect(await page.locator(".strip .told-kept").count()).toBeGreaterThan(0);
    await page.getByText("All again", { exact: true }).click();
    await settle(page);
    expect(await page.locator(".card.is-unknown").count()).toBe(0);
    await page.close();
  });
});

describe("where a page may have no worker", () => {
  const { hash } = runScenario(fromLibrary("acks-1"));

  test.each(withoutWorkers)("the run is made on the page: %s", async (_, script) => {
    const page = await browser.newPage();
    await page.addInitScript(script);
    await page.goto(`${inject("pages")}/#scenario=acks-1`);
    expect(await whole(page)).toBe(hash);
    // A change of the run goes on from a copy of the world, as in a worker.
    await page.locator(".card[data-node=b1]").focus();
    await page.keyboard.press("k");
    await page.waitForFunction((before) => {
      const lab = document.querySelector("#lab")?.shadowRoot;
      const now = lab?.querySelector(".fingerprint")?.textContent ?? "";
      return /^[0-9a-f]{8,}$/.test(now) && now !== before;
    }, hash);
    expect(await page.locator(".card[data-node=b1] .card-state").innerHTML()).toBe("crashed");
    await page.close();
  });
});
