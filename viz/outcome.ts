/* What a run came to, beside what its link says that it came to when somebody else made it. */
import type { Outcome } from "#sim";
import { titleOf } from "./panels/guarantee-titles.ts";

/** What a run is said to come to, and by what. */
export interface Expected {
  readonly source: "link" | "trace";
  readonly hash: string;
  /** A trace does not say what broke. */
  readonly broke?: readonly string[];
}

/** Whether a run is what is said of it, and if not, in a line, how far the story is the same. */
export function compared(
  expected: Expected,
  own: Outcome,
): { readonly same: boolean; readonly line: string } {
  const { source, hash, broke } = expected;
  if (hash === own.hash)
    return { same: true, line: `The very run that this ${source} was made of.` };
  const made = `This ${source} was made by another version of Highwater.`;
  const told = broke === undefined ? "The run has another hash now." : story(broke, own.broke);
  return { same: false, line: `${made} ${told}` };
}

function story(before: readonly string[], now: readonly string[]): string {
  const gone = before.filter((id) => !now.includes(id)).map(titleOf);
  const fresh = now.filter((id) => !before.includes(id)).map(titleOf);
  if (gone.length > 0 || fresh.length > 0) {
    const parts = [
      gone.length === 0 ? [] : [`${told(gone)} no longer ${verb(gone)}.`],
      fresh.length === 0 ? [] : [`${told(fresh)} now ${verb(fresh)}.`],
    ];
    return ["Another story:", ...parts.flat()].join(" ");
  }
  const same = now.map(titleOf);
  return same.length === 0
    ? "The same story: nothing breaks."
    : `The same story, with a new hash: ${told(same)} ${verb(same)}.`;
}

const told = (titles: readonly string[]): string => titles.map((one) => `“${one}”`).join(", ");
const verb = ({ length }: readonly string[]): string => (length === 1 ? "breaks" : "break");
