// Who may import whom: the layers of the design, as tables and one check.
import { posix } from "node:path";
import {
  type Complaint,
  type SourceFile,
  type SyntaxNode,
  complain,
  isNode,
  parse,
  roomOf,
  walk,
} from "./source.ts";

interface Room {
  /** Other rooms, by their barrels. */
  readonly rooms: readonly string[];
  /** Packages; "node:" stands for all that come with Node. */
  readonly packages: readonly string[];
}

const rooms: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: [] },
  sim: {
    rooms: ["core"],
    packages: [
      "valibot",
      "@valibot/to-json-schema",
      "fast-check",
      "seedrandom",
      "fflate",
      "d3-dsv",
    ],
  },
  viz: { rooms: ["core", "sim"], packages: ["d3", "fflate", "jsonc-parser", "qr"] },
  library: { rooms: ["core", "sim"], packages: [] },
  slides: { rooms: ["viz", "sim"], packages: ["reveal.js", "d3"] },
  cli: {
    rooms: ["core", "sim"],
    packages: ["node:", "commander", "cli-progress", "fflate", "tsx"],
  },
  bench: { rooms: ["core", "sim"], packages: ["node:", "kafkajs", "playwright-core", "vite"] },
};

const middle = ["foundation", "wire", "log", "replication"];
const coordinators = ["controller", "group", "transaction"];
/** What each part of core may use of the others. */
const core: Readonly<Record<string, readonly string[]>> = {
  foundation: [],
  wire: ["foundation"],
  log: ["foundation", "wire"],
  replication: ["foundation", "wire", "log"],
  controller: middle,
  group: middle,
  transaction: middle,
  broker: [...middle, ...coordinators],
  client: ["foundation", "wire"],
};

/** Complains of every import that the layers do not allow. Tests and scripts may reach into any file. */
export function importComplaints(file: SourceFile): Complaint[] {
  const from = roomOf(file.path);
  const room = rooms[from];
  if (room === undefined) return [];
  const complaints: Complaint[] = [];
  for (const { node, specifier, typeOnly } of imports(file)) {
    const sentence = specifier.startsWith(".")
      ? relativeProblem(file.path, specifier)
      : specifier.startsWith("#")
        ? barrelProblem(file.path, room, specifier, typeOnly)
        : packageProblem(room, specifier, from);
    if (sentence !== undefined) complaints.push(complain(file, node, sentence));
  }
  return complaints;
}

function relativeProblem(path: string, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  const from = roomOf(path);
  if (roomOf(target) !== from) return `reaches ${target}: other rooms are imported as #room`;
  if (from !== "core") return undefined;
  const [, part = "", rest] = path.split("/");
  const [, wanted = "", wantedRest] = target.split("/");
  if (rest === undefined) return undefined; // core/index.ts, the barrel
  if (wantedRest === undefined) return `imports the barrel of its own room, ${target}`;
  if (wanted === part || core[part]?.includes(wanted) === true) return undefined;
  return `core/${part} may not use core/${wanted} (${specifier})`;
}

function barrelProblem(
  path: string,
  room: Room,
  specifier: string,
  typeOnly: boolean,
): string | undefined {
  const from = roomOf(path);
  const wanted = specifier.slice(1);
  if (wanted === from) return `imports its own barrel ${specifier}: import the defining file`;
  if (!room.rooms.includes(wanted)) return `${from} may not use ${specifier}`;
  if (path.startsWith("viz/marks/") && wanted === "core" && !typeOnly) {
    return `a mark draws only what the trace says, so it may not use ${specifier}`;
  }
  return undefined;
}

function packageProblem(room: Room, specifier: string, from: string): string | undefined {
  const allowed = room.packages.some(
    (name) =>
      specifier === name ||
      (name === "node:" ? specifier.startsWith(name) : specifier.startsWith(`${name}/`)),
  );
  return allowed ? undefined : `${from} may not use the package ${specifier}`;
}

interface Import {
  readonly node: SyntaxNode;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Everything that names another module: import, export from, import() and import types. */
function imports(file: SourceFile): Import[] {
  const found: Import[] = [];
  walk(parse(file), (node) => {
    const source = node["source"];
    if (!isNode(source) || typeof source["value"] !== "string") return;
    const typeOnly =
      node["importKind"] === "type" ||
      node["exportKind"] === "type" ||
      node.type === "TSImportType";
    found.push({ node, specifier: source["value"], typeOnly });
  });
  return found;
}
