/*
 * How long the search takes to find each flaw of the museum from seeds alone: several starts, each counted until the
 * flaw shows (broken with it, whole without it), and the median of them.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { FlawId } from "#core";
import { type FlawRow, museum, type Scenario, shortened, storyOf } from "#sim";
import { BadInput, exit } from "./exit.ts";
import { wholeNumber } from "./numbers.ts";
import type { Search, Searched } from "./museum-worker.ts";
import { handOut } from "./pool.ts";
import { checkFlaws } from "./run.ts";
import { checkFolder, writeOut } from "./write.ts";

export interface MuseumOptions {
  readonly starts: string;
  readonly most: string;
  readonly flaw?: readonly string[];
  readonly jobs?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** One row of the table. */
export interface Measured {
  readonly id: FlawId;
  readonly kip: string;
  readonly kind: FlawRow["kind"];
  readonly breaks: string;
  /** Median over the starts of the seeds that it took; undefined: more than were looked at. */
  readonly median: number | undefined;
  readonly found: number;
  readonly starts: number;
  /** Faults in its story: in the one that was found now, if one was asked for; undefined: there is none. */
  readonly faults: number | undefined;
}

/** Starts lie so far apart that no two of them look at the same seed. */
const apart = 100_000;

/** Measures every row, or those that were named. */
export async function museumTable(options: MuseumOptions): Promise<number> {
  const starts = wholeNumber("--starts", options.starts);
  const most = wholeNumber("--most", options.most);
  const jobs =
    options.jobs === undefined ? availableParallelism() : wholeNumber("--jobs", options.jobs);
  if (options.out !== undefined) checkFolder(options.out);
  if (most > apart) throw new BadInput(`--most takes at most ${apart}, not ${most}.`);
  const ids = options.flaw === undefined ? museum.map(({ id }) => id) : checkFlaws(options.flaw);
  const searches = ids.flatMap((id) =>
    Array.from({ length: starts }, (_, i): Search => {
      return { id, from: i * apart + 1, most, story: i === 0 && options.out !== undefined };
    }),
  );
  const searched: Searched[] = [];
  await searchAll(searches, jobs, (one) => {
    searched.push(one);
    if (one.story === undefined || options.out === undefined) return;
    const text = JSON.stringify(shortened(one.story), undefined, 2);
    writeOut(join(options.out, `${one.id}.json`), `${text}\n`);
  });
  const rows = museum
    .filter(({ id }) => ids.includes(id))
    .map((row) =>
      measured(
        row,
        searched.filter(({ id }) => id === row.id),
        options.out === undefined ? storyOf(row.id) : undefined,
      ),
    );
  if (options.json === true) console.log(JSON.stringify(rows));
  else for (const line of tableOf(rows, most)) console.log(line);
  return exit.held;
}

/** What a flaw's searches came to. `kept`: the story that counts if none of them made one. */
export function measured(
  row: FlawRow,
  searched: readonly Searched[],
  kept: Scenario | undefined,
): Measured {
  const { id, kip, kind, promises } = row;
  const counts = searched.map(({ seeds }) => seeds ?? Infinity).sort((a, b) => a - b);
  const middle = counts.length / 2;
  const low = counts[Math.ceil(middle) - 1] ?? Infinity;
  const high = counts[Math.floor(middle)] ?? Infinity;
  const median = (low + high) / 2;
  return {
    id,
    kip,
    kind,
    breaks:
      searched.find(({ guarantee }) => guarantee !== undefined)?.guarantee ?? promises[0] ?? "",
    median: median === Infinity ? undefined : median,
    found: counts.filter((count) => count < Infinity).length,
    starts: counts.length,
    faults: (searched.find(({ story }) => story !== undefined)?.story ?? kept)?.faults.length,
  };
}

/** Markdown, as the README holds it. */
function tableOf(rows: readonly Measured[], most: number): string[] {
  const lines = rows.map(({ id, kip, breaks, median, found, starts, faults }) => {
    const seeds =
      median === undefined ? `more than ${most} (${found} of ${starts} starts)` : `${median}`;
    return `| \`${id}\` | ${kip} | ${breaks} | ${seeds} | ${faults ?? "–"} |`;
  });
  return [
    "| flaw | mended by | what breaks | seeds | faults |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ];
}

/** Does all searches, so many at a time. */
async function searchAll(
  searches: readonly Search[],
  jobs: number,
  hear: (searched: Searched) => void,
): Promise<void> {
  const workers = Array.from(
    { length: Math.min(jobs, searches.length) },
    () => new Worker(new URL("./museum-worker.mjs", import.meta.url)),
  );
  await handOut(workers, searches, hear);
}
