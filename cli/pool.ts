/*
 * Workers that judge seeds: each gets the next seed when it has answered the last.
 */
import { Worker } from "node:worker_threads";
import type { FlawId } from "#core";
import { loadedModules } from "./modules.ts";
import type { SeedReport } from "./sweep-job.ts";

export interface Pool {
  /** How many workers. */
  readonly jobs: number;
  readonly asked: string;
  /** Switched on in every scenario. */
  readonly flaws: readonly FlawId[];
  /** Guarantees that are judged as if they were promised. */
  readonly claim: readonly string[];
  /** Once it is aborted no worker gets another seed. */
  readonly stop: AbortSignal;
}

/** Judges seeds in no particular order. @throws what a worker threw */
export async function judgeAll(
  pool: Pool,
  seeds: readonly string[],
  hear: (report: SeedReport) => void,
): Promise<void> {
  const rest = seeds[Symbol.iterator]();
  const workers = Array.from({ length: Math.min(pool.jobs, seeds.length) }, () => newWorker(pool));
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const seed = pool.stop.aborted ? undefined : rest.next().value;
        if (seed === undefined) resolve();
        else worker.postMessage(seed);
      };
      worker.on("error", reject);
      worker.on("message", (report: SeedReport) => {
        hear(report);
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const newWorker = ({ asked, flaws, claim }: Pool): Worker =>
  new Worker(new URL("./sweep-worker.mjs", import.meta.url), {
    workerData: { asked, flaws, claim, modules: loadedModules() },
  });
