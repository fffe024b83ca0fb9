import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Files, Millis, Ports } from "#core";
import { advance, createWorld, type Machine, newRuntime, type TraceEvent, type World } from "#sim";
import type { Fault } from "../../../sim/scenario/schema.ts";
import { filePieces, fileSize } from "../../../sim/world/disk/file.ts";
import { joined } from "../../../sim/world/disk/content.ts";
import { nodeNamed } from "../../../sim/world/nodes.ts";
import { seed } from "./arbitraries.ts";
import { toys, toyScenario } from "./toy.ts";

/** One operation that a process asked for, as its trace event dates it. */
type Done = { at: number; until: number } & (
  | { op: "append"; path: string; bytes: number[] }
  | { op: "writeAt"; path: string; position: number; bytes: number[] }
  | { op: "truncate"; path: string; size: number }
  | { op: "rename"; path: string; to: string }
  | { op: "fsync" | "remove" | "fsyncFolder"; path: string }
);

const paths = ["a", "b", "log/0", "log/1"];

/** A process that writes at random, in bursts of up to four operations. */
const scribe: Machine<unknown> = {
  create: () => ({ count: 0 }),
  step: (state, now, input, ports, outbox) => {
    const self = state as { count: number };
    if (input.type === "started") self.count = 0;
    for (let i = ports.random() % 5; i > 0; i--) scribble(self, ports);
    const at = (now.monotonic + 1 + (ports.random() % 3)) as Millis;
    outbox.push({ type: "setTimer", timer: "next", at });
  },
};

function scribble(self: { count: number }, { files, random }: Ports): void {
  const path = paths[random() % paths.length]!;
  const length = [1, 5, 700, 5000, 20_000][random() % 5]!;
  const bytes = new Uint8Array(length).map((_, i) => (self.count * 17 + i) & 0xff);
  self.count++;
  const size = files.size(path);
  const choice = random() % 12;
  if (choice < 5 || size === undefined) files.append(path, bytes);
  else if (choice < 7) files.fsync(path);
  else if (choice === 7) files.writeAt(path, random() % (size + 100), bytes);
  else if (choice === 8) files.truncate(path, random() % (size + 50));
  else if (choice === 9) files.rename(path, paths[random() % paths.length]!);
  else if (choice === 10) files.remove(path);
  else files.fsyncFolder(random() % 2 === 0 ? "" : "log");
}

/** Runs the scribe until after a fault at `at`, and keeps what it did. */
function scribbled(
  text: string,
  fault: Fault,
): { world: World; done: Done[]; events: TraceEvent[] } {
  const scenario = toyScenario(text, [fault]);
  const world = createWorld({
    ...scenario,
    cluster: { ...scenario.cluster, brokers: [{ id: 1, rack: null }] },
    // Slow enough that a crash often comes within an operation.
    disk: { ...scenario.disk, appendUs: [100, 500], metadataUs: [50, 300] },
    workload: { producers: [], consumers: [] },
  });
  const events: TraceEvent[] = [];
  const done: Done[] = [];
  const broker: Machine<unknown> = {
    ...scribe,
    step: (self, now, input, ports, outbox) => {
      const files = watched(ports.files, done, events);
      scribe.step(self, now, input, { ...ports, files }, outbox);
    },
  };
  const runtime = newRuntime({ ...toys, broker });
  advance(world, runtime, { listener: (event) => events.push(event) }, fault.atMs * 1000);
  expect(runtime.thrown).toEqual([]);
  return { world, done, events };
}

function watched(files: Files, done: Done[], events: readonly TraceEvent[]): Files {
  const watch = (what: object, act: () => void): void => {
    const before = events.length;
    act();
    const event = events.at(-1);
    if (events.length === before || event?.type !== "disk") return;
    done.push({ ...what, at: event.at, until: event.until } as Done);
  };
  return {
    append: (path, bytes) =>
      watch({ op: "append", path, bytes: [...bytes] }, () => files.append(path, bytes)),
    writeAt: (path, position, bytes) =>
      watch({ op: "writeAt", path, position, bytes: [...bytes] }, () =>
        files.writeAt(path, position, bytes),
      ),
    truncate: (path, size) =>
      watch({ op: "truncate", path, size }, () => files.truncate(path, size)),
    fsync: (path) => watch({ op: "fsync", path }, () => files.fsync(path)),
    rename: (path, to) => watch({ op: "rename", path, to }, () => files.rename(path, to)),
    remove: (path) => watch({ op: "remove", path }, () => files.remove(path)),
    fsyncFolder: (path) => watch({ op: "fsyncFolder", path }, () => files.fsyncFolder(path)),
    read: (path, position, length) => files.read(path, position, length),
    size: (path) => files.size(path),
    list: (folder) => files.list(folder),
  };
}

/** A file of the model. `safe`: which bytes an fsync put on the platter and nothing has touched since. */
interface ModelFile {
  bytes: number[];
  safe: (number | undefined)[];
}

/** A disk too simple to be wrong. `kept`: names that an fsync of their folder made safe and nothing has touched. */
interface Model {
  names: Map<string, ModelFile>;
  kept: Map<string, ModelFile>;
}

