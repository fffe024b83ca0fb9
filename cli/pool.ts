/*
 * Workers, each with one task at a time; those of a sweep judge seeds.
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
  const workers = Array.from({ length: Math.min(pool.jobs, seeds.length) }, () => newWorker(pool));
  await handOut(workers, seeds, hear, pool.stop);
}

/**
 * Gives each worker the next task when it has answered the last, until there are no more or `stop` is aborted; then all of
 * them end. @throws what a worker threw
 */
export async function handOut<Task, Answer>(
  workers: readonly Worker[],
  tasks: Iterable<Task>,
  hear: (answer: Answer) => void,
  stop?: AbortSignal,
): Promise<void> {
  const rest = tasks[Symbol.iterator]();
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const task = stop?.aborted === true ? undefined : rest.next();
        if (task === undefined || task.done === true) resolve();
        else worker.postMessage(task.value);
      };
      worker.on("error", reject);
      worker.on("message", (answer: Answer) => {
        hear(answer);
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
