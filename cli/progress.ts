/* How far a search is: a bar on a terminal, elsewhere a line now and then, for a log that somebody follows. */
import { Presets, SingleBar } from "cli-progress";

/** Hears of every seed that was looked at. */
export interface Progress {
  /** `broke`: something that was promised. */
  seen(this: void, broke: boolean): void;
  stop(this: void): void;
}

/** Real milliseconds between two lines. */
const lineEveryMs = 10_000;

/** Progress of `total` seeds on the standard error stream. */
export const progressOf = (total: number): Progress =>
  process.stderr.isTTY ? bar(total) : lines(total, console.error, () => performance.now());

function bar(total: number): Progress {
  const shown = new SingleBar(
    {
      format: "{bar} {percentage}% | {value}/{total} seeds | {broke} broke | {eta_formatted} left",
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  let broken = 0;
  shown.start(total, 0, { broke: broken });
  return {
    seen: (broke) => {
      broken += broke ? 1 : 0;
      shown.increment(1, { broke: broken });
    },
    stop: () => shown.stop(),
  };
}

/** Says with the first seed after each stretch of time how many there were. `now`: milliseconds. */
export function lines(total: number, say: (line: string) => void, now: () => number): Progress {
  let seen = 0;
  let broken = 0;
  let saidAt = now();
  return {
    seen: (broke) => {
      seen += 1;
      broken += broke ? 1 : 0;
      if (now() - saidAt < lineEveryMs) return;
      saidAt = now();
      say(`${seen} of ${total} seeds, ${broken} broke`);
    },
    stop: () => undefined,
  };
}
