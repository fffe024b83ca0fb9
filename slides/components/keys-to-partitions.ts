// Records on their way to partitions: the key alone decides which.
import { cell, element } from "./component.ts";

/** Keys in the order sent, and the partition of three that Kafka's hash gives each. A test recomputes them. */
export const placedKeys = [
  { key: "A", partition: 1 },
  { key: "D", partition: 0 },
  { key: "A", partition: 1 },
  { key: "F", partition: 2 },
  { key: "A", partition: 1 },
] as const;

/** Draws the keys as sent, and below them each partition with what it got. */
export function keysToPartitions(host: HTMLElement): void {
  const sent = element("div", "row", element("span", "label", "sent"));
  for (const { key } of placedKeys) sent.append(cell(key, "above"));
  const rule = element("p", "rule", "partition = murmur2(key) mod 3");
  const logs = [0, 1, 2].map((partition) => {
    const row = element("div", "row", element("span", "label", `orders-${partition}`));
    for (const placed of placedKeys) {
      if (placed.partition === partition) row.append(cell(placed.key));
    }
    return row;
  });
  host.append(sent, rule, ...logs);
}
