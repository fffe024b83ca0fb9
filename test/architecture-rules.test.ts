// Every rule of the architecture, shown to catch what it is there for and to let the rest pass.
import { describe, expect, test } from "vitest";
import { determinismComplaints, stateComplaints } from "./support/architecture/determinism.ts";
import { importComplaints } from "./support/architecture/imports.ts";
import { lengthComplaints, privacyComplaints } from "./support/architecture/texts.ts";

const at = (path: string, text: string): { path: string; text: string } => ({ path, text });

describe("imports", () => {
  test.each([
    ["core/log/log.ts", 'import { x } from "../replication/leader.ts";', "core/replication"],
    ["core/log/log.ts", 'import type { X } from "../broker/state.ts";', "core/broker"],
    ["core/controller/a.ts", 'import { x } from "../group/group.ts";', "core/group"],
    ["core/client/a.ts", 'import { x } from "../log/log.ts";', "core/log"],
    ["core/wire/a.ts", 'export * from "../log/log.ts";', "core/log"],
    ["core/wire/a.ts", 'type X = import("../log/log.ts").X;', "core/log"],
    ["core/wire/a.ts", 'import { x } from "../index.ts";', "barrel"],
    ["core/wire/a.ts", 'import { x } from "#core";', "barrel"],
    ["core/wire/a.ts", 'import { x } from "#sim";', "#sim"],
    ["core/wire/a.ts", 'import fc from "fast-check";', "fast-check"],
    ["core/wire/a.ts", 'import { Buffer } from "node:buffer";', "node:buffer"],
    ["core/wire/a.ts", 'import { x } from "../../sim/index.ts";', "#room"],
    ["sim/world/a.ts", 'import { x } from "../../core/index.ts";', "#room"],
    ["sim/world/a.ts", 'import { x } from "#viz";', "#viz"],
    ["sim/world/a.ts", 'import { x } from "node:fs";', "node:fs"],
    ["viz/a.ts", 'const x = await import("../cli/main.ts");', "#room"],
    ["viz/marks/a.ts", 'import { decode } from "#core";', "trace"],
    ["slides/a.ts", 'import { x } from "#core";', "#core"],
    ["cli/a.ts", 'import { x } from "#viz";', "#viz"],
  ])("%s may not say %s", (path, text, mentioned) => {
    const complaints = importComplaints(at(path, text));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(`${path}:1 `);
    expect(complaints[0]).toContain(mentioned);
  });

  test.each([
    ["core/index.ts", 'export * from "./broker/broker.ts";'],
    ["core/broker/a.ts", 'import { x } from "../controller/metadata/image.ts";'],
    ["core/broker/handlers/a.ts", 'import { x } from "../state.ts";'],
    ["core/log/a.ts", 'import { x } from "../wire/batch.ts"; import { y } from "./segment.ts";'],
    ["sim/world/a.ts", 'import { x } from "#core"; import * as v from "valibot";'],
    ["viz/marks/a.ts", 'import type { Offset } from "#core"; import { select } from "d3";'],
    ["slides/a.ts", 'import "reveal.js/reveal.css"; import { mountLab } from "#viz";'],
    ["cli/a.ts", 'import { Worker } from "node:worker_threads"; import { x } from "#sim";'],
    ["test/log/a.test.ts", 'import { x } from "../../core/log/log.ts";'],
  ])("%s may say %s", (path, text) => {
    expect(importComplaints(at(path, text))).toEqual([]);
  });
});

