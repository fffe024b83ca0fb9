import { beforeAll, expect, test } from "vitest";
import { type TraceEvent, library, parseScenario, runScenario } from "#sim";
import { eyesText, seenBy } from "../../../viz/model/eyes.ts";
import { addEvents, countAt, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { cardView } from "../../../viz/model/stage-view.ts";
import { partitionView } from "../../../viz/model/strip-view.ts";

const recording = newRecording();
const events: TraceEvent[] = [];
beforeAll(() => {
  const make = library.get("acks-1");
  if (make === undefined) throw new RangeError("the library has no acks-1");
  runScenario(parseScenario(make()), { listeners: [(event) => void events.push(event)] });
  addEvents(recording, events);
}, 60_000);

/** While b3 is cut off and goes on leading, and after another leads. */
const moments = [4_500_000, 5_600_000];

/** What a node said last of a kind of note about the partition, up to a moment. */
function lastWord(node: string, type: string, count: number) {
  const said = events
    .slice(0, count)
    .findLast((event) => event.type === "note" && event.node === node && event.event.type === type);
  return said?.type === "note" ? said.event : undefined;
}

test.each(moments)("at %i µs a broker's eyes show its own last words and nobody else's", (at) => {
  const count = countAt(recording, at);
  const whole = pictureAt(recording, count);
  for (const name of ["b1", "b2", "b3"]) {
    const seen = seenBy(recording, whole, name);
    const partition = seen.partitions.get("orders-0");
    const role = lastWord(name, "roleTaken", count);
    const mark = lastWord(name, "highWatermark", count);
    if (role?.type !== "roleTaken" || mark?.type !== "highWatermark") {
      throw new RangeError(`${name} has said nothing`);
    }
    expect(partition).toMatchObject({ leader: role.leader, epoch: role.epoch, isr: role.isr });
    expect([...(partition?.strips.keys() ?? [])]).toEqual([name]);
    expect(partition?.strips.get(name)?.highWatermark).toBe(mark.offset);
    expect([...seen.nodes.keys()]).toEqual([name]);
    const card = cardView(seen, name, "broker");
    expect(card.fenced).toBe(false);
    expect(card.facts.filter((fact) => fact.startsWith("disk"))).toEqual([]);
    expect(partition?.told.size).toBe(0);
    for (const { from } of seen.messages.values()) expect(from).toBe(name);
    if (partition === undefined) continue;
    const view = partitionView(seen, recording.facts, partition, 1000, { from: 0 });
    expect(view.rows.filter(({ cells }) => cells.length > 0).map(({ node }) => node)).toEqual([
      name,
    ]);
    expect(
      view.rows.flatMap(({ cells }) => cells).some((cell) => cell.divergent || cell.synced),
    ).toBe(false);
  }
});

test("two brokers believe in two leaders, where the truth is one", () => {
  const count = countAt(recording, 5_520_000);
  const whole = pictureAt(recording, count);
  const leaders = ["b1", "b2", "b3"].map(
    (name) => seenBy(recording, whole, name).partitions.get("orders-0")?.leader,
  );
  expect(leaders).toContain(3);
  expect(new Set(leaders).size).toBe(2);
  expect(whole.partitions.get("orders-0")?.leader).not.toBe(3);
});

test("a producer believes what it was told, and who is down knows nothing", () => {
  const count = events.length;
  const whole = pictureAt(recording, count);
  const seen = seenBy(recording, whole, "p2").partitions.get("orders-0");
  const acks = events.filter(
    (event) =>
      event.type === "result" && event.node === "p2" && event.outcome.type === "acknowledged",
  );
  expect(seen?.told.size).toBeGreaterThan(0);
  expect([...(seen?.told.values() ?? [])].flat().length).toBe(acks.length);
  expect(seen?.strips.size).toBe(0);
  expect(seen?.leader).toBe(-1);

  const early = pictureAt(recording, 1);
  expect(eyesText(early, "v1")).toBe("v1 has not started: it knows nothing");
  const lost = { ...whole, nodes: new Map(whole.nodes) };
  const b1 = whole.nodes.get("b1");
  if (b1 === undefined) throw new RangeError("there is no b1");
  lost.nodes.set("b1", { ...b1, state: "crashed" });
  expect(seenBy(recording, lost, "b1").partitions.get("orders-0")?.strips.size).toBe(0);
  expect(eyesText(lost, "b1")).toBe("b1 is down: it knows nothing");
});

test("a controller knows of partitions what it has followed of the metadata log", () => {
  const whole = pictureAt(recording, events.length);
  for (const name of ["c1", "c2", "c3"]) {
    const metadata = whole.nodes.get(name)?.metadata;
    if (metadata === undefined) continue;
    const known = events.findLast(
      (event) =>
        event.type === "note" &&
        event.event.type === "partitionChanged" &&
        event.event.partition === "orders-0" &&
        event.event.at < metadata,
    );
    const seen = seenBy(recording, whole, name).partitions.get("orders-0");
    expect(seen?.event).toBe(known?.seq);
    expect(seen?.strips.size).toBe(0);
  }
  const early = pictureAt(recording, countAt(recording, 5_520_000));
  expect(seenBy(recording, early, "c1").partitions.get("orders-0")?.event).toBeGreaterThan(0);
});
