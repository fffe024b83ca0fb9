/*
 * What the lab's page loads, and how long that takes until a picture is there: in Chromium, on the built page, each
 * time in a profile of its own. Beside the bounds that a reader does not notice.
 */
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { inBrowser, openPage } from "./lab-page.ts";
import { median, ratio } from "./measure.ts";

const firstBoundMs = 1000;
const elementBoundKb = 200;
const loads = 9;

/** Prints milliseconds, kilobytes and their ratios to the bounds. */
export async function benchPage(): Promise<void> {
  await inBrowser(async (browser, lab) => {
    await firstPicture(browser, lab);
    await sizes(browser, `${lab}embed/`);
  });
}

/** From asking for the page to the first record in a log, and until the lab stands at the moment where it opens. */
async function firstPicture(browser: Browser, lab: string): Promise<void> {
  const times: number[] = [];
  const opened: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    const page = await openPage(browser);
    await page.goto(lab, { waitUntil: "commit" });
    const drawn = await page.waitForFunction(sinceAsked, undefined, { polling: "raf" });
    times.push((await drawn.jsonValue()) ?? NaN);
    const stands = await page.waitForFunction(sinceOpened, undefined, { polling: "raf" });
    opened.push((await stands.jsonValue()) ?? NaN);
    await page.context().close();
    await page.close();
  }
  const [middle, worst] = [median(times), Math.max(...times)];
  console.log(
    `The lab's first picture: ${middle.toFixed(0)} ms, median of ${loads} (worst ${worst.toFixed(0)} ms): ${ratio(firstBoundMs, middle)} as fast as ${firstBoundMs} ms`,
  );
  console.log(
    `  it stands where it opens, just before the first fault, after ${median(opened).toFixed(0)} ms`,
  );
}

/** What a page with the element asks for, compressed; the worker apart. */
async function sizes(browser: Browser, address: string): Promise<void> {
  const page = await openPage(browser);
  const scripts = new Map<string, number>();
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    void response.body().then((body) => scripts.set(response.url(), gzipSync(body).length));
  });
  await page.goto(address);
  await page.waitForFunction(
    () => document.querySelector("highwater-sim")?.shadowRoot?.querySelector(".frame") ?? undefined,
  );
  await page.waitForLoadState("networkidle");
  const kB = (isWorker: boolean): number =>
    [...scripts].reduce(
      (sum, [url, size]) => sum + (/worker/.test(url) === isWorker ? size : 0),
      0,
    ) / 1000;
  const element = kB(false);
  console.log(
    `The element: ${element.toFixed(0)} kB of script with gzip, ${ratio(element, elementBoundKb)} the bound of ${elementBoundKb} kB; its worker, the simulator, ${kB(true).toFixed(0)} kB`,
  );
  await page.close();
}

/* In the page. */

/** Milliseconds since the page was asked for, once it stands somewhere: only then has its address a moment. */
const sinceOpened = (): number | undefined =>
  location.hash === "" ? undefined : performance.now();

/** Milliseconds since the page was asked for, once a log with a record is drawn. */
const sinceAsked = (): number | undefined => {
  const lab = document.querySelector("#lab")?.shadowRoot;
  const cell = lab?.querySelector(".strip .cell") ?? undefined;
  return cell === undefined ? undefined : performance.now();
};
