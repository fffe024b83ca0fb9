import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import workers from "node:worker_threads";
import { defaultScenario, library, runScenario } from "#sim";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "vite";
import { launchBrowser, openPage } from "../support/browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Program {
  readonly hashes: { hashesOf(seeds: readonly string[]): readonly string[] };
}

const seeds = Array.from({ length: 50 }, (_, index) => String(index + 1));

/** The program that runs scenarios, as one script that leaves `hashes` in a page or a worker. */
async function program(): Promise<string> {
  const entry = new URL("./entries/hashes.ts", import.meta.url).pathname;
  const lib = { entry, formats: ["iife" as const], name: "hashes" };
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { lib, write: false, minify: false },
  });
  const [bundle] = Array.isArray(built) ? built : [];
  const [chunk] = bundle?.output ?? [];
  if (chunk?.type !== "chunk") throw new Error("nothing was built");
  return chunk.code;
}

async function inProcess(): Promise<unknown> {
  const entry = join(import.meta.dirname, "entries", "print-hashes.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", entry, ...seeds],
    { cwd: join(import.meta.dirname, "..", "..") },
  );
  return JSON.parse(stdout);
}

function inNodeWorker(code: string): Promise<unknown> {
  const answer = `require("node:worker_threads").parentPort.postMessage(hashes.hashesOf(${JSON.stringify(seeds)}));`;
  const worker = new workers.Worker(`${code}\n${answer}`, { eval: true });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** In the page itself, and in a worker that it starts. */
async function inChromium(code: string): Promise<{ page: unknown; worker: unknown }> {
  const { page } = await openPage(browser, "/slides/");
  await page.addScriptTag({ content: code });
  const answers = await page.evaluate(
    async ([script, wanted]) => {
      const answer = `postMessage(hashes.hashesOf(${JSON.stringify(wanted)}));`;
      const url = URL.createObjectURL(new Blob([`${script}\n${answer}`]));
      const worker = new Worker(url);
      const heard = new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      });
      const own = (globalThis as unknown as Program).hashes.hashesOf(wanted);
      return { page: own, worker: await heard };
    },
    [code, seeds] as const,
  );
  await page.close();
  return answers;
}

describe("same scenario, one hash", () => {
  test("the lab's worker comes to the hash that Node comes to", async () => {
    const { page, errors } = await openPage(browser, "/");
    await page.locator(".fingerprint", { hasText: /^[0-9a-f]{16}$/ }).waitFor();
    const scenario = library.get(defaultScenario)?.();
    if (scenario === undefined) throw new Error("there is no default scenario");
    expect(await page.locator(".fingerprint").innerText()).toBe(runScenario(scenario).hash);
    expect(errors).toEqual([]);
    await page.close();
  });

  test(
    "the default run and fifty drawn ones, in two processes, two kinds of worker and a page",
    { timeout: 120_000 },
    async () => {
      const code = await program();
      const [one, other] = await Promise.all([inProcess(), inProcess()]);
      const [worker, chromium] = await Promise.all([inNodeWorker(code), inChromium(code)]);
      expect(new Set(one as readonly string[]).size).toBe(seeds.length + 1);
      expect({ other, worker, chromium }).toEqual({
        other: one,
        worker: one,
        chromium: { page: one, worker: one },
      });
    },
  );
});
