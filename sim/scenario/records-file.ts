/*
 * Records of somebody's own, from a file: NDJSON (one JSON object a line) or CSV with a header. What is in the file
 * becomes what the producers of a scenario send.
 */
import { csvParseRows } from "d3-dsv";
import { limits } from "./limits.ts";
import { ScenarioError } from "./parse.ts";
import type { OwnRecord, Scenario } from "./schema.ts";

/** A file of records, before anybody has said which field is the key. */
export interface RecordTable {
  readonly fields: readonly string[];
  readonly rows: readonly Row[];
}

interface Row {
  /** Where it stands, as a person counts. */
  readonly place: string;
  /** What is sent: a line of NDJSON as it is, a row of CSV as a JSON object. */
  readonly value: string;
  readonly cells: Readonly<Record<string, unknown>>;
}

const expected = "expected one JSON object a line (NDJSON), or CSV with a header";

/** Reads a file of records. @throws ScenarioError that names the line or row, and what was expected */
export function parseRecords(text: string): RecordTable {
  const begin = text.trimStart();
  if (begin === "") throw new ScenarioError("line 1", `nothing stands here; ${expected}`);
  if (text.includes("\0")) throw new ScenarioError("", `this is no text; ${expected}`);
  if (begin.startsWith("[")) throw new ScenarioError("line 1", `a list begins here; ${expected}`);
  const table = begin.startsWith("{") ? parseObjects(text) : parseCsv(text);
  const extra = table.rows[limits.ownRecords];
  if (extra !== undefined)
    throw new ScenarioError(extra.place, `a run takes at most ${limits.ownRecords} records`);
  return table;
}

function parseObjects(text: string): RecordTable {
  const fields = new Set<string>();
  const rows: Row[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const place = `line ${i + 1}`;
    const cells = objectOf(line, place);
    for (const field of Object.keys(cells)) fields.add(field);
    rows.push({ place, value: line, cells });
  }
  return { fields: [...fields], rows };
}

function objectOf(line: string, place: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ScenarioError(place, "not JSON; expected one JSON object a line");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ScenarioError(place, "no JSON object; expected one a line");
  return value as Record<string, unknown>;
}

function parseCsv(text: string): RecordTable {
  // A byte order mark is no part of the first field's name.
  const [header = [], ...body] = csvParseRows(text.replace(/^\uFEFF/, ""));
  const fields = header.map((field) => field.trim());
  for (const [i, field] of fields.entries()) {
    const place = `row 1, column ${i + 1}`;
    if (field === "") throw new ScenarioError(place, `a field without a name; ${expected}`);
    if (fields.indexOf(field) !== i)
      throw new ScenarioError(place, `the field ${field} is there twice`);
  }
  const rows: Row[] = [];
  for (const [i, cells] of body.entries()) {
    if (cells.length === 1 && cells[0] === "") continue;
    const place = `row ${i + 2}`;
    if (cells.length !== fields.length) {
      const wanted = `${fields.length} (${fields.join(", ")})`;
      throw new ScenarioError(place, `${cells.length} cells; expected ${wanted}`);
    }
    const named = Object.fromEntries(fields.map((field, j) => [field, cells[j] ?? ""]));
    rows.push({ place, value: JSON.stringify(named), cells: named });
  }
  if (rows.length === 0)
    throw new ScenarioError("row 2", `no record stands behind the header; ${expected}`);
  return { fields, rows };
}

/**
 * The records of a file, each with the field as its key; without one they have no key.
 * @throws ScenarioError that names the row whose key makes no sense
 */
export function keyedBy({ fields, rows }: RecordTable, field: string | undefined): OwnRecord[] {
  if (field !== undefined && !fields.includes(field))
    throw new ScenarioError("", `no field is named ${field}; there are ${fields.join(", ")}`);
  return rows.map(({ place, value, cells }) => {
    return { key: field === undefined ? null : keyOf(cells[field], field, place), value };
  });
}

function keyOf(cell: unknown, field: string, place: string): string | null {
  if (cell === null) return null;
  if (typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean") {
    const key = String(cell);
    if (key.length <= limits.keyLength) return key;
    const problem = `${key.length} characters; expected at most ${limits.keyLength} in a key`;
    throw new ScenarioError(`${place}, ${field}`, problem);
  }
  const what = cell === undefined ? "it is not there" : "a list or an object";
  throw new ScenarioError(`${place}, ${field}`, `${what}; expected a text or a number as the key`);
}

/**
 * A scenario whose producers send these records. Records with one key all go to one producer, so that they stay in order.
 * @throws ScenarioError if the scenario has no producer
 */
export function withRecords(scenario: Scenario, records: readonly OwnRecord[]): Scenario {
  const { workload } = scenario;
  const { length } = workload.producers;
  if (length === 0)
    throw new ScenarioError("workload.producers", "nobody is there to send records");
  const senders = new Map<string | null, number>();
  const dealt = workload.producers.map((): OwnRecord[] => []);
  for (const record of records) {
    const sender = senders.get(record.key) ?? senders.size % length;
    senders.set(record.key, sender);
    dealt[sender]?.push(record);
  }
  const producers = workload.producers.map((one, i) => ({ ...one, records: dealt[i] ?? [] }));
  return { ...scenario, workload: { ...workload, producers } };
}

/** How many records of somebody's own a scenario has; undefined: none of its producers has any. */
export function ownRecordsOf({ workload }: Scenario): number | undefined {
  const own = workload.producers.flatMap(({ records }) => (records === undefined ? [] : [records]));
  return own.length === 0 ? undefined : own.reduce((sum, { length }) => sum + length, 0);
}
