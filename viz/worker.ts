/* The simulation, off the page's thread. */
import { newSimulator, workerTempo } from "./simulator.ts";
import type { ToWorker } from "./worker-messages.ts";

const simulator = newSimulator((message) => postMessage(message), workerTempo);

onmessage = ({ data }: MessageEvent<ToWorker>): void => simulator.take(data);
