import { describe, expect, test } from "vitest";
import { type RecordPlace, identityOf } from "../../../viz/model/record-life.ts";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { partitionView } from "../../../viz/model/strip-view.ts";
import { logsTable } from "../../../viz/model/tables.ts";
import { type Story, leaderWith } from "../support/story.ts";

function viewOf(story: Story, width = 24) {
  const recording = newRecording();
  addEvents(recording, story.events);
  const picture = pictureAt(recording, story.events.length);
  const partition = picture.partitions.get("orders-0");
  if (partition === undefined) throw new RangeError("the story has no orders-0");
  return partitionView(picture, recording.facts, partition, width);
}

const row = (story: Story, node: string) => {
  const found = viewOf(story).rows.find((one) => one.node === node);
  if (found === undefined) throw new RangeError(`no row ${node}`);
  return found;
};

test("cells say keys, leader, ISR and high watermark", () => {
  const story = leaderWith("ABA");
  const view = viewOf(story);
  expect(view.leader).toBe("b1");
  expect(view.highWatermark).toBe(3);
  expect(view.rows.map(({ node, leads, inSync }) => [node, leads, inSync])).toEqual([
    ["b1", true, true],
    ["b2", false, true],
    ["b3", false, true],
  ]);
  expect(view.rows[0]?.cells.map(({ text, known }) => text + (known ? "" : "?"))).toEqual([
    "A",
    "B",
    "A",
  ]);
  expect(view.rows[1]?.cells.every(({ known }) => known)).toBe(false);
  expect(view.epochs).toMatchObject([{ epoch: 0, from: 0, to: 3 }]);
});

test("a record that the new leader lacks is divergent on the old one", () => {
  const story = leaderWith("AB");
  const extra = story.pack("p1", "orders-0", "C");
  story.append("b1", "orders-0", 0, extra, 2);
  expect(row(story, "b1").cells.some(({ divergent }) => divergent)).toBe(false);
  story.strike("crash", "b1");
  story.elect("orders-0", 2, 1, [2, 3]);
  story.lead("b2", "orders-0", 1);
  expect(row(story, "b1").cells.map(({ divergent }) => divergent)).toEqual([false, false, true]);
  story.append("b2", "orders-0", 1, story.pack("p1", "orders-0", "D"), 2);
  expect(row(story, "b1").cells.map(({ divergent }) => divergent)).toEqual([false, false, true]);
  expect(row(story, "b3").cells.some(({ divergent }) => divergent)).toBe(false);
  expect(viewOf(story).epochs.map(({ epoch, from, to }) => [epoch, from, to])).toEqual([
    [0, 0, 2],
    [1, 2, 3],
  ]);
});

test("the same bytes written again in another epoch are another record", () => {
  const story = leaderWith("A");
  const again = story.pack("p1", "orders-0", "B");
  story.append("b1", "orders-0", 0, again, 1);
  story.elect("orders-0", 2, 1, [2, 3]);
  story.append("b2", "orders-0", 1, again, 1);
  expect(row(story, "b1").cells.at(-1)?.divergent).toBe(true);
});

describe("what a client was told", () => {
  /** b1 alone has a second record, of which p1 was told. */
  function promised() {
    const story = leaderWith("A");
    const crc = story.pack("p1", "orders-0", "B");
    const call = story.events.findLast((event) => event.type === "called")?.call ?? -1;
    story.append("b1", "orders-0", 0, crc, 1);
    story.acknowledge("p1", call, "orders-0", 1);
    return { story, crc };
  }
  const standings = (story: Story) => viewOf(story).told.map(({ standing }) => standing);

  test("is kept while a live replica has the very record, though the leader lacks it", () => {
    const { story } = promised();
    expect(viewOf(story).told).toMatchObject([{ offset: 1, client: "p1", standing: "kept" }]);
    story.elect("orders-0", 2, 1, [2, 3]);
    expect(standings(story)).toEqual(["lacked"]);
    story.append("b2", "orders-0", 1, story.pack("p1", "orders-0", "C"), 1);
    expect(standings(story)).toEqual(["lacked"]);
    story.strike("pause", "b1");
    expect(standings(story)).toEqual(["lacked"]);
    const cut = { type: "truncated", partition: "orders-0", from: 2, to: 1, reason: "divergence" };
    story.note("b1", cut as never);
    expect(standings(story)).toEqual(["lost"]);
  });

  test("is lost while the only replica that has it is down, and kept again when that comes back with it", () => {
    const { story } = promised();
    story.strike("crash", "b1");
    expect(standings(story)).toEqual(["lost"]);
    story.elect("orders-0", 2, 1, [2, 3]);
    expect(standings(story)).toEqual(["lost"]);
    story.start("b1", 2);
    expect(standings(story)).toEqual(["lacked"]);
    story.elect("orders-0", 1, 2, [1]);
    expect(standings(story)).toEqual(["kept"]);
  });

  test("is kept without a leader while anybody who is up has it", () => {
    const { story, crc } = promised();
    story.append("b3", "orders-0", 0, crc, 1);
    story.strike("crash", "b1");
    story.elect("orders-0", -1, 1, [1]);
    expect(standings(story)).toEqual(["kept"]);
    story.strike("powerLoss", "b3", 1);
    expect(standings(story)).toEqual(["lost"]);
  });

  test("is unknown where a record stands whose client was told that nobody knows", () => {
    const story = leaderWith("A");
    const crc = story.pack("p1", "orders-0", "BC");
    const call = story.events.findLast((event) => event.type === "called")?.call ?? -1;
    const unknown = { type: "unknown", reason: "no answer" } as const;
    const told = story.tell("p1", { type: "result", call, outcome: unknown });
    expect(viewOf(story).told).toEqual([]);
    story.append("b1", "orders-0", 0, crc, 1, 2);
    expect(viewOf(story).told).toMatchObject([{ offset: 2, event: told, standing: "unknown" }]);
    const cut = { type: "truncated", partition: "orders-0", from: 3, to: 1, reason: "divergence" };
    story.note("b1", cut as never);
    expect(viewOf(story).told).toEqual([]);
  });
});

