/*
 * The forms in which a run can leave Highwater, and how their files are called: what whoever offers them needs to know,
 * without what makes them (export-run.ts), which brings the whole simulator along.
 */
import type { Scenario } from "../scenario/schema.ts";

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
