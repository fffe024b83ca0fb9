/*
 * Judges drawn runs, seed after seed, and stops at the first one that breaks a promise: the seed that notices a mutant.
 */
import { defaultFamily, families, judge } from "#sim";
import { brokenPromise } from "../support/failure.ts";

const draw = families.get(defaultFamily);
if (draw === undefined) throw new Error("there is no default family");
for (let seed = 1; ; seed++) {
  const judged = judge(draw(String(seed)));
  const broken = brokenPromise(judged);
  if (broken === undefined) continue;
  const evidence = judged.judgements.find(({ id }) => id === broken.guarantee)?.evidence ?? "";
  console.log(`broken ${broken.guarantee}, seed ${seed}: ${evidence}`);
  process.exitCode = 1;
  break;
}
