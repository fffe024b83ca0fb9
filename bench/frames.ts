/*
 * What a frame costs while a run plays with 10, 100 and 1,000 messages in flight, in Chromium, on the built page: the
 * time from one frame to the next, beside that of an empty page in the same browser, and the script in it.
 */
import { cpus, loadavg } from "node:os";
import type { Browser, Page } from "playwright-core";
import { fragmentOf, parseScenario, type Scenario } from "#sim";
import { inBrowser, isWhole, openPage } from "./lab-page.ts";
import { median, ratio } from "./measure.ts";

/** What a frame may take for an eye to see 60 of them in a second, and how much of it script may be. */
const frameBoundMs = 17;
const scriptBoundMs = 6;
const frames = 240;
const playFromMs = 4000;
const longest = 15 * 60_000;

/**
 * Each broker leads a partition and follows all others, and nobody waits long for news: between any two of them one
 * question or answer is always under way, for as long as the network takes.
 */
const inFlight = (messages: number): Scenario => {
  const brokers = Math.ceil((1 + Math.sqrt(1 + 4 * messages)) / 2);
  return parseScenario({
    version: 1,
    name: `${messages} in flight`,
    seed: "bench",
    durationMs: 6000,
    cluster: {
      brokers: Array.from({ length: brokers }, (_, i) => ({ id: i + 1 })),
      controllers: [{ id: 101 }],
      config: { "replica.fetch.wait.max.ms": 1 },
    },
    network: { latencyUs: [100_000, 200_000], splitPercent: 0 },
    topics: [{ name: "orders", partitions: brokers, replicationFactor: brokers }],
    workload: {
      producers: [
        { name: "p1", topic: "orders", startMs: 3000, endMs: 6000, intervalMs: [20, 20], keys: 26 },
      ],
    },
  });
};

/** Prints milliseconds and ratios to the empty page's frame. One size alone: BENCH_FRAMES=1000. */
export async function benchFrames(): Promise<void> {
  const asked = process.env["BENCH_FRAMES"];
  const sizes = asked === undefined ? [10, 100, 1000] : [Number(asked)];
  await inBrowser(async (browser, lab) => {
    console.log(
      `Frames of the lab while it plays, Chromium rendering in software on ${cpus().length} cores (load ${loadavg()[0]?.toFixed(1)}), ${frames} frames each`,
    );
    const empty = await emptyFrame(browser);
    console.log(`  an empty page: a frame every ${empty.toFixed(1)} ms (median)`);
    for (const size of sizes) await measure(browser, lab, size, empty);
  });
}

async function emptyFrame(browser: Browser): Promise<number> {
  const page = await openPage(browser);
  await page.addInitScript(recordFrames);
  await page.goto("data:text/html,<p>empty");
  await page.evaluate(() => {
    const again = (): void => void requestAnimationFrame(again);
    again();
  });
  const { between } = await take(page);
  await page.close();
  return median(between);
}

async function measure(browser: Browser, lab: string, size: number, empty: number): Promise<void> {
  const page = await openPage(browser);
  await page.addInitScript(recordFrames);
  await page.goto(lab + fragmentOf(inFlight(size), { atMs: playFromMs }));
  await page.waitForFunction(isWhole, undefined, { timeout: longest });
  await page.locator(".lanes").focus();
  await page.locator("button.pace").click();
  await page.locator(".lanes").focus();
  await page.keyboard.press(" ");
  const spent = await processorTime(page);
  const { between, scripts, underWay } = await take(page);
  const { script: own, all } = await spent();
  const [frame, script] = [median(between), median(scripts)];
  const late = between.toSorted((a, b) => a - b)[Math.floor(between.length * 0.95)] ?? NaN;
  console.log(
    `  ${size} asked for, ${median(underWay)} in flight: a frame every ${frame.toFixed(1)} ms, ${ratio(frame, empty)} the empty page's (bound ${frameBoundMs} ms: ${ratio(frame, frameBoundMs)}; 95 of 100 within ${late.toFixed(1)} ms)`,
  );
  console.log(
    `    script in it ${script.toFixed(1)} ms (bound ${scriptBoundMs} ms: ${ratio(script, scriptBoundMs)})`,
  );
  console.log(
    `    of processor time, whoever else wants the cores: script ${own.toFixed(1)} ms, the page's thread in all ${all.toFixed(1)} ms a frame`,
  );
  await page.close();
}

/** What the page's thread has computed since, per frame: waiting for a core does not count. */
async function processorTime(page: Page): Promise<() => Promise<{ script: number; all: number }>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async (): Promise<{ script: number; all: number; drawn: number }> => {
    const { metrics } = await session.send("Performance.getMetrics");
    const seconds = (wanted: string): number =>
      metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    const drawn = await page.evaluate(() => (globalThis as unknown as Recorder).drawn);
    return { script: seconds("ScriptDuration"), all: seconds("TaskDuration"), drawn };
  };
  const before = await read();
  return async () => {
    const after = await read();
    const frame = 1000 / (after.drawn - before.drawn);
    return {
      script: (after.script - before.script) * frame,
      all: (after.all - before.all) * frame,
    };
  };
}

interface Frames {
  readonly between: number[];
  readonly scripts: number[];
  readonly underWay: number[];
}

/** Lets the first frames go by, and returns the next. */
async function take(page: Page): Promise<Frames> {
  await page.waitForTimeout(500);
  await page.evaluate(() => (globalThis as unknown as Recorder).recorded.splice(0));
  const enough = (wanted: number): boolean =>
    (globalThis as unknown as Recorder).recorded.length > wanted;
  await page.waitForFunction(enough, frames, { timeout: longest, polling: 200 });
  const taken = await page.evaluate(() => (globalThis as unknown as Recorder).recorded);
  const between = taken.slice(1).map(({ at }, index) => at - (taken[index]?.at ?? NaN));
  return {
    between,
    scripts: taken.map(({ script }) => script),
    underWay: taken.map(({ underWay }) => underWay),
  };
}

interface Recorder {
  recorded: { at: number; script: number; underWay: number }[];
  /** All frames so far. */
  drawn: number;
}

/* In the page. */

/** Every frame that somebody asks for is timed. */
function recordFrames(): void {
  const recorder = globalThis as unknown as Recorder;
  recorder.recorded = [];
  recorder.drawn = 0;
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (draw) =>
    ask((at) => {
      const began = performance.now();
      draw(at);
      const script = performance.now() - began;
      recorder.drawn += 1;
      const canvas = document.querySelector("#lab")?.shadowRoot?.querySelector("canvas");
      recorder.recorded.push({ at, script, underWay: Number(canvas?.dataset["underWay"] ?? 0) });
    });
}
