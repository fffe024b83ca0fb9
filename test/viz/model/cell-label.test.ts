import { expect, test } from "vitest";
import { library, parseScenario } from "#sim";
import {
  type CellLabel,
  cellLabels,
  labelOf,
  nextLabel,
  usualLabel,
} from "../../../viz/model/cell-label.ts";
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
  ["key", { key: null }, "–"],
  ["value", {}, "734"],
  ["value", { value: "p2-6" }, "6"],
  ["value", { value: "order" }, "or…"],
  ["time", {}, "4.3"],
  ["time", { at: 12_340_000 }, "12.3"],
  ["time", { at: 601_900_000 }, "601"],
  ["producer", {}, "p12"],
  ["size", {}, "10"],
  ["size", { bytes: 1536 }, "1k"],
])("%s of %j: %s", (label, change, text) => {
  expect(labelOf(label, { ...record, ...change }, "p12")).toBe(text);
});

test.each([
  ["first-light", "key"],
  ["acks-1", "value"],
])("%s shows at first: %s", (name, label) => {
  expect(usualLabel(parseScenario(library.get(name)?.()))).toBe(label);
});

test("a scenario without keys shows them once somebody has sent one", () => {
  const scenario = parseScenario(library.get("acks-1")?.());
  const sent = { type: "produce", atMs: 1, producer: "p2", value: "mine" } as const;
  const label = (key: object) =>
    usualLabel({ ...scenario, faults: [...scenario.faults, { ...sent, ...key }] });
  expect([label({}), label({ key: "tea" })]).toEqual(["value", "key"]);
});

test("one comes after the other, and the first after the last", () => {
  const seen = cellLabels.map((label) => nextLabel(label));
  expect(seen).toEqual([...cellLabels.slice(1), cellLabels[0]]);
});
