import { expect, test } from "vitest";
import { lines } from "../../cli/progress.ts";

test("a log is told at most every ten seconds how far a search is", () => {
  let now = 0;
  const said: string[] = [];
  const progress = lines(
    100,
    (line) => void said.push(line),
    () => now,
  );
  for (let seed = 0; seed < 30; seed += 1) {
    now += 1000;
    progress.seen(seed === 4);
  }
  progress.stop();
  expect(said).toEqual([
    "10 of 100 seeds, 1 broke",
    "20 of 100 seeds, 1 broke",
    "30 of 100 seeds, 1 broke",
  ]);
});
