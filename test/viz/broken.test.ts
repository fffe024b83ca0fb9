import { expect, test } from "vitest";
import { library, parseScenario } from "#sim";
import { breakAfter } from "../../viz/broken.ts";
import { indexOf } from "../../viz/model/recording.ts";
import { why } from "../../viz/model/why.ts";
import { breaksOf, hear, newRun } from "../../viz/run.ts";
import { advanceRun, startRun } from "../../viz/simulated-run.ts";

test.each(["acks-1", "unclean-election"])(
  "where %s breaks a promise, that is what is told, and its cause is a fault",
  (name) => {
    const make = library.get(name);
    if (make === undefined) throw new RangeError(`the library has no ${name}`);
    const run = newRun(1, parseScenario(make()));
    advanceRun(startRun(run.scenario), Infinity, {
      event: (event) => hear(run, { type: "events", run: 1, events: [event] }),
      verdict: (change) => hear(run, { type: "verdicts", run: 1, changes: [change] }),
    });
    const breaks = breaksOf(run);
    expect(breaks.length).toBeGreaterThan(0);
    for (const { seq } of breaks) {
      const count = indexOf(run.recording, seq) + 1;
      const told = breakAfter(run, count);
      const words = run.verdicts
        .filter((one) => one.seq === seq)
        .map(({ evidence }) =>
          evidence?.replace(/\b[Bb]roker (\d)/g, "b$1").replace(/(\d)(\d{3}\.\d{3} ms)/g, "$1,$2"),
        );
      // A word that nobody gave is not told as one that was broken.
      const isPromised = breaks.some((one) => one.seq === seq && one.isPromised);
      const opening = isPromised ? "Broken: " : "Broken, not promised: ";
      const [sentence = ""] = told?.sentence.split(opening).slice(1) ?? [];
      expect(words.some((one) => one?.startsWith(`${sentence}.`))).toBe(true);
      expect(sentence).not.toMatch(/broker \d/i);
      const chain = why(run.recording, told?.event?.seq ?? -1);
      expect(chain.at(-1)?.event.type).toBe("fault");
      expect(breakAfter(run, count - 1)?.sentence).not.toBe(told?.sentence);
    }
  },
);
