import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Presets, SingleBar } from "cli-progress";
import { breaks, linkOf, reduce, type Scenario } from "#sim";
import { BadInput, exit } from "./exit.ts";
import { find, type Found } from "./find.ts";
import { judgeAll } from "./pool.ts";
import { story } from "./reduce.ts";
import { checkClaim, checkFlaws, claimsWith } from "./run.ts";
import type { SeedReport } from "./sweep-job.ts";
import { writeOut } from "./write.ts";

export interface SweepOptions {
  readonly seeds: string;
  readonly from: string;
  readonly claim?: string;
  readonly flaw?: readonly string[];
  readonly jobs?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** One way in which a guarantee broke, with the smallest scenario found. */
interface Broken {
  readonly guarantee: string;
  readonly precondition: readonly string[];
  readonly seed: string;
  readonly file: string;
  readonly evidence: string;
  readonly scenario: Scenario;
}

/** Looks through many seeds for one that breaks a promise; each way of breaking is reduced and kept. */
export async function sweep(asked: string | undefined, options: SweepOptions): Promise<number> {
  checkClaim(options.claim);
  const count = wholeNumber("--seeds", options.seeds);
  const from = wholeNumber("--from", options.from);
  const jobs =
    options.jobs === undefined ? availableParallelism() : wholeNumber("--jobs", options.jobs);
  const flaws = checkFlaws(options.flaw);
  const found = find(asked, "family", flaws);
  const claim = claimsWith(options.claim, flaws);
  const seeds = Array.from({ length: count }, (_, i) => String(from + i));
  const reports: SeedReport[] = [];
  const bar = progressBar(options, count);
  const started = performance.now();
  await judgeAll({ jobs, asked: found.name, flaws, claim }, seeds, (report) => {
    reports.push(report);
    bar?.increment();
  });
  const seconds = (performance.now() - started) / 1000;
  bar?.stop();
  const broken = keepSmallest(found, reports, options);
  const totals = totalsOf(reports, seconds);
  if (options.json === true) console.log(JSON.stringify(forPrograms(totals, broken)));
  else print(found, totals, broken);
  return broken.length === 0 ? exit.held : exit.broken;
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new BadInput(`${flag} takes a whole number from 1 on, not ${text}.`);
  }
  return value;
}

function progressBar({ json }: SweepOptions, count: number): SingleBar | undefined {
  if (json === true || !process.stderr.isTTY) return undefined;
  const bar = new SingleBar(
    {
      format: "{bar} {percentage}% | {value}/{total} seeds | {eta_formatted} left",
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(count, 0);
  return bar;
}

/** For each way of breaking, the scenario of the lowest seed that breaks so, made smaller and written down. */
function keepSmallest(
  found: Found,
  reports: readonly SeedReport[],
  options: SweepOptions,
): Broken[] {
  const ways = new Map<
    string,
    { readonly seed: string; readonly broken: SeedReport["broken"][number] }
  >();
  for (const { seed, broken } of reports.toSorted((a, b) => Number(a.seed) - Number(b.seed))) {
    for (const one of broken) {
      const way = [one.guarantee, ...one.off].join(" ");
      if (!ways.has(way)) ways.set(way, { seed, broken: one });
    }
  }
  return [...ways.values()].map(({ seed, broken }) => {
    const wanted = { guarantee: broken.guarantee, off: broken.off };
    const drawn = found.scenario(seed);
    const { scenario } = reduce(drawn, (candidate) => breaks(candidate, wanted));
    const name = [broken.guarantee, ...broken.off, seed].join("-");
    const file = join(options.out, `${name}.json`);
    writeOut(file, `${JSON.stringify(scenario, undefined, 2)}\n`);
    const { evidence } = broken;
    return {
      guarantee: broken.guarantee,
      precondition: broken.off,
      seed,
      file,
      evidence,
      scenario,
    };
  });
}

interface Totals {
  readonly seeds: number;
  readonly shares: {
    readonly acknowledgedAndStruck: number;
    readonly election: number;
    readonly truncation: number;
    readonly promisedUnderLoss: number;
  };
  readonly inputsPerSecond: number;
}

function totalsOf(reports: readonly SeedReport[], seconds: number): Totals {
  const seeds = reports.length;
  const sum = (of: (report: SeedReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const share = (of: (report: SeedReport) => boolean): number =>
    seeds === 0 ? 0 : sum((report) => (of(report) ? 1 : 0)) / seeds;
  const promised = sum(({ shown }) => shown.promised.acknowledged);
  return {
    seeds,
    shares: {
      acknowledgedAndStruck: share(({ shown }) => shown.acknowledgedAndStruck),
      election: share(({ shown }) => shown.election),
      truncation: share(({ shown }) => shown.truncation),
      promisedUnderLoss: promised === 0 ? 0 : sum(({ shown }) => shown.promised.under) / promised,
    },
    inputsPerSecond: Math.floor(sum(({ inputs }) => inputs) / seconds),
  };
}

const forPrograms = ({ seeds, shares, inputsPerSecond }: Totals, broken: readonly Broken[]) => ({
  seeds,
  broken: broken.map(({ guarantee, precondition, seed, file }) => ({
    guarantee,
    precondition,
    seed,
    file,
  })),
  shares,
  inputsPerSecond,
});

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function print(
  found: Found,
  { seeds, shares, inputsPerSecond }: Totals,
  broken: readonly Broken[],
): void {
  console.log(`${seeds} seeds of ${found.name}, ${inputsPerSecond} inputs a second.`);
  console.log(
    `  20 records acknowledged, and a live target struck after  ${percent(shares.acknowledgedAndStruck)} of runs`,
  );
  console.log(
    `  a partition changed its leader                           ${percent(shares.election)} of runs`,
  );
  console.log(
    `  a replica cut records on a diverging epoch               ${percent(shares.truncation)} of runs`,
  );
  console.log(
    `  a replica lost its copy while the promise held           ${percent(shares.promisedUnderLoss)} of records`,
  );
  if (broken.length === 0) console.log("\n✓ Nothing that was promised broke.");
  for (const one of broken) {
    const off = one.precondition.length === 0 ? "promised" : `off: ${one.precondition.join(", ")}`;
    console.log(`\n✗ broken ${one.guarantee} (${off}), seed ${one.seed}: ${one.evidence}`);
    for (const line of story(one.scenario, { guarantee: one.guarantee, off: one.precondition }))
      console.log(`  ${line}`);
    const claim = one.precondition.length === 0 ? "" : ` --claim ${one.guarantee}`;
    console.log(`  Scenario ${one.file}`);
    console.log(`  Again    npm run -s highwater -- run ${one.file}${claim}`);
    console.log(`  Watch    ${linkOf(one.scenario)}`);
  }
}
