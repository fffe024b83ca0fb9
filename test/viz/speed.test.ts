// How fast a run plays before anybody says anything: a message of the middle latency takes six tenths of a second.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { library, parseScenario } from "#sim";
import { newPlayer } from "../../viz/lab-state.ts";

beforeAll(() => void vi.stubGlobal("matchMedia", () => ({ matches: false })));
afterAll(() => void vi.unstubAllGlobals());

const steady = parseScenario(library.get("steady")?.());

test.each([
  [[200, 800], 600],
  [[100_000, 200_000], 600],
  // Slower or faster than that nothing is played.
  [[1, 1], 4],
  [[30_000_000, 60_000_000], 4500],
] as const)("with latencies of %j µs in %i ms", (latencyUs, ms) => {
  const { speed } = newPlayer({ ...steady, network: { ...steady.network, latencyUs } });
  expect((latencyUs[0] + latencyUs[1]) / 2 / speed).toBe(ms);
});
