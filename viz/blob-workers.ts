/*
 * The workers of a page that is one file (scripts/one-file.mjs): made of the page's own script, which does what the name
 * of its worker asks for where there is no document.
 */

function fromBlob(name: string): Worker {
  const script = document.querySelector("script#one-file")?.textContent ?? "";
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url, { name });
  // The worker has fetched it by the time it first answers; nobody else needs it.
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

/** @throws where the page may not have a worker */
export const simulationWorker = (): Worker => fromBlob("simulation");

/** @throws where the page may not have a worker */
export const exportWorker = (): Worker => fromBlob("export");
