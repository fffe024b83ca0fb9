/*
 * A run in every form in which it can leave Highwater. All of them are made of the scenario alone: it is run again, since
 * the same scenario always comes to the same.
 */
import type { Scenario } from "../scenario/schema.ts";
import { traceHead, traceLine, traceTail } from "../trace/ndjson.ts";
import { chromeTrace } from "./chrome.ts";
import { commandOf } from "./commands.ts";
import { captureOf } from "./pcapng.ts";
import { type Recorded, brokenOf, recorded } from "./recorded.ts";
import { shivizLog } from "./shiviz.ts";
import { vitestFile } from "./vitest.ts";

/** A form: what a file of it is named by, what it is to a browser, and what it is for. */
export interface ExportForm {
  readonly ending: string;
  readonly mime: string;
  readonly title: string;
  readonly purpose: string;
}

/** All forms, by the name that they are asked for by. */
export const exportForms = {
  scenario: {
    ending: "json",
    mime: "application/json",
    title: "Scenario",
    purpose: "the run as data: run it, edit it, drop it here",
  },
  ndjson: {
    ending: "ndjson",
    mime: "application/x-ndjson",
    title: "Trace",
    purpose: "every event, one JSON object a line",
  },
  vitest: {
    ending: "test.js",
    mime: "text/javascript",
    title: "Vitest test",
    purpose: "fails where the run breaks a promise",
  },
  pcapng: {
    ending: "pcapng",
    mime: "application/octet-stream",
    title: "Wireshark capture",
    purpose: "every frame, as pcapng",
  },
  chrome: {
    ending: "trace.json",
    mime: "application/json",
    title: "Chrome trace",
    purpose: "for Perfetto, ui.perfetto.dev",
  },
  shiviz: {
    ending: "shiviz.log",
    mime: "text/plain",
    title: "ShiViz log",
    purpose: "with vector clocks, for ShiViz",
  },
  command: {
    ending: "sh",
    mime: "text/plain",
    title: "Command line",
    purpose: "runs it again in a terminal",
  },
} as const satisfies Readonly<Record<string, ExportForm>>;

/** The name of a form. */
export type ExportKind = keyof typeof exportForms;

export const isExportKind = (text: string): text is ExportKind => Object.hasOwn(exportForms, text);

/** What a file of a run is called: its scenario's name and seed, as far as a file's name may hold them. */
export const exportName = (scenario: Scenario, kind: ExportKind): string =>
  `${runName(scenario)}.${exportForms[kind].ending}`;

/** The part of it that names the run. */
export const runName = ({ name, seed }: Scenario): string =>
  `${name}-${seed}`.replaceAll(/[^\w.-]+/g, "-");

/** The one form for which nothing is run. */
export const scenarioText = (scenario: Scenario): string =>
  `${JSON.stringify(scenario, undefined, 2)}\n`;

/** Runs a scenario and gives it the form that is asked for; text, or for a capture bytes. */
export function exportRun(scenario: Scenario, kind: ExportKind): string | Uint8Array {
  switch (kind) {
    case "scenario":
      return scenarioText(scenario);
    case "pcapng":
      return captureOf(scenario);
    case "ndjson":
      return ndjson(recorded(scenario));
    case "chrome":
      return chromeTrace(recorded(scenario));
    case "shiviz":
      return shivizLog(recorded(scenario));
    case "vitest":
      return vitestFile(recorded(scenario));
    case "command":
      return command(recorded(scenario));
  }
}

const ndjson = ({ scenario, events, hash }: Recorded): string =>
  [traceHead(scenario), ...events.map(traceLine), traceTail(hash)].join("");

function command({ scenario, judgements }: Recorded): string {
  const claims = brokenOf(judgements).filter(({ standing }) => standing === "notPromisedBroken");
  return `${commandOf(
    scenario,
    claims.map(({ id }) => id),
  )}\n`;
}
