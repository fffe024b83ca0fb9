/* A file that somebody hands over without saying what it is: a scenario, a trace, or records of their own. */
import { isTrace, parseTrace } from "../trace/ndjson.ts";
import { parseScenario, parseScenarioText, ScenarioError } from "./parse.ts";
import { type RecordTable, parseRecords } from "./records-file.ts";
import type { Scenario } from "./schema.ts";

export type Dropped =
  | { readonly type: "scenario"; readonly scenario: Scenario }
  /** The hash that its run had. */
  | { readonly type: "trace"; readonly scenario: Scenario; readonly hash: string }
  | { readonly type: "records"; readonly table: RecordTable };

/** Finds out what a file is, and reads it. @throws ScenarioError that names the place, and what was expected there */
export function parseDropped(text: string): Dropped {
  if (isTrace(text)) {
    const { scenario, hash } = parseTrace(text);
    return { type: "trace", scenario, hash };
  }
  const whole = jsonObject(text);
  if (whole !== undefined && "durationMs" in whole && "cluster" in whole)
    return { type: "scenario", scenario: parseScenario(whole) };
  const [firstLine = ""] = text.trimStart().split("\n", 1);
  // An object that goes over several lines is no record: it can only be meant as a scenario.
  if (text.trimStart().startsWith("{") && jsonObject(firstLine) === undefined) {
    try {
      return { type: "scenario", scenario: parseScenarioText(text) };
    } catch (error) {
      if (error instanceof ScenarioError && error.path === "")
        throw new ScenarioError("", `no scenario, no trace and no records: ${error.message}`);
      throw error;
    }
  }
  return { type: "records", table: parseRecords(text) };
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