test("a strip reaches as far as promises do, though no log goes there any more", () => {
  const story = leaderWith("AB");
  expect(viewOf(story).reach).toBe(2);
  story.acknowledge("p1", 0, "orders-0", 30);
  expect(viewOf(story)).toMatchObject({ reach: 31, broken: [0, 1] });
});

test("the window follows the tail in pages, so that cells keep their columns", () => {
  const firsts = new Set<number>();
  for (let count = 1; count <= 60; count += 1) {
    const view = viewOf(leaderWith("A".repeat(count)), 24);
    firsts.add(view.first);
    expect(view.first % 4).toBe(0);
    expect(view.highWatermark - view.first).toBeGreaterThanOrEqual(Math.min(count, 14));
    expect(count).toBeLessThanOrEqual(view.first + view.width);
  }
  expect(firsts.size).toBeLessThan(14);
});

test("a long tail that is not yet safe does not push the high watermark out of the window", () => {
  const story = leaderWith("AB");
  story.append("b1", "orders-0", 0, story.pack("p1", "orders-0", "C".repeat(60)), 2, 60);
  const view = viewOf(story);
  expect(view).toMatchObject({ first: 0, highWatermark: 2, reach: 62 });

  const longer = leaderWith("A".repeat(45));
  longer.append("b1", "orders-0", 0, longer.pack("p1", "orders-0", "C".repeat(31)), 45, 31);
  expect(viewOf(longer)).toMatchObject({ first: 36, highWatermark: 45 });
});

test("a batch of several records is cells that know where it begins and ends", () => {
  const story = leaderWith("A");
  story.append("b1", "orders-0", 0, story.pack("p1", "orders-0", "XYZ"), 1, 3);
  const cells = row(story, "b1").cells.slice(1);
  expect(cells.map(({ text, first, last }) => [text, first, last])).toEqual([
    ["X", true, false],
    ["Y", false, false],
    ["Z", false, true],
  ]);
});

test("an eligible leader replica is told from one that is out, and who may lead from who may not", () => {
  const story = leaderWith("A");
  for (const node of ["b1", "b2", "b3"]) {
    story.note("c1", { type: "brokerUnfenced", broker: Number(node.slice(1)) } as never);
  }
  story.elect("orders-0", 1, 0, [1], { why: "isr", elr: [2] });
  const members = viewOf(story).rows.map(({ inSync, eligible }) => [inSync, eligible]);
  expect(members).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
  expect(viewOf(story).mayLead).toEqual(["b1", "b2"]);
  story.strike("crash", "b1");
  expect(viewOf(story).mayLead).toEqual(["b2"]);
  story.note("c1", { type: "brokerFenced", broker: 2 } as never);
  expect(viewOf(story).mayLead).toEqual([]);
});

