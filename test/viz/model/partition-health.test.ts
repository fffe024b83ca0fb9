import { expect, test } from "vitest";
import { library, type TraceBody, type TraceEvent } from "#sim";
import { fold } from "../../../viz/model/fold.ts";
import { healthOf } from "../../../viz/model/partition-health.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import { leaderWith, type Story } from "../support/story.ts";

const scenario = library.get("steady")?.();
if (scenario === undefined) throw new RangeError("the library has no steady");

function pictureOf(events: readonly TraceEvent[]) {
  const picture = newPicture();
  for (const event of events) fold(picture, event);
  return picture;
}

function standing(story: Story, name = "orders-0", broken: readonly string[] = []) {
  const [found] = healthOf(pictureOf(story.events), scenario!, [name], new Set(broken));
  if (found === undefined) throw new RangeError("nothing was told");
  return found;
}

function withMinIsr(least: number): Story {
  const story = leaderWith("A");
  const configs = { "min.insync.replicas": String(least) };
  const created = { type: "topicCreated", topic: "orders", id: "t", partitions: 1, configs, at: 1 };
  story.note("c1", created as never);
  return story;
}

test("a partition is as healthy as its in-sync replicas are many", () => {
  const story = withMinIsr(2);
  expect(standing(story)).toMatchObject({ health: "full", leader: 1 });
  const under = story.elect("orders-0", 1, 0, [1, 2], { why: "isr" });
  expect(standing(story)).toMatchObject({ health: "under", event: under });
  story.elect("orders-0", 1, 0, [1], { why: "isr" });
  expect(standing(story).health).toBe("belowMin");
  const offline = story.elect("orders-0", -1, 1, [1], { why: "offline" });
  expect(standing(story)).toMatchObject({ health: "offline", event: offline });
});

test("its words say what the tile shows", () => {
  const story = withMinIsr(2);
  story.elect("orders-0", 1, 3, [1], { why: "isr" });
  expect(standing(story, "orders-0", ["orders-0"]).words).toBe(
    "orders-0: under min ISR, led by b1 in epoch 3, 1 of 3 in sync (at least 2); a promise is broken",
  );
  expect(standing(story, "orders-7")).toMatchObject({
    health: "absent",
    event: -1,
    words: "orders-7: not created",
  });
});

test("min.insync.replicas counts as the admin set it, once it was told that it is set", () => {
  const story = withMinIsr(1);
  story.elect("orders-0", 1, 0, [1], { why: "isr" });
  expect(standing(story).health).toBe("under");
  const configs = { "min.insync.replicas": "2" };
  const request = { type: "alterConfigs", resource: "topic", name: "orders", configs };
  story.tell("a1", { type: "called", call: 9, request } as TraceBody);
  expect(standing(story).health).toBe("under");
  story.tell("a1", { type: "result", call: 9, outcome: { type: "done" } });
  expect(standing(story).health).toBe("belowMin");
});
