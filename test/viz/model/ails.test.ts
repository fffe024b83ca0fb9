import { expect, test } from "vitest";
import { iconEvent, stateIcon } from "../../../viz/marks/state-icon.ts";
import { fold } from "../../../viz/model/fold.ts";
import { ailingLinks } from "../../../viz/model/links.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import { markView, replicaSums } from "../../../viz/model/stage-many.ts";
import { cardView } from "../../../viz/model/stage-view.ts";
import { Story } from "../support/story.ts";

function cluster(): Story {
  const story = new Story();
  for (const node of ["b1", "b2", "c1", "p1"]) story.start(node);
  return story;
}

function strike(story: Story, index: number, fault: object, targets: readonly string[]): number {
  const struck = { type: "fault", index, met: true, targets, sentence: "" } as const;
  const whole = { ...fault, atMs: 0, forMs: 900, target: { nodes: targets } } as never;
  return story.tell("", { ...struck, fault: whole });
}

const heal = (story: Story, index: number, left: readonly string[] = []) =>
  story.tell("", {
    type: "healed",
    index,
    targets: [],
    sentence: "",
    ...(left.length === 0 ? {} : { left }),
  });

function seen(story: Story) {
  const picture = newPicture();
  for (const event of story.events) fold(picture, event);
  return {
    picture,
    card: (name: string, kind: "broker" | "controller" | "producer" = "broker") =>
      cardView(picture, name, kind),
    mark: (name: string) => markView(picture, { name, kind: "broker" }, replicaSums(picture)),
  };
}

const words = (story: Story, name: string) =>
  (seen(story).card(name).ails ?? []).map(({ word }) => word);

test("a slow process is up, and slow from the strike to the heal of just that fault", () => {
  const story = cluster();
  const slow = strike(story, 0, { type: "slow", stepMs: 5 }, ["b1", "p1"]);
  strike(story, 1, { type: "slow", stepMs: 9 }, ["b1"]);
  const card = seen(story).card("b1");
  expect(card.state).toBe("up");
  expect(card.ails?.[0]).toMatchObject({ word: "slow", words: "needs 5 ms more for every step" });
  expect(stateIcon(card)).toBe("hourglass");
  expect(iconEvent(card)).toBe(slow);
  const mark = seen(story).mark("b1");
  expect(mark).toMatchObject({ standing: "slow", line: "slow", event: slow });
  expect(mark.words).toContain("needs 5 ms more for every step");
  expect(seen(story).mark("b2").standing).toBe("up");
  heal(story, 0);
  expect(words(story, "b1")).toEqual(["slow"]);
  expect(words(story, "p1")).toEqual([]);
  heal(story, 1);
  expect(words(story, "b1")).toEqual([]);
  expect(stateIcon(seen(story).card("b1"))).toBe(undefined);
});

test("what ails disk and clock is told by its word, the slowness first; a client has no disk", () => {
  const story = cluster();
  for (const [index, fault] of [
    { type: "diskLatency", times: 8 },
    { type: "diskFull" },
    { type: "diskError" },
    { type: "lyingFsync" },
    { type: "clockStep", byMs: 300 },
    { type: "clockDrift", ppm: -90 },
    { type: "slow", stepMs: 5 },
  ].entries())
    strike(story, index, fault, ["b1", "c1", "p1"]);
  const all = ["disk slow", "disk full", "disk bad", "disk lies", "clock off", "clock off"];
  expect(words(story, "b1")).toEqual(["slow", ...all]);
  expect(words(story, "p1")).toEqual(["slow", "clock off", "clock off"]);
  // The first stands where its state would; the rest are facts.
  expect(seen(story).card("b1").facts.slice(0, 6)).toEqual(all);
  // A controller that leads has its role there.
  story.note("c1", { type: "controllerElected", epoch: 3 });
  expect(seen(story).card("c1", "controller")).toMatchObject({ role: "leads e3" });
  expect(seen(story).card("c1", "controller").facts[0]).toBe("slow");
});

test("a machine ails on while its process is down or starts again", () => {
  const story = cluster();
  strike(story, 0, { type: "diskFull" }, ["b1"]);
  story.tell("b1", { type: "down", how: "halted" });
  const card = seen(story).card("b1");
  expect(card.facts[0]).toBe("disk full");
  expect(stateIcon(card)).toBe("cross");
  expect(seen(story).mark("b1")).toMatchObject({ standing: "down", state: "crashed" });
  story.start("b1", 2);
  expect(words(story, "b1")).toEqual(["disk full"]);
  expect(stateIcon(seen(story).card("b1"))).toBe("alarm");
});

test("the final heal leaves those as they are whom it names, with the network to them", () => {
  const story = cluster();
  strike(story, 0, { type: "slow", stepMs: 5 }, ["b1", "b2"]);
  const delay = { type: "delay", atMs: 0, addMs: [5, 9], between: [] } as never;
  const sides = [["b1"], ["b2", "p1"]] as const;
  const struck = { type: "fault", index: 1, met: true, targets: sides.flat(), sides } as const;
  story.tell("", { ...struck, fault: delay, sentence: "" });
  heal(story, -1, ["b2"]);
  expect(words(story, "b1")).toEqual([]);
  expect(words(story, "b2")).toEqual(["slow"]);
  expect(ailingLinks(seen(story).picture).map(({ id }) => id)).toEqual(["b1|b2"]);
  heal(story, -1);
  expect(words(story, "b2")).toEqual([]);
  expect(ailingLinks(seen(story).picture)).toEqual([]);
});
