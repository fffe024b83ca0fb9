// How high the space–time diagram is drawn.
import { expect, test } from "vitest";
import { spaceTimeHeight } from "../../../viz/marks/space-time-layout.ts";

test("a cluster of three with its clients fits with its axis where debug gives it least room", () => {
  // Three controllers, three brokers, a producer, a consumer, an admin, the verifier; 162 pixels at 1280x720.
  expect(spaceTimeHeight(10, 162)).toBe(162);
  expect(spaceTimeHeight(20, 162)).toBeGreaterThan(162);
});
