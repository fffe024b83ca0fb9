import { expect, test } from "vitest";
import { families, library, parseScenario, runScenario } from "#sim";
import { timerWords } from "../../../viz/model/timer-words.ts";

/** Every timer that goes off in a few runs of all sorts. */
function timers(): ReadonlySet<string> {
  const seen = new Set<string>();
  const named = ["unclean-election", "combined", "blackout"].map((one) => library.get(one)!());
  const drawn = [...families.values()].slice(0, 4).map((draw) => draw("1"));
  for (const scenario of [...named.map((one) => parseScenario(one)), ...drawn])
    runScenario(scenario, {
      listeners: [(event) => void (event.type === "timer" && seen.add(event.timer))],
    });
  return seen;
}

test("every timer says in words what its process has to do", () => {
  const all = timers();
  expect(all.size).toBeGreaterThan(20);
  for (const timer of all) {
    const words = timerWords(timer);
    expect(words).toMatch(
      /^to [a-z ]+( b\d+)?( is overdue| to disk| up to where its logs are flushed| where its logs start)?/,
    );
    // No name of the code's.
    expect(words).not.toMatch(/[a-z][A-Z]|\/|named/);
  }
});

test("a timer about another broker names it", () => {
  expect(timerWords("fetch/3")).toBe("to fetch from b3");
  expect(timerWords("channel/fetch-12")).toBe("to give up its fetch from b12");
  expect(timerWords("highWatermarks")).toBe("to write its high watermarks");
});
