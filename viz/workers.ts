/* The workers of a page, each from a file of its own. In a page of one file, blob-workers.ts stands in for this. */

/** @throws where the page may not have a worker */
export const simulationWorker = (): Worker =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** @throws where the page may not have a worker */
export const exportWorker = (): Worker =>
  new Worker(new URL("./export-worker.ts", import.meta.url), { type: "module" });
