// What a reader is told who asks for what there is not, or may not be done.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { library, parseScenario } from "#sim";
import { actionsOf } from "../../viz/lab-actions.ts";
import { newState, type State } from "../../viz/lab-state.ts";
import type { LabOptions } from "../../viz/options.ts";
import type { Actions } from "../../viz/panels/view.ts";

beforeAll(() => void vi.stubGlobal("matchMedia", () => ({ matches: false })));
afterAll(() => void vi.unstubAllGlobals());

const scenario = parseScenario(library.get("steady")?.());

/** A lab whose simulation never answers: nothing of the run is there yet. */
function lab(options: LabOptions = {}): { state: State; actions: Actions } {
  const state = newState(scenario, options);
  const around = {
    simulation: { send: () => undefined, listen: () => undefined, close: () => undefined },
    names: [],
    named: () => scenario,
    draw: () => Promise.resolve(scenario),
    isNamed: () => false,
    link: () => "",
  };
  return { state, actions: actionsOf(state, around, () => undefined) };
}

test("a jump that leads nowhere is answered until the next step, and not as if the run were whole", () => {
  const { state, actions } = lab();
  actions.jump(["violation"], 1);
  expect(state.passing).toBe("No broken promise comes later so far; the run is still being made.");
  state.run.hash = "0123456789abcdef";
  actions.jump(["violation"], 1);
  expect(state.passing).toBe("No broken promise comes later.");
  actions.step(1);
  expect(state.passing).toBeUndefined();
});

test("what has to be read stays when time moves, whatever passing line stood before it", () => {
  const { state, actions } = lab();
  actions.jump(["fault"], -1);
  actions.notify("The run is another one than the link says.");
  actions.step(1);
  expect(state.notice).toBe("The run is another one than the link says.");
});

test("where only some faults are allowed, others are neither made nor written into the scenario", () => {
  const { state, actions } = lab({ faults: ["crash"] });
  const before = state.run;
  const pause = { type: "pause" as const, atMs: 0, target: { node: "b1" } };
  actions.fork([pause]);
  actions.replace({ ...scenario, faults: [pause] });
  expect(state.run).toBe(before);
  expect(state.notice).toBe("That cannot be done here; what can: crash.");
  actions.fork([{ ...pause, type: "crash" }]);
  expect(state.run.scenario.faults.map(({ type }) => type)).toEqual(["crash"]);
  actions.fork([pause], true);
  expect(state.run.scenario.faults.map(({ type }) => type)).toEqual(["crash", "pause"]);
});
