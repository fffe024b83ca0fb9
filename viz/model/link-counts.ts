/* How many messages are on their way over each link: what is told of them where dots have no room. */
import type { NodeName } from "#sim";
import { type Picture, linkName } from "./picture.ts";

export interface LinkCount {
  readonly id: string;
  readonly ends: readonly [NodeName, NodeName];
  readonly count: number;
  /** The event that cut it. */
  readonly cut: number | undefined;
  /** What is drawn for it: the cut, or the last message that left. */
  readonly event: number;
}

/** Cut links first, then the fullest; heartbeats count as little as they do on the stage. */
export function linkCounts(picture: Picture): readonly LinkCount[] {
  const counts = new Map<string, LinkCount>();
  for (const [id, event] of picture.cuts) {
    const [a = "", b = ""] = id.split("|");
    counts.set(id, { id, ends: [a, b], count: 0, cut: event, event });
  }
  for (const { from, to, api, event } of picture.messages.values()) {
    if (api === "BrokerHeartbeat") continue;
    const id = linkName(from, to);
    const before = counts.get(id);
    counts.set(id, {
      id,
      ends: from < to ? [from, to] : [to, from],
      count: (before?.count ?? 0) + 1,
      cut: before?.cut,
      event: before?.cut ?? event,
    });
  }
  return [...counts.values()].sort(
    (a, b) =>
      Number(b.cut !== undefined) - Number(a.cut !== undefined) ||
      b.count - a.count ||
      (a.id < b.id ? -1 : 1),
  );
}
