import { isTrace, parseTrace } from "#sim";
import { traceLinesOf } from "./lockstep.ts";
import { exit } from "./exit.ts";
import { explain, find, readText } from "./find.ts";

/** Prints the first event in which two scenarios or two traces differ; 0 if they are equal. */
export function diff(one: string, other: string): number {
  const a = eventsOf(one);
  const b = eventsOf(other);
  for (let i = 0; ; i++) {
    const left = a.next();
    const right = b.next();
    if (left.done === true && right.done === true) break;
    const leftLine = left.done === true ? undefined : left.value;
    const rightLine = right.done === true ? undefined : right.value;
    if (leftLine === rightLine) continue;
    console.log(`They differ from event ${i} on.`);
    console.log(`  ${one}: ${leftLine ?? "(it has ended)"}`);
    console.log(`  ${other}: ${rightLine ?? "(it has ended)"}`);
    return exit.broken;
  }
  console.log("They are equal.");
  return exit.held;
}

/** The events of a trace file, or of a run of a scenario, as lines. */
function eventsOf(asked: string): Iterator<string> {
  const scenario = asTrace(asked);
  if (scenario !== undefined) return scenario;
  return traceLinesOf(find(asked, "scenario").scenario(undefined));
}

function asTrace(asked: string): Iterator<string> | undefined {
  if (!/[./\\]/.test(asked) || /^https?:/.test(asked)) return undefined;
  const text = readText(asked);
  return isTrace(text)
    ? explain(asked, () => parseTrace(text)).lines[Symbol.iterator]()
    : undefined;
}
