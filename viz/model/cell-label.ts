/* What stands in a record's cell: its key, or something else of it. A cell has room for three letters. */
import type { Micros, NodeName, Scenario } from "#sim";
import type { RecordFact } from "./facts.ts";

/** In the order in which they can be chosen. */
export const cellLabels = ["key", "value", "time", "producer", "size"] as const;
export type CellLabel = (typeof cellLabels)[number];

/** What stands there unless somebody chooses: the keys, where anybody sends some. */
export const usualLabel = ({ workload: { producers }, faults }: Scenario): CellLabel => {
  const isKeyed =
    producers.some(({ keys, records }) => keys > 0 || records !== undefined) ||
    faults.some((fault) => fault.type === "produce" && fault.key !== undefined);
  return isKeyed ? "key" : "value";
};

/** What comes after `label`, and after the last one the first. */
export const nextLabel = (label: CellLabel): CellLabel =>
  cellLabels[(cellLabels.indexOf(label) + 1) % cellLabels.length] ?? "key";

/** At most three letters; the whole of it is told by the record's events. */
export function labelOf(label: CellLabel, record: RecordFact, producer: NodeName): string {
  switch (label) {
    case "key":
      return record.key === null ? "–" : cut(record.key);
    case "value":
      return numberOf(record.value);
    case "time":
      return seconds(record.at);
    case "producer":
      return cut(producer);
    case "size":
      return record.bytes < 1000 ? `${record.bytes}` : cut(`${Math.floor(record.bytes / 1000)}k`);
  }
}

const longest = 3;

const cut = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** Values are named by who sent them and how many it had sent by then: of "p1-17" the 17 tells it from its neighbours. */
function numberOf(value: string): string {
  const digits = /\d+$/.exec(value)?.[0] ?? "";
  return digits === "" ? cut(value) : digits.slice(-longest);
}

const seconds = (at: Micros): string =>
  at < 100_000_000 ? (at / 1_000_000).toFixed(1).slice(0, 4) : `${Math.floor(at / 1_000_000)}`;
