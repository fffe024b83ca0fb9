// Forks of whole clusters: every kind of fault that storms know, added to a run on its way.
import { expect, test } from "vitest";
import {
  advance,
  allMarks,
  compareWorlds,
  copyWorld,
  createWorld,
  editWorld,
  families,
  type Fault,
  kafkaMachines,
  linkOf,
  newRuntime,
  printHash,
  type Scenario,
  type World,
} from "#sim";

const draw = (seed: number): Scenario => {
  const family = families.get("storm");
  if (family === undefined) throw new Error("there is a family of storms");
  return family(`fork-${seed}`);
};

/** Until everything is healed. */
function finish(world: World): World {
  const end = (world.scenario.durationMs + 100) * 1000;
  advance(world, newRuntime(kafkaMachines), undefined, end);
  return world;
}

/** Up to the last microsecond before a fault may be added. */
function runUpTo(world: World, { atMs }: Fault): World {
  advance(world, newRuntime(kafkaMachines), undefined, Math.floor(atMs * 1000 + 0.5) - 1);
  return world;
}

/** A fault of a kind that was not tried yet. Whether a broker is there at the start nothing changes on the way. */
const newKind = ({ faults }: Scenario, tried: ReadonlySet<string>): Fault | undefined =>
  faults.find(({ type }) => type !== "addBroker" && !tried.has(type));

const kinds = allMarks.filter((id) => id.startsWith("fault-") && id !== "fault-addBroker");

test("a fault that is added on the way leaves the world that had it from the start, whatever its kind", () => {
  const tried = new Set<string>();
  for (let seed = 1; seed <= 400 && tried.size < kinds.length; seed++) {
    const scenario = draw(seed);
    const added = newKind(scenario, tried);
    if (added === undefined) continue;
    tried.add(added.type);
    const rest = scenario.faults.filter((fault) => fault !== added);
    const early = runUpTo(createWorld({ ...scenario, faults: rest }), added);
    const fork = copyWorld(early);
    editWorld(fork, added);
    const edited = { ...scenario, faults: [...rest, added] };
    const whole = finish(createWorld(edited));
    finish(fork);
    const run = `seed fork-${seed}, ${added.type}: ${linkOf(edited)}`;
    expect(compareWorlds(fork, whole), run).toBeUndefined();
    expect(printHash(fork.tape)).toBe(printHash(whole.tape));
  }
  expect([...tried].map((type) => `fault-${type}`).sort()).toEqual([...kinds].sort());
});
