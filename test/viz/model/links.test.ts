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
