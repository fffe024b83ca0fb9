/*
 * What the schemas of a scenario are made of: numbers and names.
 */
import * as v from "valibot";

/** A whole number within bounds. */
export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
/** Milliseconds with up to three decimals. */
export const ms = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.minValue(least),
    v.maxValue(most),
    v.check((value) => Math.floor(value * 1000 + 0.5) / 1000 === value, "at most three decimals"),
  );
export const wholeRange = (least: number, most: number) =>
  v.strictTuple([whole(least, most), whole(least, most)]);

export const name = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern), v.maxLength(64));
export const topicName = name(/^[a-zA-Z0-9._-]+$/);
export const nodeName = name(/^[a-z]\d+$/);
/** Producers are p1, p2 and so on. */
export const producerName = name(/^p\d+$/);
export const partitionName = name(/^[a-zA-Z0-9._-]+-\d+$/);
