import { describe, expect, test } from "vitest";
import { type FlawId, watchIndex, watchProducers, watchTimes } from "#core";
import { advance, createWorld, DiskView, kafkaMachines, newRuntime, storyOf } from "#sim";
import { indexBytes, emptyIndex, addEntry } from "../../../core/log/offset-index.ts";
import { addTime, emptyTimes, timeBytes } from "../../../core/log/time-index.ts";
import { beliefsOf, settingsOf } from "../../../viz/look/beliefs.ts";
import { fieldView, problemsOf } from "../../../viz/look/field-view.ts";
import { fieldsOfFile } from "../../../viz/look/fields-of-file.ts";
import { expectSameBytes, gapsIn, named } from "../../support/read-fields.ts";

/** Every file of every node of a story, at a few moments. */
function* filesOf(story: FlawId) {
  const world = createWorld(storyOf(story)!);
  const runtime = newRuntime(kafkaMachines);
  for (const at of [300_000, 1_100_000, 2_900_000, Infinity]) {
    advance(world, runtime, undefined, at);
    for (const { disk, spec } of world.nodes) {
      const view = new DiskView(disk);
      for (const path of view.paths()) yield { spec, path, bytes: view.readAll(path) };
    }
  }
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe("files, field by field", () => {
  test.each(["m-1", "skipped-epoch", "wiped-voter"] as const)(
    "%s: every byte of every file is in one field, and nothing is wrong with it",
    (story) => {
      const kinds = new Set<string>();
      for (const { path, bytes } of filesOf(story)) {
        const root = fieldsOfFile(path, bytes);
        expect([path, ...gapsIn(root)]).toEqual([path]);
        expect(root.to).toBe(bytes.length);
        expect([path, ...problemsOf(fieldView(root))]).toEqual([path]);
        if (!root.parts.some(({ kind }) => kind === "text")) expectSameBytes(root, bytes);
        if (bytes.length > 0) kinds.add(path.replace(/^.*\/|\d{20}/g, ""));
      }
      expect([...kinds]).toEqual(
        expect.arrayContaining([
          ".log",
          "leader-epoch-checkpoint",
          "meta.properties",
          "quorum-state",
        ]),
      );
    },
  );

  test("a log has its batches, and the metadata log its records", () => {
    const found = new Set<string>();
    for (const { path, bytes } of filesOf("m-1")) {
      const root = fieldsOfFile(path, bytes);
      if (!path.endsWith(".log") || bytes.length === 0) continue;
      const isMetadata = path.startsWith("__cluster_metadata");
      if (isMetadata) for (const { name } of named(root, "apiKey")) found.add(name);
      else {
        for (const { value } of named(root, "value")) {
          if (value instanceof Uint8Array) found.add("value");
        }
      }
      expect(fieldView(root).parts?.[0]?.text).toMatch(/^offset/);
    }
    expect([...found].sort()).toEqual(["apiKey", "value"]);
  });

  test("indexes and snapshots are read as they are written", () => {
    const index = emptyIndex();
    addEntry(index, 7, 4100);
    addEntry(index, 12, 8300);
    const root = watchIndex(indexBytes(index));
    expect(root.parts.map(({ parts }) => parts.map(({ value }) => value))).toEqual([
      [7, 4100],
      [12, 8300],
    ]);
    const times = emptyTimes();
    addTime(times, 1_700_000_000_000, 7);
    expect(named(watchTimes(timeBytes(times)), "timestamp")[0]?.value).toBe(1_700_000_000_000);
    const cut = watchIndex(indexBytes(index).subarray(0, 13));
    expect(gapsIn(cut)).toEqual([]);
    expect(cut.parts.at(-1)).toMatchObject({ name: "unread", from: 8, to: 13 });
    const damaged = watchProducers(Uint8Array.of(0, 1, 9, 9, 9, 9, 0, 0, 0, 0));
    expect(damaged.parts.map(({ name }) => name)).toEqual(["version", "crc", "unread"]);
    expect(damaged.parts.at(-1)?.problem).toContain("a wrong checksum");
  });

  test("what is cut or damaged says where it ends", () => {
    const torn = fieldsOfFile("orders-0/00000000000000000000.log", new Uint8Array(40).fill(1));
    expect(gapsIn(torn)).toEqual([]);
    expect(problemsOf(fieldView(torn)).join()).toContain("no batch begins here");
    const path = "recovery-point-offset-checkpoint";
    const wrong = fieldsOfFile(path, text("0\n2\norders 0 5\n"));
    expect(gapsIn(wrong)).toEqual([]);
    expect(wrong.problem).toContain("2 entries, of which 1 are there");
    expect(fieldView(wrong).parts?.[2]).toMatchObject({ name: "orders-0", text: '"5"' });
    const state = fieldsOfFile("__cluster_metadata-0/quorum-state", text('{"leaderId":1}'));
    expect(state.problem).toContain("no whole number");
    expect(gapsIn(fieldsOfFile("partition.metadata", Uint8Array.of(0xff, 0xfe, 10, 65)))).toEqual(
      [],
    );
  });

  test("of very many batches those in the middle stay closed", () => {
    for (const { path, bytes } of filesOf("m-1")) {
      if (!/orders-\d\/\d+\.log$/.test(path) || bytes.length === 0) continue;
      const many = new Uint8Array(bytes.length * 300);
      for (let i = 0; i < 300; i++) many.set(bytes, i * bytes.length);
      const root = fieldsOfFile(path, many);
      expect(gapsIn(root)).toEqual([]);
      expect(root.parts.length).toBeLessThanOrEqual(201);
      expect(root.parts[20]?.value).toMatch(/more, not opened here/);
      return;
    }
    expect.unreachable("no log had a batch");
  });
});

describe("beliefs and settings", () => {
  test("say what a broker and a controller think of the partitions", () => {
    const world = createWorld(storyOf("m-1")!);
    advance(world, newRuntime(kafkaMachines), undefined, 1_000_000);
    for (const { spec, process } of world.nodes) {
      if (process === undefined) continue;
      const beliefs = beliefsOf(spec.kind, process);
      const settings = settingsOf(spec.kind, process);
      expect(settings.length).toBeGreaterThan(3);
      if (spec.kind !== "broker" && spec.kind !== "controller") continue;
      const partition = beliefs.find(({ about }) => /^\w+-0$/.test(about));
      expect(partition?.text).toMatch(/epoch \d+/);
      expect(settings.some(({ own }) => own)).toBe(true);
      expect(settings.some(({ own }) => !own)).toBe(true);
    }
  });
});
