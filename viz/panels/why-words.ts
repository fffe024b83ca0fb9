/* How one hop of an explanation leads to the next, in words. */
import type { Hop } from "../model/why.ts";
import { timeText } from "./time.ts";

/** How the hop above follows from this one. */
export function linkText(chain: readonly Hop[], index: number): string {
  const { link, peer, heardAt, times } = chain[index] ?? { link: "cause" };
  if (link === "after") return "once this was done:";
  if (times !== undefined) return `because it was due ${times} times in a row, first here:`;
  if (link !== "silence") return "because";
  const who = chain[index - 1]?.event.node ?? "";
  const since = heardAt === undefined ? "" : ` after ${timeText(heardAt)}`;
  return `because ${who} heard nothing from ${peer ?? "a peer"}${since}:`;
}
