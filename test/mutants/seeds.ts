/*
 * Judges drawn runs of every family in turn, seed after seed, and stops at the first one that breaks a promise: the seed
 * that notices a mutant.
 */
import { families, judge } from "#sim";
import { brokenPromise } from "../support/failure.ts";

// Whoever asked may be stopped at any time: then nobody waits for an answer any more.
const asker = process.ppid;

search: for (let seed = 1; process.ppid === asker; seed++) {
  for (const [name, draw] of families) {
    const judged = judge(draw(String(seed)));
    const broken = brokenPromise(judged);
    if (broken === undefined) continue;
    const evidence = judged.judgements.find(({ id }) => id === broken.guarantee)?.evidence ?? "";
    console.log(`broken ${broken.guarantee}, ${name}, seed ${seed}: ${evidence}`);
    process.exitCode = 1;
    break search;
  }
}
