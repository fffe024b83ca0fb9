import { beforeAll, describe, expect, test } from "vitest";
import { apis, crc32c, decodeRequest, decodeRecords, produce, readRequestHeader } from "#core";
import {
  advance,
  copyWorld,
  createWorld,
  DiskView,
  editWorld,
  hashWorld,
  kafkaMachines,
  newRuntime,
  parseScenario,
  printHash,
  storyOf,
  type Fault,
  type Scenario,
  type TraceEvent,
  type World,
} from "#sim";
import { answerTo } from "../../../viz/look/answers.ts";
import type { Answer, Question } from "../../../viz/look/questions.ts";
import { type Replayable, frameOf, worldAt } from "../../../viz/look/replay.ts";
import { fold } from "../../../viz/model/fold.ts";
import { newPicture } from "../../../viz/model/picture.ts";

/** A run as the worker has it: its events, its end, and copies of its world on the way. */
function ranTo(scenario: Scenario): Replayable & {
  readonly events: readonly TraceEvent[];
  readonly end: World;
} {
  const world = createWorld(scenario);
  const runtime = newRuntime(kafkaMachines);
  const events: TraceEvent[] = [];
  const copies: World[] = [];
  const listener = (event: TraceEvent): void => void events.push(event);
  for (let at = 0; world.phase !== "end"; at += 700_000) {
    copies.push(copyWorld(world));
    advance(world, runtime, { listener }, at);
  }
  return { scenario, copies, events, end: world };
}

const scenario = storyOf("m-1")!;
let run: ReturnType<typeof ranTo>;
beforeAll(() => {
  run = ranTo(scenario);
});

const isSent = (event: TraceEvent): event is Extract<TraceEvent, { type: "sent" }> =>
  event.type === "sent";

function answered<T extends Question["type"]>(
  question: Extract<Question, { type: T }>,
): Extract<Answer, { type: T }> {
  return answerTo(run, question) as Extract<Answer, { type: T }>;
}

describe("a run that is replayed", () => {
  test("is the same world at any time, from a copy and from the start", () => {
    const straight = createWorld(scenario);
    const runtime = newRuntime(kafkaMachines);
    for (const at of [1, 600_000, 1_400_000, 2_000_001, 3_333_333]) {
      advance(straight, runtime, undefined, at);
      for (const copies of [run.copies, []]) {
        const again = worldAt({ scenario, copies }, { at });
        expect(printHash(again.tape)).toBe(printHash(straight.tape));
        expect(hashWorld(again)).toBe(hashWorld(straight));
      }
    }
  });

  test("stops right behind the input that brought an event about", () => {
    for (const share of [0.1, 0.35, 0.8, 1]) {
      const after = Math.floor((run.events.length - 1) * share);
      const world = worldAt(run, { after });
      expect(world.tape.seq).toBeGreaterThan(after);
      expect(world.now).toBe(run.events[after]?.at);
    }
    const beyond = worldAt(run, { after: run.events.length + 100 });
    expect(hashWorld(beyond)).toBe(hashWorld(run.end));
  });

  test("leaves the copies as they were", () => {
    const before = run.copies.map((copy) => hashWorld(copy));
    worldAt(run, { at: 2_500_000 });
    frameOf(run, run.events.findLast(isSent)?.seq ?? -1);
    expect(run.copies.map((copy) => hashWorld(copy))).toEqual(before);
  });

  test("goes the way of a run that was edited", () => {
    const fault: Fault = { type: "crash", target: { node: "b2" }, atMs: 900 };
    const edited = parseScenario({ ...scenario, faults: [...scenario.faults, fault] });
    const other = ranTo(edited);
    expect(hashWorld(worldAt({ scenario: edited, copies: [] }, { at: 1_500_000 }))).toBe(
      hashWorld(worldAt(other, { at: 1_500_000 })),
    );
    expect(other.events).not.toEqual(run.events);
  });
});

