import { expect, test } from "vitest";
import { drawWays } from "../../../viz/marks/draw-messages.ts";
import { type Place, pathBetween, stageLayout } from "../../../viz/marks/geometry.ts";
import { shapeOf } from "../../../viz/marks/message-stamp.ts";
import { dotsAt } from "../../../viz/marks/messages.ts";
import { fold } from "../../../viz/model/fold.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import { Story } from "../support/story.ts";

const places: readonly Place[] = [
  { name: "b1", kind: "broker" },
  { name: "c1", kind: "controller" },
  { name: "c2", kind: "controller" },
  // Named like a controller, and none.
  { name: "checkout", kind: "producer" },
];
const layout = stageLayout(places, "full");

/** The only message of a run, as it is drawn halfway. */
function drawn(from: string, to: string, api: string, motion: "paused" | "still" = "paused") {
  const story = new Story();
  for (const { name, kind } of places) story.tell(name, { type: "started", life: 1, kind });
  story.send(from, to, api, 4);
  const picture = newPicture();
  for (const event of story.events) fold(picture, event);
  const dots = dotsAt(picture, layout, 2000, motion, true);
  const [dot] = dots;
  if (dot === undefined) throw new RangeError("no message is drawn");
  return {
    dot,
    dots,
    shape: shapeOf(dot.message),
    answer: shapeOf({ ...dot.message, response: true }),
  };
}

test.each(["Vote", "BeginQuorumEpoch", "EndQuorumEpoch", "Fetch", "FetchSnapshot"])(
  "%s between controllers is a diamond, and so is its answer",
  (api) => {
    expect(drawn("c1", "c2", api)).toMatchObject({ shape: "diamond", answer: "diamond" });
  },
);

test("a broker that follows the metadata log is of the quorum, whatever else it asks is not", () => {
  for (const api of ["Fetch", "FetchSnapshot"]) {
    expect(drawn("b1", "c1", api).shape).toBe("diamond");
    expect(drawn("c1", "b1", api).shape).toBe("diamond");
  }
  expect(drawn("b1", "c1", "AlterPartition")).toMatchObject({ shape: "square", answer: "circle" });
});

test("who is named like a controller is none", () => {
  for (const api of ["Fetch", "Vote", "Produce"])
    expect(drawn("checkout", "b1", api).shape).toBe("square");
});

test("a heartbeat is a dot, smaller than all else", () => {
  const beat = drawn("b1", "c1", "BrokerHeartbeat");
  expect(beat).toMatchObject({ shape: "circle", answer: "circle" });
  expect(beat.dot.radius).toBeLessThan(drawn("b1", "c1", "AlterPartition").dot.radius);
});

test("what must not move is an arrow whose head lies at its receiver", () => {
  const lines: (readonly [string, ...number[]])[] = [];
  const pen = {
    beginPath: () => undefined,
    stroke: () => undefined,
    moveTo: (x: number, y: number) => lines.push(["move", x, y]),
    lineTo: (x: number, y: number) => lines.push(["line", x, y]),
    quadraticCurveTo: (...to: number[]) => lines.push(["curve", ...to]),
  };
  const { dots } = drawn("checkout", "b1", "Produce", "still");
  drawWays(pen as unknown as CanvasRenderingContext2D, dots, { ink: "black" });
  const path = pathBetween(layout, "checkout", "b1");
  if (path === undefined) throw new RangeError("there is no way");
  const [start, , end] = path;
  expect(lines.map(([what]) => what)).toEqual(["move", "curve", "move", "line", "line"]);
  const [begin, , left, tip, right] = lines;
  expect(begin).toEqual(["move", start.x, start.y]);
  expect(tip).toEqual(["line", end.x, end.y]);
  // Both barbs point back to the sender, one to each side of the way.
  for (const barb of [left, right]) {
    const [, x = 0, y = 0] = barb ?? [];
    expect(Math.hypot(x - end.x, y - end.y)).toBeGreaterThan(6);
    expect(Math.hypot(x - start.x, y - start.y)).toBeLessThan(
      Math.hypot(end.x - start.x, end.y - start.y),
    );
  }
});
