/* Makes a file of a run on the page's own thread, where workers are refused. */
import { exportRun } from "#sim";
import type { ExportWish } from "./export-worker.ts";

export const pageExport = ({ scenario, kind }: ExportWish): string | Uint8Array =>
  exportRun(scenario, kind);
