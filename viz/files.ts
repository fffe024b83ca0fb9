/* Files that leave the page: what is in them, and how a browser is asked to keep them. */
import { type ExportKind, type Scenario, exportForms } from "#sim";
import type { ExportWish, Exported } from "./export-worker.ts";
import { exportWorker } from "./workers.ts";

/** A run in another form. Rejects with a sentence if it cannot be made. */
export function exportedFile(scenario: Scenario, kind: ExportKind): Promise<Blob> {
  const wish: ExportWish = { scenario, kind };
  return new Promise((resolve, reject) => {
    const worker = exportWorker();
    worker.onmessage = ({ data }: MessageEvent<Exported>) => {
      worker.terminate();
      if ("problem" in data) reject(new Error(data.problem));
      else resolve(blobOf(data.content, exportForms[kind].mime));
    };
    worker.onerror = ({ message }) => {
      worker.terminate();
      reject(new Error(message));
    };
    worker.postMessage(wish);
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
