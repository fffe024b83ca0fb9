import { expect, test } from "vitest";
import { fold } from "../../../viz/model/fold.ts";
import { linkCounts } from "../../../viz/model/link-counts.ts";
import { ailingLinks, linkViews, linkWordsByNode } from "../../../viz/model/links.ts";
import { sentence } from "../../../viz/model/narration.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { Story } from "../support/story.ts";

function pictureOf(story: Story) {
  const picture = newPicture();
  for (const event of story.events) fold(picture, event);
  return picture;
}

const states = (story: Story) =>
  ailingLinks(pictureOf(story)).map(({ ways }) =>
    ways.map(({ from, to, state }) => `${from} ${to} ${state}`),
  );

function connected(): Story {
  const story = new Story();
  for (const node of ["b1", "b2", "b3"]) story.start(node);
  story.tell("b1", { type: "opened", connection: 1, peer: "b3", accepted: true });
  story.tell("b3", { type: "opened", connection: 1, peer: "b1", accepted: false });
  return story;
}

test("a cut of one way leaves the other open, and both ends and the link say which it is", () => {
  const story = connected();
  const cut = story.tell("b3", { type: "linkCut", peer: "b1", oneWay: true });
  expect(states(story)).toEqual([["b1 b3 open", "b3 b1 cut"]]);
  const [link] = linkViews(pictureOf(story));
  expect(link).toMatchObject({ id: "b1|b3", open: true, words: "Nothing passes from b3 to b1" });
  expect(link?.ways.map(({ event }) => event)).toEqual([undefined, cut]);
  expect([...linkWordsByNode(pictureOf(story))]).toEqual([
    ["b3", ["does not reach b1"]],
    ["b1", ["not reached by b3"]],
  ]);
  // The other way is cut as well, and heals before it.
  story.tell("b1", { type: "linkCut", peer: "b3", oneWay: true });
  expect(states(story)).toEqual([["b1 b3 cut", "b3 b1 cut"]]);
  expect(linkCounts(pictureOf(story))).toMatchObject([
    { count: 0, ails: { words: "Nothing passes between b1 and b3" } },
  ]);
  story.tell("b3", { type: "linkHealed", peer: "b1", oneWay: true });
  expect(states(story)).toEqual([["b1 b3 cut", "b3 b1 open"]]);
});

test("a cut of both ways is told by one event, and so is its heal", () => {
  const story = connected();
  story.tell("b1", { type: "linkCut", peer: "b2" });
  expect(states(story)).toEqual([["b1 b2 cut", "b2 b1 cut"]]);
  expect(linkWordsByNode(pictureOf(story)).get("b2")).toEqual(["cut off from b1"]);
  story.tell("b1", { type: "linkHealed", peer: "b2" });
  expect(states(story)).toEqual([]);
  expect(linkViews(pictureOf(story)).map(({ id, words }) => [id, words])).toEqual([["b1|b3", ""]]);
});

test("the sentence of a cut says in which direction nothing passes", () => {
  const story = new Story();
  story.tell("b3", { type: "linkCut", peer: "b1", oneWay: true });
  story.tell("b3", { type: "linkHealed", peer: "b1", oneWay: true });
  story.tell("b1", { type: "linkCut", peer: "b2" });
  const recording = newRecording();
  addEvents(recording, story.events);
  expect(recording.events.map((event) => sentence(event, recording.facts))).toEqual([
    "Nothing passes from b3 to b1",
    "b1 hears b3 again",
    "Nothing passes between b1 and b2",
  ]);
});

const delay = { type: "delay", atMs: 0, forMs: 900, addMs: [50, 100] } as const;

function befall(
  story: Story,
  fault: object,
  sides: readonly [readonly string[], readonly string[]],
) {
  const between = [{ nodes: sides[0] }, { nodes: sides[1] }];
  const struck = { type: "fault", index: 4, met: true, targets: sides.flat(), sides } as const;
  const told = { ...struck, fault: { ...fault, between } as never, sentence: "" };
  return story.tell("", told);
}

test("a network that takes long is slow in each direction that is meant, until it is healed", () => {
  const story = connected();
  const struck = befall(story, { ...delay, oneWay: true }, [["b1"], ["b2", "b3"]]);
  expect(states(story)).toEqual([
    ["b1 b2 slow", "b2 b1 open"],
    ["b1 b3 slow", "b3 b1 open"],
  ]);
  const [link] = linkViews(pictureOf(story));
  expect(link).toMatchObject({ words: "The network from b1 to b2 takes 50 to 100 ms longer" });
  expect(link?.ways[0].event).toBe(struck);
  expect(linkWordsByNode(pictureOf(story)).get("b1")).toEqual(["slow network to b2 and b3"]);
  expect(linkWordsByNode(pictureOf(story)).get("b3")).toEqual(["slow network from b1"]);
  // What is cut is told before what is slow.
  story.tell("b1", { type: "linkCut", peer: "b2" });
  expect(states(story)[0]).toEqual(["b1 b2 cut", "b2 b1 cut"]);
  story.tell("b1", { type: "linkHealed", peer: "b2" });
  story.tell("", { type: "healed", index: 4, targets: [], sentence: "" });
  expect(states(story)).toEqual([]);
});

test("a narrow network is slow both ways", () => {
  const story = connected();
  befall(story, { ...delay, type: "slowLink", bytesPerMs: 50 }, [["b1"], ["b3"]]);
  expect(linkViews(pictureOf(story)).map(({ words }) => words)).toEqual([
    "The network between b1 and b3 carries only 50 bytes a millisecond",
  ]);
});

test("connections that were open fall silent and are so until both ends have closed them; later ones are well", () => {
  const story = connected();
  const struck = befall(story, { type: "blackHole", atMs: 0 }, [["b1"], ["b2", "b3"]]);
  expect(states(story)).toEqual([["b1 b3 silent", "b3 b1 silent"]]);
  const [link] = ailingLinks(pictureOf(story));
  expect(link?.words).toBe("Open connections between b1 and b3 carry nothing, and nobody is told");
  expect(link?.ways[0].event).toBe(struck);
  story.tell("b1", { type: "opened", connection: 3, peer: "b3", accepted: true });
  story.tell("b1", { type: "opened", connection: 5, peer: "b2", accepted: true });
  story.tell("b3", { type: "closing", connection: 1, peer: "b1" });
  expect(states(story)).toEqual([["b1 b3 silent", "b3 b1 silent"]]);
  story.tell("b1", { type: "closed", connection: 1, peer: "b3", reason: "timeout" });
  expect(states(story)).toEqual([]);
  const again = connected();
  befall(again, { type: "blackHole", atMs: 0 }, [["b3"], ["b1"]]);
  again.tell("b1", { type: "down", how: "powerLoss" });
  again.tell("b3", { type: "down", how: "crash" });
  expect(states(again)).toEqual([]);
});
