/*
 * A trace as lines of JSON: the first says what ran, the last its hash, so that a trace alone can be run again.
 */
import { parseScenario, ScenarioError } from "../scenario/parse.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "./events.ts";

const format = "highwater-trace";
const version = 1;

/** The first line. */
export const traceHead = (scenario: Scenario): string =>
  `${JSON.stringify({ format, version, scenario, seed: scenario.seed })}\n`;

export const traceLine = (event: TraceEvent): string => `${JSON.stringify(event)}\n`;

/** The last line. */
export const traceTail = (hash: string): string => `${JSON.stringify({ hash })}\n`;

/** Whether the first line of a file says that it is a trace. */
export const isTrace = (text: string): boolean => text.startsWith(`{"format":"${format}"`);

export interface ParsedTrace {
  readonly scenario: Scenario;
  /** The lines between head and tail, one event each. */
  readonly lines: readonly string[];
  readonly hash: string;
}

/** Reads an exported trace. @throws ScenarioError that names the line */
export function parseTrace(text: string): ParsedTrace {
  const lines = text.split("\n").filter((line) => line !== "");
  const head = parseLine(lines[0] ?? "", 1);
  if (head["format"] !== format)
    throw new ScenarioError("line 1", `no trace begins here; expected format ${format}`);
  if (head["version"] !== version) {
    throw new ScenarioError(
      "line 1",
      `version ${String(head["version"])} of the format; this reads ${version}`,
    );
  }
  const scenario = parseScenario(head["scenario"]);
  const last = lines.length > 1 ? parseLine(lines.at(-1) ?? "", lines.length) : {};
  const hash = last["hash"];
  if (typeof hash !== "string") {
    throw new ScenarioError(`line ${lines.length}`, "no hash stands here; the trace was cut");
  }
  return { scenario, lines: lines.slice(1, -1), hash };
}

function parseLine(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, with the line.
  }
  throw new ScenarioError(`line ${number}`, "not a JSON object");
}
