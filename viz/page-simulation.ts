/* The simulation on the page's own thread, a few milliseconds at a time. */
import type { Simulation } from "./run.ts";
import { newSimulator, pageTempo } from "./simulator.ts";
import type { FromWorker } from "./worker-messages.ts";

export function pageSimulation(): Simulation {
  let listener: ((message: FromWorker) => void) | undefined;
  const simulator = newSimulator((message) => listener?.(message), pageTempo);
  return {
    send: (wish) => simulator.take(wish),
    listen: (to) => {
      listener = to;
    },
    close: () => simulator.stop(),
  };
}
