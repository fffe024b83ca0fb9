import { defaultFamily, defaultScenario, families, library } from "#sim";
import { exit } from "./exit.ts";

/** Lists what can be run by name. */
export function scenarios(): number {
  for (const [name, make] of library) {
    const note = name === defaultScenario ? " (default of run)" : "";
    console.log(`${name.padEnd(24)} ${make().title}${note}`);
  }
  for (const name of families.keys()) {
    const note = name === defaultFamily ? " (default of sweep)" : "";
    console.log(`${name.padEnd(24)} a family: every seed draws another scenario${note}`);
  }
  return exit.held;
}
