import { exportForms, exportRun, isExportKind } from "#sim";
import { BadInput, exit } from "./exit.ts";
import { find } from "./find.ts";
import { checkFlaws } from "./run.ts";
import { writeOut } from "./write.ts";

export interface ExportOptions {
  readonly as: string;
  readonly out: string;
  readonly seed?: string;
  readonly flaw?: readonly string[];
}

/** Writes a run in another form, for other programs. */
export function exportCommand(asked: string, { as, out, seed, flaw }: ExportOptions): number {
  if (!isExportKind(as)) {
    const known = Object.keys(exportForms).join(", ");
    throw new BadInput(`Nothing is exported as ${as}; there are ${known}.`);
  }
  const scenario = find(asked, "scenario", checkFlaws(flaw)).scenario(seed);
  const content = exportRun(scenario, as);
  writeOut(out, content);
  console.log(`${exportForms[as].title} of ${scenario.name}, seed ${scenario.seed}: ${out}`);
  return exit.held;
}
