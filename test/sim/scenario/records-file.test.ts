import { describe, expect, test } from "vitest";
import {
  keyedBy,
  library,
  limits,
  parseDropped,
  parseRecords,
  parseScenario,
  type Scenario,
  traceHead,
  traceTail,
  withRecords,
} from "#sim";

const csv = 'id,customer,"the, item"\r\n1,ada,tea\r\n2,bob,"a ""large"" cake"\r\n3,ada,\r\n';
const ndjson = '{"customer":"ada","n":1}\n\n{"customer":7,"n":2}\n{"n":3,"customer":null}\n';

const make = library.get("steady");
if (make === undefined) throw new Error("there is no scenario steady");
const steady: Scenario = make();

describe("a file of records", () => {
  test("may be CSV with a header: a row becomes a JSON object", () => {
    const table = parseRecords(csv);
    expect(table.fields).toEqual(["id", "customer", "the, item"]);
    expect(keyedBy(table, "customer")).toEqual([
      { key: "ada", value: '{"id":"1","customer":"ada","the, item":"tea"}' },
      { key: "bob", value: String.raw`{"id":"2","customer":"bob","the, item":"a \"large\" cake"}` },
      { key: "ada", value: '{"id":"3","customer":"ada","the, item":""}' },
    ]);
  });

  test("may be NDJSON: a line stays as it is", () => {
    const table = parseRecords(ndjson);
    expect(table.fields).toEqual(["customer", "n"]);
    expect(keyedBy(table, "customer")).toEqual([
      { key: "ada", value: '{"customer":"ada","n":1}' },
      { key: "7", value: '{"customer":7,"n":2}' },
      { key: null, value: '{"n":3,"customer":null}' },
    ]);
    expect(keyedBy(table, undefined).map(({ key }) => key)).toEqual([null, null, null]);
  });

  const wanted = "expected one JSON object a line (NDJSON), or CSV with a header";
  test.each([
    ["", `line 1: nothing stands here; ${wanted}`],
    ["[1, 2]", `line 1: a list begins here; ${wanted}`],
    ["PK\u0003\0\0", `this is no text; ${wanted}`],
    ['{"a":1}\n{"a":', "line 2: not JSON; expected one JSON object a line"],
    ['{"a":1}\n\n5', "line 3: no JSON object; expected one a line"],
    ["a,b\n1,2\n3", "row 3: 1 cells; expected 2 (a, b)"],
    ["a,,b\n1,2,3", `row 1, column 2: a field without a name; ${wanted}`],
    ["a,b,a\n1,2,3", "row 1, column 3: the field a is there twice"],
    ["a,b\n", `row 2: no record stands behind the header; ${wanted}`],
    [`a\n${"1\n".repeat(limits.ownRecords + 1)}`, "row 10002: a run takes at most 10000 records"],
  ])("that is %j is refused with the place and what was expected", (text, problem) => {
    expect(() => parseRecords(text)).toThrow(problem);
  });

  test.each([
    ["nobody", "no field is named nobody; there are customer, n, deep"],
    ["n", "line 2, n: it is not there; expected a text or a number as the key"],
    ["deep", "line 1, deep: a list or an object; expected a text or a number as the key"],
    ["customer", "line 2, customer: 1025 characters; expected at most 1024 in a key"],
  ])("with %s as its key is refused with the place", (field, problem) => {
    const long = JSON.stringify({ customer: "x".repeat(1025) });
    const table = parseRecords(`{"customer":"ada","n":1,"deep":{}}\n${long}\n`);
    expect(() => keyedBy(table, field)).toThrow(problem);
  });
});

describe("a scenario with records of somebody's own", () => {
  test("deals them by key, so that those with one key stay in order", () => {
    const two = { ...steady.workload.producers[0], name: "p2" };
    const scenario = parseScenario({
      ...steady,
      workload: { ...steady.workload, producers: [...steady.workload.producers, two] },
    });
    const keys = ["a", "b", "a", "c", "b", "a"];
    const own = keys.map((key, i) => ({ key, value: String(i) }));
    const dealt = withRecords(scenario, own).workload.producers.map(({ records = [] }) =>
      records.map(({ key, value }) => `${key}${value}`),
    );
    expect(dealt).toEqual([
      ["a0", "a2", "c3", "a5"],
      ["b1", "b4"],
    ]);
  });

  test("needs a producer", () => {
    const nobody = { ...steady, workload: { ...steady.workload, producers: [] } };
    expect(() => withRecords(nobody, [])).toThrow(
      "workload.producers: nobody is there to send records",
    );
  });

  test("has not more of them than copies of a world can bear", () => {
    const own = Array.from({ length: 9 }, () => ({ key: "k", value: "x".repeat(60_000) }));
    expect(() => parseScenario(withRecords(steady, own))).toThrow(
      "workload.producers.0.records.8: with this record all own records have more than 500000 bytes",
    );
    const wide = [{ key: null, value: "ä".repeat(40_000) }];
    expect(() => parseScenario(withRecords(steady, wide))).toThrow(
      "workload.producers.0.records.0.value: 80000 bytes; expected at most 65536",
    );
  });
});

describe("a file that was handed over", () => {
  test.each([
    [JSON.stringify(steady), { type: "scenario", scenario: steady }],
    [JSON.stringify(steady, undefined, 2), { type: "scenario", scenario: steady }],
    [
      traceHead(steady) + traceTail("0123456789abcdef"),
      { type: "trace", scenario: steady, hash: "0123456789abcdef" },
    ],
    [csv, { type: "records", table: parseRecords(csv) }],
    [ndjson, { type: "records", table: parseRecords(ndjson) }],
    ['{"a":1}', { type: "records", table: parseRecords('{"a":1}') }],
  ])("is known by what stands in it", (text, dropped) => {
    expect(parseDropped(text)).toEqual(dropped);
  });

  test.each([
    [JSON.stringify({ ...steady, durationMs: -1 }), "durationMs: "],
    [
      JSON.stringify(steady, undefined, 2).slice(0, -20),
      "no scenario, no trace and no records: not JSON",
    ],
    [traceHead(steady), "line 1: no hash stands here; the trace was cut"],
  ])("with a mistake is told where it is", (text, problem) => {
    expect(() => parseDropped(text)).toThrow(problem);
  });
});
