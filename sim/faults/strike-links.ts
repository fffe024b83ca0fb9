/*
 * What befalls the network between nodes.
 */
import { must } from "#core";
import type { LinkFault } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { linkBetween, linkId } from "../world/network/links.ts";
import { cutLink, hollowBetween, resetBetween } from "../world/network/outages.ts";
import type { Slowness } from "../world/network/state.ts";
import { nodeAt } from "../world/nodes.ts";
import type { World } from "../world/state.ts";
import type { Run } from "../world/runtime.ts";
import { microsOf, planHeal } from "./plan.ts";
import { faultSentence } from "./sentences.ts";
import { machineOf, resolveTarget, withMates } from "./targets.ts";

/** A fault befalls the network between two sides. */
export function strikeBetween(run: Run, index: number, fault: LinkFault): void {
  const { world } = run;
  const [one, two] = fault.between;
  const both = "others" in one ? [two, one] : [one, two];
  const first = withMates(world, resolveTarget(world, must(both[0], "a side of the fault")));
  const second = withMates(
    world,
    resolveTarget(world, must(both[1], "a side of the fault"), first),
  );
  // Who stands alone on one side is not on the other as well.
  const others = first.length === 1 ? second.filter((each) => each !== first[0]) : second;
  const [here, there] = [namesOf(world, first), namesOf(world, others)];
  const pairs = pairsOf(first, second);
  const met = pairs.some(([a, b]) => nodeAt(world, a).up || nodeAt(world, b).up);
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: [...here, ...there],
    sides: "others" in one ? [there, here] : [here, there],
    met,
    sentence: faultSentence(fault, [here, there]),
  });
  if (fault.type === "reset" || fault.type === "blackHole") {
    const end = fault.type === "reset" ? resetBetween : hollowBetween;
    for (const [a, b] of pairs) end(run, a, b, cause);
    if (fault.type === "blackHole") for (const pair of pairs) hush(run, pair);
    return;
  }
  const [from, to] = "others" in one ? [second, first] : [first, second];
  const directed = fault.oneWay === true ? eachTo(from, to) : bothWays(pairs);
  const links: number[] = [];
  for (const [a, b] of directed) {
    if (machineOf(world, a) === machineOf(world, b)) continue;
    if (fault.type === "cut") cutLink(run, a, b, cause, fault.oneWay === true);
    else linkBetween(world, a, b).slowness.push(slownessOf(fault, index));
    links.push(linkId(world, a, b));
  }
  planHeal(world, fault, { index, nodes: [], lives: [], links, cause });
}

const namesOf = (world: World, nodes: readonly number[]): string[] =>
  nodes.map((each) => nodeAt(world, each).spec.name);

/** A broker whose controllers do not hear it any more may be struck off before anybody notices. */
function hush({ world }: Run, pair: readonly [number, number]): void {
  const nodes = pair.map((each) => nodeAt(world, each));
  if (!nodes.some(({ spec }) => spec.kind === "controller")) return;
  for (const node of nodes) if (node.spec.kind === "broker") node.hushed = true;
}

/** From each of one side to each of the other. */
const eachTo = (from: readonly number[], to: readonly number[]): (readonly [number, number])[] =>
  from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b] as const));

const bothWays = (pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] =>
  pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);

const slownessOf = (
  fault: Extract<LinkFault, { addMs: unknown } | { bytesPerMs: unknown }>,
  index: number,
): Slowness =>
  fault.type === "delay"
    ? {
        fault: index,
        type: "delay",
        low: microsOf(fault.addMs[0]),
        high: microsOf(fault.addMs[1]),
      }
    : { fault: index, type: "slowLink", bytesPerMs: fault.bytesPerMs };

/** Each two nodes of different sides once, the smaller index first. */
function pairsOf(
  first: readonly number[],
  second: readonly number[],
): (readonly [number, number])[] {
  const seen = new Set<string>();
  const pairs: (readonly [number, number])[] = [];
  for (const a of first) {
    for (const b of second) {
      const pair = a < b ? ([a, b] as const) : ([b, a] as const);
      if (a === b || seen.has(pair.join())) continue;
      seen.add(pair.join());
      pairs.push(pair);
    }
  }
  return pairs;
}
