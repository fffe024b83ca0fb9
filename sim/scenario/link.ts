/*
 * A run as an address: the lab opens at it, and the command line takes it. A named scenario travels by name and seed, any
 * other as a whole, packed, since a later version may draw otherwise.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { library, withSeed } from "./catalogue.ts";
import { parseScenario, parseScenarioText, ScenarioError } from "./parse.ts";
import type { Scenario } from "./schema.ts";

/** Where `npm start` serves the lab by default. */
export const defaultPort = 4173;
export const defaultAddress = `http://localhost:${defaultPort}/`;

/** What a link says. */
export interface Linked {
  readonly scenario: Scenario;
  /** Virtual milliseconds at which the lab stands; undefined: where it likes. */
  readonly atMs: number | undefined;
}

/** The largest packed scenario that is unpacked: beyond it lies no scenario that keeps the limits. */
const maxUnpacked = 1_000_000;

/** The fragment of a link: `#scenario=first-light&seed=1&t=3000`. */
export function fragmentOf(scenario: Scenario, atMs?: number): string {
  const named = library.get(scenario.name);
  const isNamed =
    named !== undefined &&
    JSON.stringify(withSeed(named(), scenario.seed)) === JSON.stringify(scenario);
  const time = atMs === undefined ? "" : `&t=${atMs}`;
  if (isNamed) {
    return `#scenario=${encodeURIComponent(scenario.name)}&seed=${encodeURIComponent(scenario.seed)}${time}`;
  }
  return `#run=${toBase64Url(deflateSync(strToU8(JSON.stringify(scenario)), { level: 9 }))}${time}`;
}

export const linkOf = (scenario: Scenario, atMs?: number): string =>
  defaultAddress + fragmentOf(scenario, atMs);

/** Whether a text looks like a link rather than a file or a name. */
export const isLink = (text: string): boolean => /^https?:\/\//.test(text) || text.startsWith("#");

/**
 * Reads a link, or its fragment alone.
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
  return { scenario, atMs: timeOf(parts.get("t"), scenario) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ScenarioError("link", `${text} is not percent-encoded`);
  }
}

function scenarioOf(parts: ReadonlyMap<string, string>): Scenario {
  const packed = parts.get("run");
  if (packed !== undefined) return unpack(packed);
  const name = parts.get("scenario");
  if (name === undefined)
    throw new ScenarioError("link", "it names no run: expected scenario=NAME or run=...");
  const named = library.get(name);
  if (named === undefined) {
    const known = [...library.keys()].join(", ");
    throw new ScenarioError("link.scenario", `no scenario is named ${name}; there are ${known}`);
  }
  return parseScenario(withSeed(named(), parts.get("seed")));
}

function unpack(packed: string): Scenario {
  let text: string;
  try {
    const bytes = inflateSync(fromBase64Url(packed), { out: new Uint8Array(maxUnpacked) });
    text = strFromU8(bytes);
  } catch {
    throw new ScenarioError("link.run", "it is not a packed scenario (was the link cut?)");
  }
  return parseScenarioText(text);
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
