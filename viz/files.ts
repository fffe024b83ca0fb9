/* Files that leave the page: what is in them, and how a browser is asked to keep them. */
import { type ExportKind, type Scenario, exportForms, scenarioText } from "#sim";
import type { ExportWish, Exported } from "./export-worker.ts";
import { exportWorker } from "./workers.ts";

/** A run in another form. Rejects with a sentence if it cannot be made. */
export async function exportedFile(scenario: Scenario, kind: ExportKind): Promise<Blob> {
  const { mime } = exportForms[kind];
  // It needs no run, and so works where workers are refused.
  if (kind === "scenario") return blobOf(scenarioText(scenario), mime);
  const exported = (await workerExport({ scenario, kind })) ?? { problem: noWorker };
  if ("problem" in exported) throw new Error(exported.problem);
  return blobOf(exported.content, mime);
}

const noWorker =
  "the page may not start a worker, in which the run is made again. Save the scenario: the command line makes every form of it.";

/** Undefined where there may be no worker, or none comes. */
function workerExport(wish: ExportWish): Promise<Exported | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = exportWorker();
      const answer = (exported: Exported | undefined): void => {
        worker.terminate();
        resolve(exported);
      };
      worker.addEventListener("message", ({ data }: MessageEvent<Exported>) => answer(data));
      worker.addEventListener("error", () => answer(undefined));
      worker.postMessage(wish);
    } catch {
      resolve(undefined);
    }
  });
}

export const blobOf = (content: string | Uint8Array, type: string): Blob =>
  new Blob([content as BlobPart], { type });

/** Hands a file to the reader, who is asked where it goes, or finds it where downloads are. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
