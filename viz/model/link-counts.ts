/* How many messages are on their way over each link: what is told of them where dots have no room. */
import type { NodeName } from "#sim";
import { ailingLinks, type LinkView } from "./links.ts";
import { type Picture, linkName } from "./picture.ts";

export interface LinkCount {
  readonly id: string;
  readonly ends: readonly [NodeName, NodeName];
  readonly count: number;
  /** What ails it; undefined: nothing does. */
  readonly ails: LinkView | undefined;
  /** What is drawn for it: what befell it, or the last message that left. */
  readonly event: number;
}

/** Ailing links first, then the fullest; heartbeats count as little as they do on the stage. */
export function linkCounts(picture: Picture): readonly LinkCount[] {
  const counts = new Map<string, LinkCount>();
  for (const link of ailingLinks(picture)) {
    const { id, ends, ways } = link;
    const event = Math.max(...ways.map((way) => way.event ?? -1));
    counts.set(id, { id, ends, count: 0, ails: link, event });
  }
  for (const { from, to, traffic, event } of picture.messages.values()) {
    if (traffic === "heartbeat") continue;
    const id = linkName(from, to);
    const before = counts.get(id);
    counts.set(id, {
      id,
      ends: from < to ? [from, to] : [to, from],
      count: (before?.count ?? 0) + 1,
      ails: before?.ails,
      event: before?.ails === undefined ? event : before.event,
    });
  }
  return [...counts.values()].sort(
    (a, b) =>
      Number(b.ails !== undefined) - Number(a.ails !== undefined) ||
      b.count - a.count ||
      (a.id < b.id ? -1 : 1),
  );
}
