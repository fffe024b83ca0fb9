/* A run as something to type: the command that runs it again, and what a shell makes of it. */
import type { Scenario } from "../scenario/schema.ts";
import { fragmentOf, linkOf } from "../scenario/link.ts";

/** The command line that runs a scenario again; `claims` are judged as if they were promised. */
export function commandOf(scenario: Scenario, claims: readonly string[] = []): string {
  const isNamed = fragmentOf(scenario).startsWith("#scenario=");
  const what = isNamed
    ? `${quoted(scenario.name)} --seed ${quoted(scenario.seed)}`
    : quoted(linkOf(scenario));
  const [claim] = claims;
  return `npm run -s highwater -- run ${what}${claim === undefined ? "" : ` --claim ${claim}`}`;
}

/** One word of a shell's line. */
const quoted = (text: string): string =>
  /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
