/* The simulation, off the page's thread. */
import { postedAs } from "./posted.ts";
import { newSimulator, workerTempo } from "./simulator.ts";
import type { ToWorker } from "./worker-messages.ts";

const simulator = newSimulator((message) => postMessage(postedAs(message)), workerTempo);

onmessage = ({ data }: MessageEvent<ToWorker>): void => simulator.take(data);
