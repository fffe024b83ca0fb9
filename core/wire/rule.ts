import { assert } from "../foundation/assert.ts";

type Versions = `${number}+` | `${number}-${number}`;
type Nullable = "" | ` nullable ${number}+`;
type Tagged = "" | ` tag ${number}`;
type Ignorable = "" | " ignorable";

/**
 * In which versions a field is on the wire, and how, in the words of Kafka's definitions: `"4+"`,
 * `"0-12 ignorable"`, `"15+ tag 1"`, `"0+ nullable 10+"`. `tag`: it stands in the tag section, and only when
 * it is not its default. `ignorable`: a version without it drops its value; otherwise only the default may be
 * given there. `nullable`: of a nullable field, the versions in which null may stand (all, if not said).
 */
export type Rule = `${Versions}${Nullable}${Tagged}${Ignorable}`;

/** A rule, read. */
export interface ParsedRule {
  readonly from: number;
  readonly to: number;
  readonly nullableFrom: number;
  readonly tag: number | undefined;
  readonly ignorable: boolean;
}

/** Reads a rule; none at all means every version. */
export function parseRule(rule: Rule | undefined): ParsedRule {
  const words = (rule ?? "0+").split(" ");
  const [versions = "0+"] = words;
  const [from, to] = versions.endsWith("+")
    ? [Number(versions.slice(0, -1)), Infinity]
    : versions.split("-").map(Number);
  assert(from !== undefined && to !== undefined && from <= to, `${rule} names versions`);
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
  const tag = after("tag");
  return {
    from,
    to,
    nullableFrom: Number(after("nullable")?.slice(0, -1) ?? from),
    tag: tag === undefined ? undefined : Number(tag),
    ignorable: words.includes("ignorable"),
  };
}