describe("determinism", () => {
  test.each([
    "async function f() {}",
    "const f = async () => 1;",
    "class A { async m() {} }",
    "async function f() { for await (const x of y) g(x); }",
    "const x = await f();",
    "type T = Promise<void>;",
    'const m = import("./x.ts");',
    "const t = Date.now();",
    "const d = new Date();",
    "const t = performance.now();",
    "setTimeout(f, 1);",
    "const e = process.env;",
    "crypto.getRandomValues(x);",
    "const r = Math.random();",
    "const r = Math['random']();",
    "const r = Math[name]();",
    "const p = Math.pow(2, 3);",
    "const p = Math.log2(3);",
    "const { y } = { y: 2 ** 3 };",
    "x **= 2;",
    "new Intl.Collator();",
    "a.sort((x, y) => x.localeCompare(y));",
    "const s = n.toLocaleString();",
    "console.log(1);",
    "const o = { Date };",
  ])("%s is caught", (text) => {
    expect(determinismComplaints(at("core/log/a.ts", text)).length).toBeGreaterThan(0);
  });

  test.each([
    "const a = Math.floor(3.5) * Math.imul(3, 4);",
    "// a Promise, at the Date of Math.random()\nconst s = 'setTimeout';",
    "interface Now { Date: number } const a = now.Date; const o = { process: 1 };",
    "function step(process: Node) { return process.id; }",
    "for (const process of processes) f(process);",
    "interface Machine { step(self: Machine): void; stop: (self: Machine) => void }",
  ])("%s is fine", (text) => {
    expect(determinismComplaints(at("sim/a.ts", text))).toEqual([]);
  });
});

describe("state of a module", () => {
  test.each([
    "let count = 0;",
    "export let count = 0;",
    "var count = 0;",
    "const seen = new Map();",
    "export const seen = new Set<string>();",
    "const seen: Map<string, number> = new Map();",
    "const list: number[] = [];",
    "const list = [1, 2];",
    "const list = [] as number[];",
    "const counter = { value: 0 } satisfies Counter;",
    "const cache = {};",
    "const cache: Record<string, number> = {};",
    "const counter = { value: 0 };",
    "class A { static count = 0; }",
    "const table = new Uint8Array(8); function f() { table[0] = 1; }",
    "const table = make(); export const f = () => { table.rows.push(1); };",
    "const state: State = { n: 0 }; function f() { state.n++; }",
    "const state: State = { n: 0 }; function f() { delete state.n; }",
  ])("%s is caught", (text) => {
    expect(stateComplaints(at("core/log/a.ts", text))).toHaveLength(1);
  });

  test.each([
    "const list = [1, 2] as const;",
    "const list: readonly number[] = [1, 2];",
    "const names: ReadonlyMap<string, number> = new Map([['a', 1]]);",
    "const names: ReadonlySet<string> = new Set(['a']);",
    "const names = Object.freeze({ a: 1 });",
    "export const errors = { A: 1 } as const satisfies Record<string, number>;",
    "const defaults: Settings = { acks: -1 };",
    "const table = new Uint32Array(256); for (let i = 0; i < 256; i++) table[i] = i;",
    "function f() { let n = 0; const seen = new Map(); seen.set(n++, []); return seen; }",
    "const size = 4; function f() { const size = new Map(); size.set(1, 2); }",
    "declare const tag: unique symbol;",
  ])("%s is fine", (text) => {
    expect(stateComplaints(at("sim/a.ts", text))).toEqual([]);
  });
});

describe("texts", () => {
  test("a file of 501 lines is too long, one of 500 is not", () => {
    expect(lengthComplaints(at("a.md", "x\n".repeat(500)))).toEqual([]);
    expect(lengthComplaints(at("a.md", "x\n".repeat(501)))).toHaveLength(1);
  });

  test.each([
    `see /${"home"}/somebody/notes`,
    `"${"resolved"}": "x"`,
    `https://${"registry"}.example.org/x`,
    `http://10.${"0.0.1"}/`,
  ])("%s is caught", (text) => {
    expect(privacyComplaints(at("a.md", text)).length).toBeGreaterThan(0);
  });

  test.each(["http://localhost:4173/", "see ../shared/work/x", "core/root/home/x.ts"])(
    "%s is fine",
    (text) => expect(privacyComplaints(at("a.md", text))).toEqual([]),
  );
});
