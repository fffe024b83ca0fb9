/* Drawn runs judged per second, and how much faster than its own clock the default scenario runs. */
import { defaultFamily, defaultScenario, families, judge, library, runScenario } from "#sim";
import { median } from "./measure.ts";

const seeds = 40;
const runs = 7;

/** Prints both; the bound of the first is a run that nobody judges, of the second real time. */
export function benchDrawnRuns(): void {
  drawn();
  realTime();
}

function drawn(): void {
  const draw = families.get(defaultFamily);
  if (draw === undefined) throw new Error("there is no default family");
  const scenarios = Array.from({ length: seeds }, (_, i) => draw(String(i + 1)));
  for (const scenario of scenarios.slice(0, 10)) judge(scenario);
  let judgedMs = 0;
  let bareMs = 0;
  let inputs = 0;
  for (const scenario of scenarios) {
    const started = performance.now();
    inputs += judge(scenario).result.inputs;
    const between = performance.now();
    runScenario(scenario);
    judgedMs += between - started;
    bareMs += performance.now() - between;
  }
  const judged = (seeds * 1000) / judgedMs;
  const bare = (seeds * 1000) / bareMs;
  console.log(`Drawn runs of ${defaultFamily}, one core: ${seeds} seeds, judged beside unjudged`);
  console.log(
    `  ${judged.toFixed(1)} runs/s judged, ${bare.toFixed(1)} runs/s not: ${(judged / bare).toFixed(2)} of it; ${(inputs / seeds).toFixed(0)} inputs a run, ${((inputs * 1000) / judgedMs).toFixed(0)} inputs/s`,
  );
}

function realTime(): void {
  const scenario = library.get(defaultScenario)?.();
  if (scenario === undefined) throw new Error("there is no default scenario");
  judge(scenario);
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    const { result } = judge(scenario);
    return { virtual: result.virtualMs, wall: performance.now() - started };
  });
  const wall = median(times.map((one) => one.wall));
  const virtual = times[0]?.virtual ?? NaN;
  console.log(
    `Scenario ${defaultScenario}, judged, beside real time: ${virtual.toFixed(0)} virtual ms in ${wall.toFixed(0)} ms: ${(virtual / wall).toFixed(0)} times`,
  );
}
