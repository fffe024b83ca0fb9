import { parentPort, workerData } from "node:worker_threads";
import { find } from "./find.ts";
import { judgeSeed } from "./sweep-job.ts";

interface Task {
  readonly asked: string;
  readonly claim: string | undefined;
}

const { asked, claim } = workerData as Task;
const found = find(asked, "family");

parentPort?.on("message", (seed: string) => {
  parentPort?.postMessage(judgeSeed(found.scenario(seed), seed, claim));
});
