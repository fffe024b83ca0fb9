import { expect, test } from "vitest";
import { fold } from "../../../viz/model/fold.ts";
import { type Picture, newPicture } from "../../../viz/model/picture.ts";
import { Story, leaderWith } from "../support/story.ts";

function pictureOf(story: Story): Picture {
  const picture = newPicture();
  for (const event of story.events) fold(picture, event);
  return picture;
}

const strip = (picture: Picture, node: string) =>
  picture.partitions.get("orders-0")?.strips.get(node);

test("a message is under way from its sending to its end", () => {
  const story = new Story();
  story.start("b1");
  const arrived = story.send("b2", "b1", "Fetch", 2);
  const lost = story.send("b3", "b1", "Fetch", 2);
  expect([...pictureOf(story).messages.keys()]).toEqual([arrived, lost]);
  story.wait(2).receive("b1", "b2", arrived);
  expect([...pictureOf(story).messages.keys()]).toEqual([lost]);
  story.tell("", { type: "lost", message: lost, why: "reset" });
  expect(pictureOf(story).messages.size).toBe(0);
});

test("a cut holds a message and its link until it is healed", () => {
  const story = new Story();
  const message = story.send("b2", "b1", "Fetch", 2);
  story.tell("b2", { type: "linkCut", peer: "b1" });
  story.tell("b2", { type: "delayed", message, arrival: null });
  expect(pictureOf(story).cuts.has("b1>b2")).toBe(true);
  expect(pictureOf(story).cuts.has("b2>b1")).toBe(true);
  expect(pictureOf(story).messages.get(message)?.arrival).toBe(null);
  story.tell("b1", { type: "linkHealed", peer: "b2" });
  story.tell("b2", { type: "delayed", message, arrival: 9000 });
  expect(pictureOf(story).cuts.size).toBe(0);
  expect(pictureOf(story).messages.get(message)?.arrival).toBe(9000);
});

test("a process that goes down loses its connections and its waiting requests, and keeps its log", () => {
  const story = leaderWith("AB");
  story.tell("b1", { type: "opened", connection: 3, peer: "p1", accepted: true });
  story.note("b1", { type: "parked", api: "Produce", partition: "orders-0", until: 3 });
  expect(pictureOf(story).nodes.get("b1")?.waiting.Produce).toBe(1);
  story.strike("crash", "b1");
  const node = pictureOf(story).nodes.get("b1");
  expect(node?.state).toBe("crashed");
  expect(node?.waiting.Produce).toBe(0);
  expect(node?.connections.size).toBe(0);
  expect(strip(pictureOf(story), "b1")?.end).toBe(2);
});

test("a controller that falls no longer leads", () => {
  const story = new Story();
  story.start("c1");
  story.note("c1", { type: "controllerElected", epoch: 3 });
  expect(pictureOf(story).nodes.get("c1")?.leads).toBe(3);
  story.strike("crash", "c1");
  expect(pictureOf(story).nodes.get("c1")).not.toHaveProperty("leads");
});

test("a truncation leaves a ghost until something else is written there", () => {
  const story = leaderWith("ABC");
  story.note("b2", {
    type: "truncated",
    partition: "orders-0",
    from: 3,
    to: 1,
    reason: "divergence",
  });
  const cut = strip(pictureOf(story), "b2");
  expect(cut?.end).toBe(1);
  expect(cut?.batches.map(({ base }) => base)).toEqual([0]);
  expect(cut?.ghost?.batches.map(({ base }) => base)).toEqual([1, 2]);
  story.append("b2", "orders-0", 1, 99, 1);
  expect(strip(pictureOf(story), "b2")).not.toHaveProperty("ghost");
});

test("a partition goes with the last copy of a topic that is deleted", () => {
  const story = leaderWith("ABC");
  const holders = [...(pictureOf(story).partitions.get("orders-0")?.strips.keys() ?? [])];
  expect(holders.length).toBeGreaterThan(1);
  for (const [i, node] of holders.entries()) {
    expect(pictureOf(story).partitions.get("orders-0")?.strips.size).toBe(holders.length - i);
    story.note(node, { type: "replicaDeleted", partition: "orders-0" });
  }
  expect(pictureOf(story).partitions.has("orders-0")).toBe(false);
});

test("a power loss takes the batches that were only in the page cache", () => {
  const story = leaderWith("ABC");
  const file = "orders-0/00000000000000000000.log";
  story.tell("b1", { type: "writeBack", file, ranges: [[0, 200]] });
  story.strike("powerLoss", "b1");
  const hurt = { file, why: "unsynced", before: 300, after: 200, from: 200 } as const;
  story.tell("b1", { type: "fileHurt", ...hurt });
  const after = strip(pictureOf(story), "b1");
  expect(after?.batches.map(({ base }) => base)).toEqual([0, 1]);
  expect(after?.end).toBe(2);
  expect(after?.ghost).toMatchObject({ reason: "disk" });
  expect(after?.synced.get(0)).toEqual([[0, 200]]);
});

test("an fsync covers what the file holds, and nothing that is written later", () => {
  const story = leaderWith("AB");
  const file = "orders-0/00000000000000000000.log";
  const fsync = { type: "disk", op: "fsync", file, position: 0, length: 0 } as const;
  story.tell("b1", { ...fsync, until: story.now });
  story.append("b1", "orders-0", 0, 5, 2);
  expect(strip(pictureOf(story), "b1")?.synced.get(0)).toEqual([[0, 200]]);
  expect(strip(pictureOf(story), "b2")?.synced.size).toBe(0);
});

test("what a client was told stands by offset, also if it was told twice", () => {
  const story = leaderWith("A");
  const call = story.events.findIndex((event) => event.type === "called");
  story.acknowledge("p1", call, "orders-0", 0);
  const again = story.acknowledge("p1", 77, "orders-0", 0);
  const told = pictureOf(story).partitions.get("orders-0")?.told.get(0);
  expect(told?.map((one) => one.call)).toEqual([call, 77]);
  expect(told?.[1]?.event).toBe(again);
  expect(pictureOf(story).nodes.get("p1")?.client?.acknowledged).toBe(2);
});

test("a consumer's position keeps the event that moved it", () => {
  const story = leaderWith("AB");
  const positions = [{ partition: "orders-0", offset: 2 }];
  const polled = { type: "polled", records: [], positions } as const;
  const moved = story.tell("k1", { type: "result", call: 1, outcome: polled });
  story.tell("k1", { type: "result", call: 2, outcome: polled });
  const position = pictureOf(story).nodes.get("k1")?.client?.positions.get("orders-0");
  expect(position).toEqual({ offset: 2, event: moved });
});

test("the metadata log is no partition of the picture", () => {
  const story = new Story();
  story.append("c1", "__cluster_metadata-0", 1, 1, 0);
  expect(pictureOf(story).partitions.size).toBe(0);
});
