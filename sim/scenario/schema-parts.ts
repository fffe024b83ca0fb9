/*
 * What the schemas of a scenario are made of: numbers, names, and objects that say which keys they have.
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

/** What is said of a key that nobody knows. */
const unknownKey = (key: unknown, known: readonly string[]): string =>
  `unknown key ${JSON.stringify(key)}; expected one of ${known.join(", ")}`;

/** Whether an issue is about a key that an object may not have. */
export const isUnknownKey = ({ type, expected }: v.BaseIssue<unknown>): boolean =>
  type === "strict_object" && expected === "never";

/** An object with these keys and no other; what is wrong with a key is said with those that there are. */
export const strict = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, (issue) => {
    const key = issue.path?.at(-1)?.key;
    if (isUnknownKey(issue)) return unknownKey(key, Object.keys(entries));
    return key === undefined ? issue.message : "is missing";
  });

type OneKey = v.StrictObjectSchema<v.ObjectEntries, v.ErrorMessage<v.StrictObjectIssue>>;

/** One of several objects that have one key each. */
export const oneOf = <const Options extends readonly OneKey[]>(options: Options) =>
  v.union(options, ({ input, issues, message }) => {
    if (typeof input !== "object" || input === null) return message;
    const known = options.flatMap(({ entries }) => Object.keys(entries));
    const given = Object.keys(input);
    const stranger = given.find((key) => !known.includes(key));
    if (stranger !== undefined) return unknownKey(stranger, known);
    if (given.length !== 1) return `expected exactly one of ${known.join(", ")}`;
    const wrong = issues?.find((issue) => issue.type !== "strict_object");
    return wrong === undefined ? message : `${given[0]}: ${wrong.message}`;
  });
