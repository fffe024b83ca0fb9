/*
 * Mistakes that nobody thought of: comparisons flipped, numbers off by one, statements dropped, all over the rooms where
 * a mistake costs most. A seeded sample, so that the same code has the same mutants, and changed code most of them.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "vite";
import { draw, newStream } from "../../sim/world/stream.ts";

export interface Mechanical {
  /** Room, file, line and what was done, as a person finds it. */
  readonly id: string;
  readonly room: Room;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly to: string;
  /** The line as it stands, for the list of those that change nothing. */
  readonly line: string;
  readonly what: string;
}

export type Room = "log" | "replication" | "quorum" | "metadata" | "producer state";

const rooms: Readonly<Record<Room, readonly string[]>> = {
  log: ["core/log"],
  replication: ["core/replication"],
  quorum: ["core/controller/quorum"],
  metadata: ["core/controller/metadata"],
  "producer state": [
    "core/log/producers.ts",
    "core/client/producer",
    "core/replication/appending.ts",
  ],
};

export const mechanicalRooms = Object.keys(rooms) as Room[];

/** How many of each room. */
const perRoom = 22;

function filesUnder(root: string, path: string): string[] {
  const whole = join(root, path);
  if (statSync(whole).isFile()) return [path];
  return readdirSync(whole)
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`))
    .filter((name) => name.endsWith(".ts"));
}

/** All mistakes that could be made in a room. */
export function mistakesIn(root: string, room: Room): Mechanical[] {
  const files = rooms[room].flatMap((path) => filesUnder(root, path));
  // What is named as a file of its own belongs to the room that names it.
  const others = mechanicalRooms.flatMap((other) => (other === room ? [] : rooms[other]));
  return files
    .filter((file) => !others.includes(file))
    .flatMap((file) => candidates(root, file, room));
}

/** A mistake's place in the draw hangs on itself alone: where other lines change, the same ones are drawn. */
const placeOf = ({ file, line, what }: Mechanical, seed: string): number =>
  draw(newStream(seed, `mutants/${file}/${line}/${what}`));

/** The seeded sample over all rooms. */
export function mechanicalMutants(root: string, seed = "1"): Mechanical[] {
  const sample: Mechanical[] = [];
  for (const room of mechanicalRooms) {
    const drawn = mistakesIn(root, room).map((one) => ({ one, place: placeOf(one, seed) }));
    drawn.sort((a, b) => a.place - b.place);
    sample.push(...drawn.slice(0, perRoom).map(({ one }) => one));
  }
  return sample;
}

const flips: ReadonlyMap<string, string> = new Map([
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["===", "!=="],
  ["!==", "==="],
  ["&&", "||"],
  ["||", "&&"],
]);

/** A node of the syntax tree, as ESTree has it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly operator?: string;
  readonly left?: Node;
  readonly right?: Node & { readonly value?: unknown };
}

/** All mistakes that could be made in a file. */
function candidates(root: string, file: string, room: Room): Mechanical[] {
  const text = readFileSync(join(root, file), "utf8");
  const found: Mechanical[] = [];
  const add = (start: number, end: number, to: string, what: string): void => {
    const before = text.slice(0, start).split("\n");
    const shown = (text.split("\n")[before.length - 1] ?? "").trim();
    const id = `${file}:${before.length} ${what}`;
    found.push({ id, room, file, start, end, to, line: shown, what });
  };
  for (const node of nodesOf(parseSync(file, text).program)) {
    // What only a switched-on flaw reaches is looked at with that flaw.
    if (text.slice(node.start, node.end).includes("hasFlaw")) continue;
    const { operator, left, right, type } = node;
    if (operator !== undefined && left !== undefined && right !== undefined) {
      const flipped = flips.get(operator);
      const at = text.indexOf(operator, left.end);
      if (flipped !== undefined && at < right.start)
        add(at, at + operator.length, flipped, `${operator} becomes ${flipped}`);
      if (["+", "-", "+=", "-="].includes(operator) && right.value === 1)
        add(right.start, right.end, "2", `${operator} 1 becomes ${operator} 2`);
    }
    // A note only tells: without it nothing is wrong but the trace.
    const isTold = /^(note|assert)\(/.test(text.slice(node.start, node.start + 8));
    if (type === "ExpressionStatement" && !isTold)
      add(node.start, node.end, ";", "statement dropped");
  }
  return found.map((one) => toldApart(one, found));
}

const places = ["1st", "2nd", "3rd", "4th", "5th", "6th"];

/** Says of a mistake that could be made at several places of its line at which of them it is made. */
function toldApart(one: Mechanical, all: readonly Mechanical[]): Mechanical {
  const same = all.filter(({ id }) => id === one.id);
  if (same.length === 1) return one;
  const place = places[same.filter(({ start }) => start < one.start).length] ?? "a later one";
  return { ...one, id: `${one.id} (${place})`, what: `${one.what} (${place})` };
}

/** Every node below and including this one that is no type. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const one of value) yield* nodesOf(one);
    return;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return;
  const node = value as Node;
  if (node.type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)Expression$/.test(node.type)) return;
  yield node;
  for (const child of Object.values(node)) yield* nodesOf(child);
}
