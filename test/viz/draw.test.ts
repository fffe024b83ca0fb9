// Drawing from a family while the lab runs: the last choice is what runs, whenever what was drawn comes.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { families, library, type Scenario, withSeed } from "#sim";
import { actionsOf } from "../../viz/lab-actions.ts";
import { newState, type State } from "../../viz/lab-state.ts";
import type { Actions } from "../../viz/panels/view.ts";

beforeAll(() => void vi.stubGlobal("matchMedia", () => ({ matches: false })));
afterAll(() => void vi.unstubAllGlobals());

interface Draw {
  readonly arrive: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

const scenarioOf = (name: string, seed?: string): Scenario => {
  const make = library.get(name);
  if (make === undefined) throw new RangeError(`the library has no ${name}`);
  return withSeed(make(), seed);
};

const drawnBy = (family: string, seed: string): Scenario => {
  const draw = families.get(family);
  if (draw === undefined) throw new RangeError(`there is no family ${family}`);
  return draw(seed);
};

/** A lab's state and actions; `draws`: what was asked of the families, which comes when the test says. */
function lab(): { state: State; actions: Actions; draws: Draw[]; ran: string[] } {
  const draws: Draw[] = [];
  const ran: string[] = [];
  const state = newState(scenarioOf("acks-1"), {});
  const simulation = {
    send: ({ type }: { readonly type: string }) => void ran.push(type),
    listen: () => undefined,
    close: () => undefined,
  };
  const around = {
    simulation,
    names: [...library.keys()],
    named: scenarioOf,
    draw: (family: string, seed: string) =>
      new Promise<Scenario>((resolve, reject) => {
        // Whoever waits for the promise hears of it before the test goes on.
        const told = (): Promise<void> => Promise.resolve();
        draws.push({
          arrive: () => (resolve(drawnBy(family, seed)), told()),
          fail: () => (reject(new Error("It could not be loaded.")), told()),
        });
      }),
    isNamed: () => false,
    link: () => "",
  };
  const actions = actionsOf(state, around, () => undefined);
  return { state, actions, draws, ran };
}

test("what was drawn runs once it is there, and an edit of it can be undone", async () => {
  const { state, actions, draws, ran } = lab();
  actions.draw("chains", "7");
  expect(state.drawing).toEqual({ family: "chains", seed: "7" });
  expect(state.run.scenario.name).toBe("acks-1");
  await draws[0]?.arrive();
  expect(state.drawing).toBeUndefined();
  expect(state.run.scenario).toEqual(drawnBy("chains", "7"));
  expect(state.drawn).toEqual({ family: "chains", scenario: state.run.scenario });
  expect(ran).toEqual(["run"]);
  actions.fork([{ type: "crash", atMs: 0, target: { node: "b1" } }]);
  expect(state.drawn?.scenario).not.toBe(state.run.scenario);
  actions.undo();
  expect(state.drawn?.scenario).toBe(state.run.scenario);
});

test("of two draws the later one runs, whichever comes first", async () => {
  const { state, actions, draws } = lab();
  actions.draw("chains", "1");
  actions.draw("returns", "2");
  await draws[1]?.arrive();
  await draws[0]?.arrive();
  expect(state.run.scenario).toEqual(drawnBy("returns", "2"));
  expect(state.drawn?.family).toBe("returns");
});

const later: readonly (readonly [string, (actions: Actions) => void])[] = [
  ["another scenario", (actions) => actions.open("blackout", undefined)],
  ["a scenario from a file", (actions) => actions.load(scenarioOf("blackout"), {})],
  ["an edited scenario", (actions) => actions.replace(scenarioOf("blackout"))],
  ["a fault", (actions) => actions.fork([{ type: "crash", atMs: 0, target: { node: "b1" } }])],
];

test.each(later)("%s, chosen before the draw has come, stays", async (_, choose) => {
  const { state, actions, draws } = lab();
  actions.draw("chains", "1");
  choose(actions);
  const { run } = state;
  await draws[0]?.arrive();
  expect(state.run).toBe(run);
  expect(state).toMatchObject({ drawn: undefined, drawing: undefined, notice: undefined });
});

test("where nothing can be drawn the run stays, and a notice says so", async () => {
  const { state, actions, draws, ran } = lab();
  const { run } = state;
  actions.draw("chains", "1");
  await draws[0]?.fail();
  expect(state.run).toBe(run);
  expect(ran).toEqual([]);
  expect(state.drawing).toBeUndefined();
  expect(state.notice).toBe("chains is not drawn. It could not be loaded.");
});

test("another scenario after a drawn one is not taken for drawn", async () => {
  const { state, actions, draws } = lab();
  actions.draw("chains", "1");
  await draws[0]?.arrive();
  actions.open("blackout", undefined);
  expect(state.drawn).toBeUndefined();
});
