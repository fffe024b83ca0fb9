// The structure that the design asks for. What each rule catches is shown in architecture-rules.test.ts.
import { describe, expect, test } from "vitest";
import { determinismComplaints, stateComplaints } from "./support/architecture/determinism.ts";
import { importComplaints } from "./support/architecture/imports.ts";
import { type SourceFile, sourceFiles } from "./support/architecture/source.ts";
import { lengthComplaints, privacyComplaints } from "./support/architecture/texts.ts";

const texts = [".ts", ".mjs", ".json", ".md", ".html", ".css", ".svg", ".npmrc", "NOTICE", "run"];
const code = sourceFiles("", [".ts"]);
const everything = sourceFiles("", texts);
const inRoom = (...rooms: readonly string[]): SourceFile[] =>
  code.filter(({ path }) => rooms.some((room) => path.startsWith(`${room}/`)));

describe("architecture", () => {
  test("there is something to look at", () => {
    for (const room of ["core", "sim", "viz", "slides", "cli"]) {
      expect(inRoom(room).length, room).toBeGreaterThan(0);
    }
    expect(everything.map(({ path }) => path)).toContain("package-lock.json");
  });

  test("rooms import only the rooms, parts and packages that are below them", () => {
    expect(code.flatMap(importComplaints)).toEqual([]);
  });

  test("core and sim are synchronous and know no clock, no chance and no engine", () => {
    expect(inRoom("core", "sim").flatMap(determinismComplaints)).toEqual([]);
  });

  test("no module of core or sim has state of its own", () => {
    expect(inRoom("core", "sim").flatMap(stateComplaints)).toEqual([]);
  });

  test("no file is longer than 500 lines", () => {
    const written = everything.filter(({ path }) => /\.(ts|mjs|md|html|css)$/.test(path));
    expect(written.flatMap(lengthComplaints)).toEqual([]);
  });

  test("nothing names a machine's paths or a registry", () => {
    expect(everything.flatMap(privacyComplaints)).toEqual([]);
  });
});