function apply(model: Model, op: Done): void {
  const { names, kept } = model;
  const file = (): ModelFile => {
    const known = names.get(op.path) ?? { bytes: [], safe: [] };
    if (!names.has(op.path)) {
      names.set(op.path, known);
      kept.delete(op.path);
    }
    return known;
  };
  switch (op.op) {
    case "append":
      file().bytes.push(...op.bytes);
      break;
    case "writeAt": {
      const { bytes, safe } = file();
      while (bytes.length < op.position) bytes.push(0);
      for (const [i, byte] of op.bytes.entries()) {
        bytes[op.position + i] = byte;
        safe[op.position + i] = undefined;
      }
      break;
    }
    case "truncate": {
      const { bytes, safe } = file();
      bytes.length = Math.min(bytes.length, op.size);
      safe.length = Math.min(safe.length, op.size);
      while (bytes.length < op.size) bytes.push(0);
      break;
    }
    case "fsync":
      file().safe = [...file().bytes];
      break;
    case "rename": {
      const moved = file();
      names.delete(op.path);
      names.set(op.to, moved);
      kept.delete(op.path);
      kept.delete(op.to);
      break;
    }
    case "remove":
      names.delete(op.path);
      kept.delete(op.path);
      break;
    case "fsyncFolder":
      for (const path of paths) {
        if ((path.startsWith("log/") ? "log" : "") !== op.path) continue;
        const known = names.get(path);
        if (known === undefined) kept.delete(path);
        else kept.set(path, known);
      }
  }
}

function modelOf(done: readonly Done[], until: number): Model {
  const model: Model = { names: new Map(), kept: new Map() };
  for (const op of done) if (op.until <= until) apply(model, op);
  return model;
}

function contents(world: World): Map<string, number[]> {
  const { disk } = nodeNamed(world, "b1");
  return new Map(
    [...disk.names].map(([path, id]) => {
      const file = disk.files.get(id)!;
      const pieces = filePieces(file, 0, fileSize(file));
      return [path, [...joined(pieces, (length) => new Uint8Array(length))]];
    }),
  );
}

const moment = fc.integer({ min: 100, max: 60_000 }).map((micros) => micros / 1000);

describe("a crash", () => {
  test("keeps exactly the operations completed by then, and at most a part of the one under way", () => {
    let torn = 0;
    fc.assert(
      fc.property(seed, moment, (text, atMs) => {
        const { world, done, events } = scribbled(text, {
          type: "crash",
          atMs,
          target: { node: "b1" },
        });
        const at = atMs * 1000;
        const model = modelOf(done, at);
        const next = done.find((op) => op.until > at);
        const found = contents(world);
        if (next !== undefined && (next.op === "append" || next.op === "writeAt")) {
          // All of it, or as much as the trace says (its last word, since the last operation is undone first).
          const size = model.names.get(next.path)?.bytes.length ?? 0;
          const position = next.op === "append" ? size : next.position;
          const hurt = events.findLast((event) => event.type === "fileHurt");
          const kept = hurt?.why === "torn" ? hurt.from - position : 0;
          const whole = modelOf(done, next.until);
          const isWhole =
            String(whole.names.get(next.path)?.bytes) === String(found.get(next.path));
          const bytes = next.bytes.slice(0, isWhole ? next.bytes.length : kept);
          if (bytes.length > 0) apply(model, { ...next, bytes });
          if (bytes.length > 0 && bytes.length < next.bytes.length) torn++;
        }
        const expected = [...model.names].map(([path, { bytes }]) => [path, bytes] as const);
        expect(new Map(found)).toEqual(new Map(expected));
      }),
      { numRuns: 150 },
    );
    expect(torn).toBeGreaterThan(5);
  });
});

describe("a power loss", () => {
  test("keeps every byte and every name that was fsynced, and forgets some of what was not", () => {
    let kept = 0;
    let forgotten = 0;
    fc.assert(
      fc.property(seed, moment, (text, atMs) => {
        const { world, done } = scribbled(text, {
          type: "powerLoss",
          atMs,
          target: { node: "b1" },
        });
        const model = modelOf(done, atMs * 1000);
        const found = contents(world);
        for (const [path, { safe }] of model.kept) {
          const bytes = found.get(path);
          expect(bytes).toBeDefined();
          for (const [i, byte] of safe.entries()) {
            if (byte !== undefined && bytes![i] !== byte) expect([path, i, bytes![i]]).toBe(byte);
          }
          kept += safe.length;
        }
        for (const [path, { bytes }] of model.names) {
          if (found.get(path)?.length !== bytes.length) forgotten++;
        }
      }),
      { numRuns: 200 },
    );
    expect(kept).toBeGreaterThan(10_000);
    expect(forgotten).toBeGreaterThan(50);
  });

  test("is told file by file: what the trace says was hurt, and nothing else, has changed", () => {
    fc.assert(
      fc.property(seed, moment, (text, atMs) => {
        const before = scribbled(text, { type: "pause", atMs, target: { role: "controllers" } });
        const { world, events } = scribbled(text, {
          type: "powerLoss",
          atMs,
          target: { node: "b1" },
        });
        const hurt = new Set(
          events.flatMap((event) => (event.type === "fileHurt" ? [event.file] : [])),
        );
        const was = contents(before.world);
        for (const [path, bytes] of contents(world)) {
          if (!hurt.has(path)) expect(bytes).toEqual(was.get(path));
          was.delete(path);
        }
        for (const path of was.keys()) expect(hurt.has(path)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("write-back", () => {
  test("puts some pages on the platter and not others", () => {
    let whole = 0;
    let part = 0;
    for (let i = 0; i < 60; i++) {
      const fault: Fault = { type: "powerLoss", atMs: 40 + i, target: { node: "b1" } };
      const { events } = scribbled(String(i), fault);
      for (const event of events) {
        if (event.type === "fileHurt" && event.why === "unsynced") {
          if (event.after === event.before) whole++;
          else if (event.after > 0) part++;
        }
      }
      expect(events.some(({ type }) => type === "writeBack")).toBe(true);
    }
    expect(whole).toBeGreaterThan(3);
    expect(part).toBeGreaterThan(3);
  });
});
