// The topic `orders` taken apart: three partitions, their offsets, and the brokers that keep copies.
import { cell, element } from "./component.ts";

const partitions = [
  { name: "orders-0", keys: "DGDDGD" },
  { name: "orders-1", keys: "ABCA" },
  { name: "orders-2", keys: "FHFIF" },
] as const;
const longest = 6;
/** Which partition each broker leads; every broker has a copy of all three. */
const brokers = [
  { name: "b1", leads: 0 },
  { name: "b2", leads: 1 },
  { name: "b3", leads: 2 },
] as const;

/** Draws the topic. Each part has a class, so that the list beside it can point at it. */
export function topicAnatomy(host: HTMLElement): void {
  const offsets = element("div", "row offsets", element("span", "label", "offset"));
  for (let offset = 0; offset < longest; offset++) {
    offsets.append(element("span", "cell number", String(offset)));
  }
  const logs = partitions.map(({ name, keys }) =>
    element(
      "div",
      "row",
      element("span", "label", name),
      ...[...keys].map((key) => cell(key)),
      element("span", "cell next", "+"),
    ),
  );
  const topic = element("div", "topic", offsets, ...logs);
  const cards = brokers.map(({ name, leads }) =>
    element(
      "div",
      "broker",
      element("strong", "", name),
      ...partitions.map((_, index) =>
        element(
          "span",
          index === leads ? "replica leads" : "replica",
          index === leads ? `${index}★` : String(index),
        ),
      ),
    ),
  );
  host.append(topic, element("div", "brokers", ...cards));
}
