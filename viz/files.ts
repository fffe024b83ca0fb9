/* Files that leave the page: what is in them, and how a browser is asked to keep them. */
import { type ExportKind, type Scenario, exportForms } from "#sim";
import type { ExportWish, Exported } from "./export-worker.ts";
import { exportWorker } from "./workers.ts";

/** A run in another form. Rejects with a sentence if it cannot be made. */
export async function exportedFile(scenario: Scenario, kind: ExportKind): Promise<Blob> {
  const wish: ExportWish = { scenario, kind };
  const exported = (await workerExport(wish)) ?? { content: await onPage(wish) };
  if ("problem" in exported) throw new Error(exported.problem);
  return blobOf(exported.content, exportForms[kind].mime);
}

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

/** The page stands still meanwhile: what says so is painted before. */
async function onPage(wish: ExportWish): Promise<string | Uint8Array> {
  const { pageExport } = await import("./page-export.ts");
  await new Promise((painted) => setTimeout(painted, 50));
  return pageExport(wish);
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
