import { closeSync, openSync, writeSync } from "node:fs";
import type { FlawId } from "#core";
import {
  claimsOf,
  defaultAddress,
  isLongLink,
  judge,
  type Judged,
  type Judgement,
  linkOf,
  keyedBy,
  museum,
  ownRecordsOf,
  parseRecords,
  parseScenario,
  rowOf,
  type Scenario,
  traceHead,
  type TraceEvent,
  traceLine,
  traceTail,
  withRecords,
} from "#sim";
import { BadInput, exit } from "./exit.ts";
import { explain, find, readText } from "./find.ts";
import { allGuarantees } from "./modules.ts";
import { judgementLines } from "./print.ts";

export interface RunOptions {
  readonly seed?: string;
  readonly trace?: string;
  readonly claim?: string;
  readonly flaw?: readonly string[];
  readonly json?: boolean;
  readonly records?: string;
  readonly key?: string;
}

/** Runs one scenario, judges it, and says so; returns the exit code. */
export function run(asked: string | undefined, options: RunOptions): number {
  checkClaim(options.claim);
  const flaws = checkFlaws(options.flaw);
  const found = find(asked, "scenario", flaws).scenario(options.seed);
  const scenario = withRecordsOf(found, options);
  const struck: Struck[] = [];
  let sent = 0;
  const trace = options.trace === undefined ? undefined : openTrace(options.trace, scenario);
  const started = performance.now();
  const judged = judge(scenario, {
    claim: claimsWith(options.claim, flaws),
    guarantees: allGuarantees(),
    traffic: trace !== undefined,
    listener: (event) => {
      if (event.type === "fault" && event.index >= 0) struck.push(struckBy(event));
      if (event.type === "called" && event.request.type === "send") sent += 1;
      trace?.write(traceLine(event));
    },
  });
  const wallMs = performance.now() - started;
  trace?.write(traceTail(judged.result.hash));
  trace?.close();
  const told: Told = { struck, wallMs, sent };
  if (options.json === true) console.log(JSON.stringify(summary(scenario, judged, told)));
  else for (const line of sentences(scenario, judged, told)) console.log(line);
  return judged.judgements.some(isBroken) ? exit.broken : exit.held;
}

/** Something promised (or claimed) broke. */
const isBroken = ({ promised, holds }: Judgement): boolean => promised && !holds;

/** @throws BadInput unless there is a guarantee of that name, or none is named. */
export function checkClaim(claim: string | undefined): void {
  const known = allGuarantees().map(({ id }) => id);
  if (claim !== undefined && !known.includes(claim)) {
    throw new BadInput(`No guarantee is named ${claim}; there are ${known.join(", ")}.`);
  }
}

/** The names of flaws that a person switches on. @throws BadInput */
export function checkFlaws(asked: readonly string[] = []): FlawId[] {
  return asked.map((name) => {
    const row = rowOf(name);
    if (row !== undefined) return row.id;
    const known = museum.map(({ id }) => id);
    throw new BadInput(`No flaw is named ${name}; there are ${known.join(", ")}.`);
  });
}

/** What is judged as if it were promised: what a person claims, and what the settings among these flaws cost. */
export const claimsWith = (
  claim: string | undefined,
  flaws: readonly FlawId[],
): readonly string[] => [...(claim === undefined ? [] : [claim]), ...claimsOf(flaws)];

interface Struck {
  readonly atMs: number;
  readonly sentence: string;
  readonly targets: readonly string[];
  readonly met: boolean;
}

const struckBy = ({
  at,
  sentence,
  targets,
  met,
}: Extract<TraceEvent, { type: "fault" }>): Struck => ({
  atMs: at / 1000,
  sentence,
  targets,
  met,
});

function openTrace(path: string, scenario: Scenario) {
  let file: number;
  try {
    file = openSync(path, "w");
  } catch (error) {
    throw new BadInput(
      `${path} cannot be written (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  let buffered = traceHead(scenario);
  const flush = (): void => {
    writeSync(file, buffered);
    buffered = "";
  };
  return {
    write(text: string): void {
      buffered += text;
      if (buffered.length > 65_536) flush();
    },
    close(): void {
      flush();
      closeSync(file);
    },
  };
}

/** What is told of a run beside what it was judged by. */
interface Told {
  readonly struck: readonly Struck[];
  readonly wallMs: number;
  /** Records that were handed to producers. */
  readonly sent: number;
}

/** What a program reads. */
function summary(
  scenario: Scenario,
  { result, judgements, shown }: Judged,
  { struck: faults, wallMs, sent }: Told,
) {
  const records = ownRecordsOf(scenario);
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    hash: result.hash,
    inputs: result.inputs,
    virtualMs: result.virtualMs,
    wallMs,
    acknowledged: shown.acknowledged,
    seen: shown.seen,
    ...(records === undefined ? {} : { records, sent }),
    faults,
    guarantees: judgements.map(
      ({ id, promised, holds, checked, exempt, precondition, evidence }) => ({
        id,
        promised,
        holds,
        checked,
        exempt,
        precondition,
        evidence,
      }),
    ),
    link: linkOf(scenario),
  };
}

/** What a person reads. */
function sentences(
  scenario: Scenario,
  { result, judgements, shown }: Judged,
  { struck, wallMs, sent }: Told,
): string[] {
  const own = ownRecordsOf(scenario);
  const { cluster, topics } = scenario;
  const perSecond = Math.floor((result.inputs * 1000) / wallMs);
  const times = (result.virtualMs / wallMs).toFixed(1);
  return [
    scenario.title === "" ? scenario.name : scenario.title,
    `${scenario.name}, seed ${scenario.seed}: ${cluster.brokers.length} brokers, ${topics
      .map(
        ({ name, partitions, replicationFactor }) =>
          `${name} (${partitions} partitions, ${replicationFactor} replicas)`,
      )
      .join(", ")}`,
    "",
    ...(struck.length === 0
      ? ["Nothing failed."]
      : struck.map(
          ({ atMs, sentence, met }) =>
            `${atMs.toFixed(3).padStart(10)} ms  ${sentence}${met ? "" : " (nobody was there to be met)"}`,
        )),
    "",
    ...(own === undefined ? [] : [ownRecordsLine(own, sent)]),
    `${shown.acknowledged} records acknowledged, ${shown.seen} seen by consumers.`,
    "",
    ...judgementLines(judgements),
    "",
    `${result.inputs} inputs in ${wallMs.toFixed(0)} ms: ${perSecond} a second, ${times} times real time (${result.virtualMs.toFixed(0)} virtual ms).`,
    `Hash  ${result.hash}`,
    watchLine(scenario),
  ];
}

/** The link, unless it is too long for anything. */
export function watchLine(scenario: Scenario): string {
  const link = linkOf(scenario);
  return isLongLink(link)
    ? `Watch ${defaultAddress}, and drop the scenario's file there: as a link it has ${link.length} characters`
    : `Watch ${link}`;
}

const ownRecordsLine = (own: number, sent: number): string =>
  sent < own
    ? `${sent} of ${own} records of your own were sent: then the workload ends.`
    : `All ${own} records of your own were sent.`;

/** The scenario with the records of a file, if one is named. @throws BadInput */
function withRecordsOf(scenario: Scenario, { records, key }: RunOptions): Scenario {
  if (records === undefined) {
    if (key !== undefined) throw new BadInput("--key names a field of --records FILE.");
    return scenario;
  }
  return explain(records, () =>
    parseScenario(withRecords(scenario, keyedBy(parseRecords(readText(records, false)), key))),
  );
}
