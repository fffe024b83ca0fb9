// What clients were told of the records of a partition, and which of them a broker that is up still has, by the trace.
import type { TraceEvent } from "#sim";

export type Sign = "✓" | "✗" | "?";

type Note = Extract<TraceEvent, { type: "note" }>["event"];

/** By offset; a `?` stands where a record is of which its client was told that nobody knows. */
export function toldInTrace(
  events: readonly TraceEvent[],
  partition: string,
  atMs: number,
): ReadonlyMap<number, Sign> {
  const up = new Set<string>();
  /** By `p1/12`: the batch that carries the call's record, and its place in it. */
  const carried = new Map<string, string>();
  const logs = new Map<string, Map<number, string>>();
  const acknowledged = new Map<number, string>();
  const unknown = new Set<string>();
  const onNote = (node: string, note: Note): void => {
    if (!("partition" in note) || note.partition !== partition) return;
    const log = logs.get(node) ?? new Map<number, string>();
    logs.set(node, log);
    if (note.type === "batched")
      for (const [index, call] of note.calls.entries())
        carried.set(`${node}/${call}`, `${note.crc}/${index}`);
    const end =
      note.type === "truncated" ? note.to : note.type === "logOpened" ? note.end : Infinity;
    for (const offset of log.keys()) if (offset >= end) log.delete(offset);
    if (note.type !== "appended") return;
    for (let offset: number = note.base; offset < note.next; offset += 1)
      log.set(offset, `${note.crc}/${offset - note.base}`);
  };
  for (const event of events) {
    if (event.at > atMs * 1000) break;
    if (event.type === "started") up.add(event.node);
    if (event.type === "down") up.delete(event.node);
    if (event.type === "note") onNote(event.node, event.event);
    if (event.type !== "result") continue;
    const name = `${event.node}/${event.call}`;
    const { outcome } = event;
    if (outcome.type === "unknown") unknown.add(carried.get(name) ?? "");
    if (outcome.type === "acknowledged" && outcome.partition === partition)
      acknowledged.set(outcome.offset, carried.get(name) ?? "");
  }
  const live = [...logs].filter(([node]) => up.has(node)).map(([, log]) => log);
  const signs = new Map<number, Sign>();
  for (const log of live)
    for (const [offset, record] of log) if (unknown.has(record)) signs.set(offset, "?");
  for (const [offset, record] of acknowledged)
    signs.set(offset, live.some((log) => log.get(offset) === record) ? "✓" : "✗");
  return signs;
}
