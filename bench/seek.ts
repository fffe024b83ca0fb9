/*
 * How long the lab takes to show another moment of a long run, in Chromium, on the built page: ten virtual minutes,
 * three brokers, a record every 20 ms. Beside the bound of 100 ms that a hand on a slider does not feel.
 */
import type { Page } from "playwright-core";
import { fragmentOf, parseScenario, type Scenario } from "#sim";
import { inBrowser, isWhole, openPage } from "./lab-page.ts";
import { median, ratio } from "./measure.ts";

const boundMs = 100;
const seeks = 100;
const longest = 30 * 60_000;

const longRun = (durationMs: number): Scenario =>
  parseScenario({
    version: 1,
    name: "long",
    seed: "bench",
    durationMs,
    cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    topics: [{ name: "orders", partitions: 3, replicationFactor: 3 }],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 5000,
          endMs: durationMs,
          intervalMs: [20, 20],
          keys: 26,
        },
      ],
      consumers: [{ name: "k1", topic: "orders", startMs: 5000 }],
    },
  });

/** Prints milliseconds, megabytes and the ratio to the bound. Shorter than ten minutes: BENCH_SEEK_MS. */
export async function benchSeek(): Promise<void> {
  const durationMs = Number(process.env["BENCH_SEEK_MS"] ?? 600_000);
  await inBrowser(async (browser, lab) => {
    const page = await openPage(browser);
    await measure(page, lab + fragmentOf(longRun(durationMs), { atMs: 6000 }), durationMs);
  });
}

async function measure(page: Page, address: string, durationMs: number): Promise<void> {
  const began = performance.now();
  await page.goto(address);
  await page.waitForFunction(drawsCells, undefined, { timeout: longest });
  const first = performance.now() - began;
  await page.waitForFunction(isWhole, undefined, { timeout: longest });
  const whole = performance.now() - began;
  const { times, bytes, events } = await page.evaluate(seekOften, { seeks, durationMs });
  const sorted = times.toSorted((a, b) => a - b);
  const [middle, worst] = [median(sorted), sorted.at(-1) ?? NaN];
  console.log(
    `The lab on ${durationMs / 1000} virtual seconds (${events}), ${seeks} seeks at random, beside ${boundMs} ms`,
  );
  console.log(`  first picture ${first.toFixed(0)} ms, whole ${(whole / 1000).toFixed(1)} s`);
  console.log(`  page's memory ${(bytes / 1_000_000).toFixed(0)} MB of JavaScript`);
  console.log(
    `  a seek ${middle.toFixed(1)} ms (worst ${worst.toFixed(1)} ms): ${ratio(boundMs, middle)} as fast as the bound, the worst ${ratio(boundMs, worst)}`,
  );
}

/* In the page. */

const drawsCells = (): boolean =>
  document.querySelector("#lab")?.shadowRoot?.querySelector(".cell") !== null;

/** Types times into the clock, and waits until each is drawn. */
async function seekOften(asked: {
  readonly seeks: number;
  readonly durationMs: number;
}): Promise<{ times: number[]; bytes: number; events: string }> {
  const lab = document.querySelector("#lab")?.shadowRoot;
  const clock = lab?.querySelector<HTMLInputElement>(".clock");
  if (!clock) throw new Error("there is no clock");
  const drawn = (): Promise<void> =>
    new Promise((resolve) => {
      // Asked for after the lab's own frame: called when that one is done.
      requestAnimationFrame(() => setTimeout(resolve, 0));
    });
  const times: number[] = [];
  let draw = 12345;
  for (let seek = 0; seek < asked.seeks; seek += 1) {
    draw = (draw * 1_103_515_245 + 12_345) % 2_147_483_648;
    const at = (draw / 2_147_483_648) * asked.durationMs;
    const began = performance.now();
    clock.value = String(at);
    clock.dispatchEvent(new Event("change"));
    await drawn();
    times.push(performance.now() - began);
    await drawn();
  }
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  const events = lab?.querySelector(".run-count")?.textContent ?? "";
  return { times, bytes: memory?.usedJSHeapSize ?? NaN, events };
}
