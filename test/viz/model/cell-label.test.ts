import { expect, test } from "vitest";
import { type CellLabel, cellLabels, labelOf, nextLabel } from "../../../viz/model/cell-label.ts";
import type { RecordFact } from "../../../viz/model/facts.ts";

const record: RecordFact = {
  call: 1,
  key: "tea",
  value: "p1-1734",
  bytes: 10,
  at: 4_250_000,
  event: 7,
};

test.each<[CellLabel, Partial<RecordFact>, string]>([
  ["key", {}, "tea"],
  ["key", { key: "coffee" }, "co…"],
  ["key", { key: "" }, ""],
  ["key", { key: null }, "734"],
  ["key", { key: null, value: "p2-6" }, "6"],
  ["key", { key: null, value: "order" }, "or…"],
  ["value", {}, "734"],
  ["time", {}, "4.3"],
  ["time", { at: 12_340_000 }, "12.3"],
  ["time", { at: 601_900_000 }, "601"],
  ["producer", {}, "p12"],
  ["size", {}, "10"],
  ["size", { bytes: 1536 }, "1k"],
])("%s of %j: %s", (label, change, text) => {
  expect(labelOf(label, { ...record, ...change }, "p12")).toBe(text);
});

test("one comes after the other, and the first after the last", () => {
  const seen = cellLabels.map((label) => nextLabel(label));
  expect(seen).toEqual([...cellLabels.slice(1), cellLabels[0]]);
});
