// Who deposes whom among the controllers.
import { expect, test } from "vitest";
import { guarantees, parseScenario, type TraceEvent, judgementOf } from "#sim";
import { guaranteeOf } from "./hand-made.ts";

const stays = guaranteeOf(guarantees, "heard-leader-stays");

const scenario = parseScenario({
  version: 1,
  name: "by-hand",
  durationMs: 10_000,
  cluster: {
    brokers: [{ id: 1 }],
    controllers: [{ id: 101 }, { id: 102 }, { id: 103 }],
    config: { "controller.quorum.fetch.timeout.ms": 1000 },
  },
  topics: [],
  workload: {},
});

type Step = readonly [atMs: number, node: string, body: object];

const elected = (atMs: number, node: string, epoch: number): Step => [
  atMs,
  node,
  { type: "note", event: { type: "controllerElected", epoch } },
];

const started: readonly Step[] = ["c1", "c2", "c3"].map((node) => [
  0,
  node,
  { type: "started", life: 1, kind: "controller" },
]);

function judged(...steps: readonly Step[]) {
  const state = stays.begin(scenario);
  for (const [seq, [atMs, node, body]] of [...started, elected(100, "c1", 1), ...steps].entries()) {
    stays.step(state, { seq, at: atMs * 1000, node, causes: [], ...body } as unknown as TraceEvent);
  }
  return judgementOf(stays.id, stays.verdict(state));
}

test("a leader that two of three have heard all the time must stay", () => {
  const { standing, evidence } = judged(
    [3000, "c1", { type: "linkCut", peer: "c3" }],
    [6000, "c1", { type: "linkHealed", peer: "c3" }],
    elected(6300, "c2", 9),
  );
  expect(standing).toBe("broken");
  expect(evidence).toBe(
    "c1 led epoch 1, and c1, c2 heard it all the time; c2 deposed it with epoch 9.",
  );
});

test.each<[string, Step]>([
  ["was down", [5000, "c1", { type: "down", how: "crash" }]],
  ["stood still", [5000, "c1", { type: "paused" }]],
  ["was asked to stop", [5000, "c1", { type: "stopAsked" }]],
])("a leader that %s may be followed by another", (_, step) => {
  expect(judged(step, elected(6000, "c2", 2)).standing).toBe("held");
});

test("so may one that was cut off from both, or heard again for too short a while", () => {
  const cut = ["c2", "c3"].map((peer): Step => [3000, "c1", { type: "linkCut", peer }]);
  const healed = ["c2", "c3"].map((peer): Step => [5000, "c1", { type: "linkHealed", peer }]);
  expect(judged(...cut, elected(4500, "c2", 2)).standing).toBe("held");
  expect(judged(...cut, ...healed, elected(6900, "c2", 2)).standing).toBe("held");
  expect(judged(...cut, ...healed, elected(7100, "c2", 2)).standing).toBe("broken");
});
