/* Makes a file of a run, off the page's thread: the run is made again for it. */
import { type ExportKind, type Scenario, exportRun } from "#sim";

export interface ExportWish {
  readonly scenario: Scenario;
  readonly kind: ExportKind;
}

export type Exported = { readonly content: string | Uint8Array } | { readonly problem: string };

onmessage = ({ data: { scenario, kind } }: MessageEvent<ExportWish>): void => {
  const answer = (exported: Exported): void => postMessage(exported);
  try {
    answer({ content: exportRun(scenario, kind) });
  } catch (error) {
    answer({ problem: error instanceof Error ? error.message : String(error) });
  }
};
