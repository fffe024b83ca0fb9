/*
 * A run as a log for ShiViz: a vector clock for every event. The trace names the causes of each event, so the clocks are
 * not guessed from times: an event knows all that its causes knew.
 */
import type { NodeName, TraceEvent } from "../trace/events.ts";
import { nodesOf } from "../world/create.ts";
import type { Recorded } from "./recorded.ts";
import { shortSentence } from "./sentences.ts";

/** What ShiViz splits the log by; `time` is shown beside an event. */
export const shivizPattern = String.raw`(?<time>\d+\.\d{3}) ms (?<host>\S+) (?<clock>\{.*\})\n(?<event>.*)`;

/** What the world itself does, and who drives it: faults and heals. */
const worldName = "world";

/** A clock: how many events of each node are known, by the node's place. */
type Clock = Int32Array;

/** The log, with the two lines before it that ShiViz asks for in a file: the pattern, and how runs are parted (not at all). */
export function shivizLog(run: Recorded): string {
  const names = [worldName, ...nodesOf(run.scenario).map(({ name }) => name)];
  const places = new Map(names.map((name, i): [NodeName, number] => [i === 0 ? "" : name, i]));
  const present = names.map((): Clock => new Int32Array(names.length));
  const clocks = new Map<number, Clock>();
  const lines = [shivizPattern, ""];
  for (const event of run.events) {
    const place = places.get(event.node) ?? 0;
    const clock = knownTo(event, present[place] ?? new Int32Array(names.length), clocks);
    if (isTold(event)) {
      clock[place] = (clock[place] ?? 0) + 1;
      lines.push(
        `${(event.at / 1000).toFixed(3)} ms ${names[place] ?? ""} ${clockText(clock, names, place)}`,
      );
      lines.push(shortSentence(event).replaceAll("\n", " "));
    }
    present[place] = clock;
    clocks.set(event.seq, clock);
  }
  return `${lines.join("\n")}\n`;
}

/** What the node knew before, and what all causes of the event knew. */
function knownTo({ causes }: TraceEvent, before: Clock, clocks: ReadonlyMap<number, Clock>): Clock {
  const clock = before.slice();
  for (const cause of causes) {
    const known = clocks.get(cause);
    if (known === undefined || known === before) continue;
    for (const [place, count] of known.entries())
      if (count > (clock[place] ?? 0)) clock[place] = count;
  }
  return clock;
}

/** The node's own count first, as ShiViz' own examples have it; what is not known is left out. */
function clockText(clock: Clock, names: readonly string[], own: number): string {
  const order = [own, ...[...names.keys()].filter((place) => place !== own)];
  const counts = order
    .filter((place) => (clock[place] ?? 0) > 0)
    .map((place) => `"${names[place] ?? ""}":${clock[place] ?? 0}`);
  return `{${counts.join(", ")}}`;
}

/** Work of disks and kernels, and bytes that are not yet a whole message, have no line of their own. */
function isTold(event: TraceEvent): boolean {
  switch (event.type) {
    case "disk":
    case "writeBack":
    case "fileHurt":
    case "filled":
    case "drained":
    case "delayed":
      return false;
    case "received":
      return event.done.length > 0;
    default:
      return true;
  }
}