describe("the record that is looked into", () => {
  /** A batch that b1 has twice, since its producer tried again, and of which b2 has one copy and b3 none. */
  function told() {
    const story = leaderWith("AB");
    const crc = story.pack("p1", "orders-0", "XY");
    const call = story.events.findLast((event) => event.type === "called")?.call ?? -1;
    for (const node of ["b1", "b2"]) story.append(node, "orders-0", 0, crc, 2, 2);
    story.append("b1", "orders-0", 0, crc, 4, 2);
    story.acknowledge("p1", call, "orders-0", 3);
    return { story, call };
  }
  const recordingOf = ({ events }: Story) => {
    const recording = newRecording();
    addEvents(recording, events);
    return recording;
  };
  const seen = (story: Story, place: RecordPlace, width = 24, isMoving = false) => {
    const recording = recordingOf(story);
    const { length } = story.events;
    const chosen = identityOf(recording, length, place);
    const picture = pictureAt(recording, length);
    const partition = picture.partitions.get("orders-0");
    if (partition === undefined) throw new RangeError("the story has no orders-0");
    return partitionView(picture, recording.facts, partition, width, { chosen, isMoving });
  };
  const marked = ({ rows }: ReturnType<typeof seen>) =>
    rows.map(({ cells }) => cells.flatMap(({ offset, chosen }) => (chosen ? [offset] : [])));

  test("is marked in every log that holds it, and where its client was told of it", () => {
    const { story, call } = told();
    for (const place of [{ partition: "orders-0", offset: 3 }, { called: call }]) {
      const view = seen(story, place);
      expect(marked(view)).toEqual([[3, 5], [3], []]);
      expect(view.told).toMatchObject([{ offset: 3, chosen: true }]);
    }
    const other = seen(story, { partition: "orders-0", offset: 2 });
    expect(marked(other)).toEqual([[2, 4], [2], []]);
    expect(other.told).toMatchObject([{ offset: 3, chosen: false }]);
  });

  test("is in the window, unless time moves on", () => {
    const story = leaderWith("A".repeat(60));
    const place = { partition: "orders-0", offset: 9 };
    const tail = seen(story, place, 24, true);
    expect(marked(tail)).toEqual([[], [], []]);
    expect(tail.first).toBe(seen(story, { partition: "orders-0", offset: 58 }).first);
    for (let offset = 0; offset < 60; offset += 1)
      for (const width of [6, 12, 24])
        expect(marked(seen(story, { ...place, offset }, width))[0]).toEqual([offset]);
  });
});

test("records under an epoch that the lane does not tell there are a run of their own", () => {
  const story = leaderWith("AB");
  for (const [epoch, offset] of [
    [0, 2],
    [1, 3],
    [1, 4],
  ] as const)
    story.append("b1", "orders-0", epoch, story.pack("p1", "orders-0", "C"), offset);
  const straysOf = (node: string) =>
    row(story, node).strays.map(({ epoch, from, to }) => [epoch, from, to]);
  expect(straysOf("b1")).toEqual([]);
  story.elect("orders-0", 2, 2, [2, 3]);
  story.lead("b2", "orders-0", 2);
  expect(straysOf("b1")).toEqual([
    [0, 2, 3],
    [1, 3, 5],
  ]);
  expect(straysOf("b3")).toEqual([]);
  for (const offset of [2, 3])
    story.append("b2", "orders-0", 2, story.pack("p1", "orders-0", "D"), offset);
  expect(straysOf("b1").length).toBe(2);
  const cut = { type: "truncated", partition: "orders-0", from: 5, to: 2, reason: "divergence" };
  const seq = story.note("b1", cut as never);
  expect(row(story, "b1").ghosts.map(({ offset }) => offset)).toEqual([2, 3, 4]);
  expect(straysOf("b1")).toEqual([
    [0, 2, 3],
    [1, 3, 5],
  ]);
  expect(row(story, "b1").strays.every(({ event }) => event < seq)).toBe(true);
});

test("what a log has let go is no part of it, and nothing is lost by that", () => {
  const story = leaderWith("ABAB");
  for (const offset of [0, 3]) {
    const call = story.events.filter(({ type }) => type === "called")[offset];
    story.acknowledge("p1", call?.type === "called" ? call.call : -1, "orders-0", offset);
  }
  const offsets = (node: string) => row(story, node).cells.map(({ offset }) => offset);
  expect(viewOf(story).told.map(({ offset }) => offset)).toEqual([0, 3]);
  const raised = { type: "logStartRaised", partition: "orders-0", to: 2, why: "deleteRecords" };
  const seq = story.note("b1", raised as never);
  expect(row(story, "b1")).toMatchObject({ start: 2, startEvent: seq });
  expect(offsets("b1")).toEqual([2, 3]);
  expect(offsets("b2")).toEqual([0, 1, 2, 3]);
  expect(viewOf(story).epochs).toMatchObject([{ epoch: 0, from: 2, to: 4 }]);
  expect(viewOf(story).told).toMatchObject([{ offset: 3, standing: "kept" }]);
  expect(viewOf(story).broken).toEqual([0, 0]);
});

test("an epoch begins where the log does, in the midst of a batch too, on the strip as in the table", () => {
  const story = leaderWith("");
  const crcs = ["ABC", "DE"].map((keys) => story.pack("p1", "orders-0", keys));
  story.append("b1", "orders-0", 0, crcs[0]!, 0, 3);
  story.append("b1", "orders-0", 2, crcs[1]!, 3, 2);
  const raised = { type: "logStartRaised", partition: "orders-0", to: 1, why: "deleteRecords" };
  story.note("b1", raised as never);
  expect(viewOf(story).epochs).toMatchObject([
    { epoch: 0, from: 1, to: 3 },
    { epoch: 2, from: 3, to: 5 },
  ]);
  const recording = newRecording();
  addEvents(recording, story.events);
  const { rows } = logsTable(pictureAt(recording, story.events.length), recording.facts);
  const [cells] = rows.map((one) => one.cells).filter(([name]) => name === "orders-0 on b1");
  expect(cells).toContain("e0 1–2, e2 3–4");
});
