/* Where the simulation runs: in a worker, or on the page where workers are refused (a file, a strict policy). */
import { type Posted, heardAs } from "./posted.ts";
import type { Simulation } from "./run.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";
import { simulationWorker } from "./workers.ts";

type Listener = (message: FromWorker) => void;

/** A worker's until the worker turns out not to come: then the page's own, which is asked the same again. */
export function anySimulation(): Simulation {
  let listener: Listener | undefined;
  const hear: Listener = (message) => listener?.(message);
  /** Wishes that no worker has answered yet. */
  let unanswered: ToWorker[] = [];
  let isAnswered = false;
  let isClosed = false;
  let current: Simulation | undefined;
  const refused = async (): Promise<void> => {
    const { pageSimulation } = await import("./page-simulation.ts");
    if (isClosed) return;
    current = pageSimulation();
    current.listen(hear);
    isAnswered = true;
    for (const wish of unanswered.splice(0)) current.send(wish);
  };
  const answered: Listener = (message) => {
    isAnswered = true;
    unanswered = [];
    hear(message);
  };
  const failed = (): void => {
    if (isAnswered) return;
    current = undefined;
    void refused();
  };
  try {
    current = workerSimulation(failed);
    current.listen(answered);
  } catch {
    void refused();
  }
  return {
    send: (wish) => {
      if (!isAnswered) unanswered.push(wish);
      current?.send(wish);
    },
    listen: (to) => {
      listener = to;
    },
    close: () => {
      isClosed = true;
      current?.close();
    },
  };
}

/** @throws where the page may not have a worker */
function workerSimulation(failed: () => void): Simulation {
  const worker = simulationWorker();
  worker.addEventListener("error", failed);
  return {
    send: (message) => worker.postMessage(message),
    listen: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<Posted>) => listener(heardAs(data));
    },
    close: () => worker.terminate(),
  };
}