describe("messages", () => {
  test("have the length and the checksum that the trace says", () => {
    const all = run.events.filter(isSent);
    const some = all.filter((_, index) => index % Math.ceil(all.length / 40) === 0);
    expect(some.length).toBeGreaterThan(20);
    for (const { seq, bytes, crc } of some) {
      const frame = frameOf(run, seq);
      expect(frame?.length).toBe(bytes);
      expect(crc32c(frame ?? new Uint8Array(0))).toBe(crc);
    }
  });

  test("of a Produce hold the records that the application sent", () => {
    const asked = run.events.find(
      (event) => isSent(event) && event.api === "Produce" && !event.response,
    );
    const { message } = answered({ type: "message", message: asked?.seq ?? -1 });
    const frame = (message?.bytes ?? new Uint8Array(0)).subarray(4);
    expect(readRequestHeader(frame).apiKey).toBe(produce.key);
    const { body } = decodeRequest(produce, frame);
    const batches = body.topicData.flatMap(({ partitionData }) =>
      partitionData.map(({ records }) => records ?? new Uint8Array(0)),
    );
    const values = batches.flatMap((batch) =>
      decodeRecords(batch).map(({ value }) => new TextDecoder().decode(value ?? undefined)),
    );
    const called = run.events.flatMap((event) =>
      event.type === "called" && event.request.type === "send" ? [event.request.value] : [],
    );
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(called).toContain(value.split(" ")[0]);
  });

  test("are not to be had of what is no message", () => {
    const other = run.events.find(({ type }) => type === "note");
    expect(frameOf(run, other?.seq ?? 0)).toBeUndefined();
    expect(apis.length).toBeGreaterThan(0);
  });
});

describe("files", () => {
  const at = 1_500_000;

  test("of a broker hold the batches that its replicas appended, fsynced where the trace says so", () => {
    const picture = newPicture();
    for (const event of run.events) if (event.at <= at) fold(picture, event);
    let compared = 0;
    for (const partition of picture.partitions.values()) {
      for (const { node, batches, synced } of partition.strips.values()) {
        const { files } = answered({ type: "files", node, moment: { at } });
        for (const file of files) {
          if (!file.path.startsWith(`${partition.name}/`) || !file.path.endsWith(".log")) continue;
          const segment = Number(file.path.slice(-24, -4));
          const mine = batches.filter((batch) => batch.segment === segment);
          const end = Math.max(0, ...mine.map(({ position, length }) => position + length));
          expect(file.size).toBe(end);
          // What the trace knows to be fsynced lies within what the platter holds.
          for (const [from, to] of synced.get(segment) ?? []) {
            const holds = file.kept.some(([low, high]) => low <= from && to <= high);
            expect(from === to || holds).toBe(true);
          }
          compared += mine.length;
        }
      }
    }
    expect(compared).toBeGreaterThan(5);
  });

  test("keep through a power loss what is said to be on the platter", () => {
    let kept = 0;
    let lost = 0;
    for (const moment of [800_000, 1_500_000, 2_600_000]) {
      const world = worldAt(run, { at: moment });
      for (const name of ["b1", "b2", "b3", "c1"]) {
        const node = world.nodes[world.names.get(name) ?? -1];
        if (node === undefined || node.busyUntil >= 0 || !node.power) continue;
        const dark = copyWorld(world);
        editWorld(dark, { type: "powerLoss", target: { node: name }, atMs: moment / 1000 });
        advance(dark, newRuntime(kafkaMachines), undefined, moment);
        const [before, after] = [node, dark.nodes[node.index]!].map(
          ({ disk }) => new DiskView(disk),
        );
        for (const path of before!.paths()) {
          const { named, ranges } = before!.kept(path);
          if (!named) continue;
          for (const [from, to] of ranges) {
            const length = to - from;
            expect(after!.read(path, from, length)).toEqual(before!.read(path, from, length));
            kept += length;
          }
          lost += before!.size(path) - after!.size(path);
        }
      }
    }
    expect(kept).toBeGreaterThan(1000);
    expect(lost).toBeGreaterThan(100);
  });

  test("have the bytes that their size says, and are not there before they are made", () => {
    const { files } = answered({ type: "files", node: "b1", moment: { at } });
    expect(files.map(({ path }) => path)).toContain("meta.properties");
    for (const { path, size } of files) {
      const { file } = answered({ type: "file", node: "b1", path, moment: { at } });
      expect(file?.bytes.length).toBe(size);
    }
    const made = files.find(({ path }) => path.startsWith("orders-"))?.path ?? "";
    const before = answered({ type: "file", node: "b1", path: made, moment: { at: 0 } });
    expect(made).not.toBe("");
    expect(before.file).toBeUndefined();
  });
});

describe("the state of a process", () => {
  test("is a tree of what it knows, and nothing while it is down", () => {
    const { kind, state } = answered({ type: "state", node: "b1", moment: { at: 1_000_000 } });
    expect(kind).toBe("broker");
    const partitions = state?.parts?.find(({ name }) => name === "partitions");
    expect(partitions?.parts?.some(({ name }) => /^\w+-\d$/.test(name))).toBe(true);
    expect(state?.parts?.find(({ name }) => name === "serving")?.text).toBe("true");
    const down = run.events.find(({ type }) => type === "down");
    const moment = { after: down?.seq ?? -1 };
    const none = answered({ type: "state", node: down?.node ?? "", moment });
    expect(none.state).toBeUndefined();
  });
});
