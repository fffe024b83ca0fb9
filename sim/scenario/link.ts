/*
 * A run as an address: the lab opens at it, and the command line takes it. A named scenario travels by name and seed, any
 * other as a whole, packed, since a later version may draw otherwise. Beside it stands where the reader was, and what the
 * run came to, so that another version can say whether it still does.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { library, withSeed } from "./catalogue.ts";
import { parseScenario, ScenarioError } from "./parse.ts";
import type { Scenario } from "./schema.ts";

/** Where `npm start` serves the lab by default. */
export const defaultPort = 4173;
export const defaultAddress = `http://localhost:${defaultPort}/`;

/** Where a reader is in a run, and what it came to. */
export interface LinkMoment {
  /** Virtual milliseconds at which the lab stands; undefined: where it likes. */
  readonly atMs?: number | undefined;
  /** The event that is looked into. */
  readonly selected?: number | undefined;
  /** What else the lab shows, as plain data of its own. */
  readonly view?: unknown;
  /** What the run came to, where it was whole. */
  readonly outcome?: Outcome | undefined;
}

/** What a run came to: another version may come to something else. */
export interface Outcome {
  readonly hash: string;
  /** Ids of the guarantees that broke, promised or not, in their order. */
  readonly broke: readonly string[];
}

/** What a link says. */
export interface Linked extends LinkMoment {
  readonly scenario: Scenario;
}

/** The largest packed text that is unpacked: beyond it lies no scenario that keeps the limits. */
const maxUnpacked = 4_000_000;

/** The fragment of a link: `#scenario=first-light&seed=1&t=3000&sel=812&hash=0123456789abcdef`. */
export const fragmentOf = (scenario: Scenario, moment: LinkMoment = {}): string =>
  runFragment(scenario) + momentFragment(moment);

/** The part of a fragment that names the run. */
export function runFragment(scenario: Scenario): string {
  const named = library.get(scenario.name);
  const isNamed =
    named !== undefined &&
    JSON.stringify(withSeed(named(), scenario.seed)) === JSON.stringify(scenario);
  if (isNamed) {
    return `#scenario=${encodeURIComponent(scenario.name)}&seed=${encodeURIComponent(scenario.seed)}`;
  }
  return `#run=${packed(scenario)}`;
}

/** The part of a fragment that says where the reader is. */
export function momentFragment({ atMs, selected, view, outcome }: LinkMoment): string {
  const parts = [
    atMs === undefined ? "" : `&t=${atMs}`,
    selected === undefined ? "" : `&sel=${selected}`,
    view === undefined ? "" : `&v=${packed(view)}`,
    outcome === undefined ? "" : `&hash=${outcome.hash}`,
    (outcome?.broke ?? []).length === 0 ? "" : `&broke=${outcome?.broke.join(",")}`,
  ];
  return parts.join("");
}

export const linkOf = (scenario: Scenario, moment: LinkMoment = {}): string =>
  defaultAddress + fragmentOf(scenario, moment);

/** Many programs cut off links that are longer: a file is better. */
export const isLongLink = (link: string): boolean => link.length > 8192;

/** Whether a text looks like a link rather than a file or a name. */
export const isLink = (text: string): boolean => /^https?:\/\//.test(text) || text.startsWith("#");

/**
 * Reads a link, or its fragment alone. Whoever types one may write `s` for `scenario` and `x` for `run`.
 * @throws ScenarioError that says which part is wrong
 */
export function parseLink(text: string): Linked {
  const fragment = text.slice(text.indexOf("#") + 1);
  if (!text.includes("#"))
    throw new ScenarioError("link", "it has no part after #, which names the run");
  const parts = new Map(
    fragment.split("&").map((part): [string, string] => {
      const equals = part.indexOf("=");
      return equals === -1 ? [part, ""] : [part.slice(0, equals), decode(part.slice(equals + 1))];
    }),
  );
  const scenario = scenarioOf(parts);
  const view = parts.get("v");
  return {
    scenario,
    atMs: timeOf(parts.get("t"), scenario),
    selected: eventOf(parts.get("sel")),
    view: view === undefined ? undefined : unpacked(view, "link.v", "no packed view"),
    outcome: outcomeOf(parts.get("hash"), parts.get("broke")),
  };
}

function eventOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ScenarioError("link.sel", `${text} is no event; expected a whole number from 0 on`);
}

function outcomeOf(hash: string | undefined, broke = ""): Outcome | undefined {
  if (hash === undefined) return undefined;
  if (!/^[0-9a-f]{16}$/.test(hash))
    throw new ScenarioError("link.hash", `${hash} is no hash; expected 16 hexadecimal digits`);
  return { hash, broke: broke === "" ? [] : broke.split(",") };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ScenarioError("link", `${text} is not percent-encoded`);
  }
}

function scenarioOf(parts: ReadonlyMap<string, string>): Scenario {
  const whole = parts.get("run") ?? parts.get("x");
  if (whole !== undefined) return parseScenario(unpacked(whole, "link.run", "no packed scenario"));
  const name = parts.get("scenario") ?? parts.get("s");
  if (name === undefined)
    throw new ScenarioError("link", "it names no run: expected scenario=NAME or run=...");
  const named = library.get(name);
  if (named === undefined) {
    const known = [...library.keys()].join(", ");
    throw new ScenarioError("link.scenario", `no scenario is named ${name}; there are ${known}`);
  }
  return parseScenario(withSeed(named(), parts.get("seed")));
}

const packed = (value: unknown): string =>
  toBase64Url(deflateSync(strToU8(JSON.stringify(value)), { level: 9 }));

/** Plain data that was packed; `what` it is not if it cannot be read. */
function unpacked(text: string, path: string, what: string): unknown {
  try {
    const bytes = inflateSync(fromBase64Url(text), { out: new Uint8Array(maxUnpacked) });
    return JSON.parse(strFromU8(bytes)) as unknown;
  } catch {
    throw new ScenarioError(path, `it is ${what} (was the link cut?)`);
  }
}

function timeOf(text: string | undefined, { durationMs }: Scenario): number | undefined {
  if (text === undefined) return undefined;
  const time = Number(text);
  if (text === "" || !Number.isFinite(time) || time < 0) {
    throw new ScenarioError(
      "link.t",
      `${text} is no time; expected milliseconds from 0 on, such as ${durationMs / 2}`,
    );
  }
  return time;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = left > 2 ? 4 : left + 1;
    for (let digit = 0; digit < digits; digit++)
      text += alphabet[(word >> (18 - 6 * digit)) & 63] ?? "";
  }
  return text;
}

function fromBase64Url(text: string): Uint8Array {
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  for (const digit of text) {
    const value = alphabet.indexOf(digit);
    if (value === -1) throw new RangeError(`${digit} is no digit of base64url`);
    word = ((word << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((word >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}
