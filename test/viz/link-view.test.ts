import { describe, expect, test } from "vitest";
import { defaultScenario, library, parseScenario, type Fault } from "#sim";
import { faultsAfter, withoutLast } from "../../viz/beside.ts";
import { type Viewing, linkedView, viewingOf } from "../../viz/link-view.ts";
import { newSpaceChoice } from "../../viz/model/space-choice.ts";

const usual: Viewing = {
  density: undefined,
  tab: undefined,
  partition: undefined,
  only: undefined,
  windows: new Map(),
  cells: undefined,
  pinned: [],
  eyes: undefined,
  space: newSpaceChoice,
  inside: {},
  beside: undefined,
};

/** As it arrives at another page. */
const sent = (viewing: Viewing): Viewing => {
  const view = linkedView(viewing);
  return viewingOf(view === undefined ? undefined : JSON.parse(JSON.stringify(view)));
};

describe("a view in a link", () => {
  test("says nothing where all is as the lab likes it", () => {
    expect(linkedView(usual)).toBeUndefined();
    expect(linkedView({ ...usual, density: "lab" })).toBeUndefined();
    const open = { ...newSpaceChoice, open: true };
    const debug: Viewing = { ...usual, density: "debug", tab: "why", space: open };
    expect(linkedView(debug)).toEqual({ density: "debug", tab: "why" });
    // What a closed inspector would show is nobody's view.
    expect(linkedView({ ...usual, inside: { message: 5 } })).toBeUndefined();
  });

  const record = { partition: "orders-0", offset: 3, event: 812 };
  test.each<[string, Partial<Viewing>]>([
    ["density, tab, partition and windows", { density: "teach", tab: "events", partition: "o-1" }],
    ["windows", { windows: new Map([["orders-0", 12]]) }],
    ["the topic to which the logs are narrowed", { only: "orders", partition: "orders-1" }],
    ["whose eyes", { eyes: "b2" }],
    ["what stands in the cells", { cells: "size" }],
    ["guarantees that are pinned", { pinned: ["marks-agree", "read-stays"] }],
    ["a message that is looked into", { tab: "message", inside: { message: 77 } }],
    ["a file of a node", { tab: "node", inside: { node: "b1", path: "meta.properties" } }],
    ["a record by its copy", { tab: "record", inside: { record } }],
    ["a record by its call", { tab: "record", inside: { record: { called: 9 } } }],
    [
      "what space–time shows",
      {
        space: {
          open: true,
          span: 10_000,
          partition: "orders-0",
          node: "b1",
          api: "Fetch",
          record,
          heartbeats: true,
          order: true,
          table: true,
        },
      },
    ],
    [
      "filters of a space–time diagram that is closed",
      { space: { ...newSpaceChoice, node: "b1" } },
    ],
    ["debug with everything closed", { density: "debug" }],
    [
      "debug with the diagram alone",
      { density: "debug", space: { ...newSpaceChoice, open: true } },
    ],
    ["the run beside it", { beside: 2 }],
  ])("brings %s as it was", (_, seen) => {
    const viewing = { ...usual, ...seen };
    expect(sent(viewing)).toEqual(viewing);
  });

  test("of debug opens everything unless it says what is closed", () => {
    const { tab, space } = viewingOf({ density: "debug" });
    expect([tab, space.open]).toEqual(["why", true]);
  });

  test.each([
    undefined,
    null,
    5,
    {
      density: "loud",
      tab: "later",
      partition: 1,
      windows: [["a"], 5, ["b", "c"]],
      eyes: 7,
      space: { open: "yes", span: -5, node: 1, api: {}, record: { offset: 3 }, table: 0, order: 1 },
      inside: { message: -1, node: [], path: 5, record: "first" },
      beside: 1.5,
    },
    { space: 3, inside: null, beside: "1", eyes: null },
    // Closed is what an inspector is by itself here.
    { tab: "closed" },
  ])("that makes no sense here (%j) changes nothing", (view) => {
    expect(viewingOf(view)).toEqual(usual);
  });
});

describe("the run beside another", () => {
  const scenario = parseScenario(library.get(defaultScenario)!());
  const crash: Fault = { type: "crash", target: { node: "b1" }, atMs: 3000 };
  const heal: Fault = { type: "heal", atMs: 4000 };
  const edited = { ...scenario, faults: [...scenario.faults, crash, heal] };

  test("is named by how many of its last faults it lacks", () => {
    expect(faultsAfter(edited, scenario)).toBe(2);
    expect(withoutLast(edited, 2)).toEqual(scenario);
    expect(withoutLast(edited, 1)?.faults.at(-1)).toBe(crash);
  });

  test("is not named where it differs otherwise, or has more", () => {
    expect(faultsAfter(scenario, edited)).toBeUndefined();
    expect(faultsAfter(scenario, scenario)).toBeUndefined();
    expect(faultsAfter({ ...edited, seed: "other" }, scenario)).toBeUndefined();
    const other = { ...scenario, faults: [heal, ...scenario.faults] };
    expect(faultsAfter({ ...edited, faults: [...edited.faults, heal] }, other)).toBeUndefined();
    expect(withoutLast(scenario, scenario.faults.length + 1)).toBeUndefined();
    expect(withoutLast(edited, 0)).toBeUndefined();
  });
});
