import { parentPort, workerData } from "node:worker_threads";
import type { FlawId } from "#core";
import { find } from "./find.ts";
import { judgeSeed } from "./sweep-job.ts";

interface Task {
  readonly asked: string;
  readonly flaws: readonly FlawId[];
  readonly claim: readonly string[];
}

const { asked, flaws, claim } = workerData as Task;
const found = find(asked, "family", flaws);

parentPort?.on("message", (seed: string) => {
  parentPort?.postMessage(judgeSeed(found.scenario(seed), seed, claim));
});
