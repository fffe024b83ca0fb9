/*
 * A run in every form in which it can leave Highwater. All of them are made of the scenario alone: it is run again, since
 * the same scenario always comes to the same.
 */
import type { Scenario } from "../scenario/schema.ts";
import { traceHead, traceLine, traceTail } from "../trace/ndjson.ts";
import { chromeTrace } from "./chrome.ts";
import { commandOf } from "./commands.ts";
import type { ExportKind } from "./forms.ts";
import { captureOf } from "./pcapng.ts";
import { type Recorded, brokenOf, recorded } from "./recorded.ts";
import { shivizLog } from "./shiviz.ts";
import { vitestFile } from "./vitest.ts";

/** Runs a scenario and gives it the form that is asked for; text, or for a capture bytes. */
export function exportRun(scenario: Scenario, kind: ExportKind): string | Uint8Array {
  switch (kind) {
    case "scenario":
      return `${JSON.stringify(scenario, undefined, 2)}\n`;
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
