import { parentPort, workerData } from "node:worker_threads";
import type { FlawId } from "#core";
import { find } from "./find.ts";
import { loadModules } from "./modules.ts";
import { judgeSeed } from "./sweep-job.ts";

interface Task {
  readonly asked: string;
  readonly flaws: readonly FlawId[];
  readonly claim: readonly string[];
  readonly modules: readonly string[];
}

const { asked, flaws, claim, modules } = workerData as Task;
await loadModules(modules);
const found = find(asked, "family", flaws);

parentPort?.on("message", (seed: string) => {
  try {
    parentPort?.postMessage(judgeSeed(found.scenario(seed), seed, claim));
  } catch (error) {
    // An error of the simulator itself: whoever looks for it needs the seed.
    throw new Error(`Seed ${seed} of ${asked} ended in ${String(error)}`, { cause: error });
  }
});
