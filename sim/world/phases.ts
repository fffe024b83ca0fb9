/*
 * How a run ends. At its duration everything is healed (sim/faults). Once every partition is whole again and
 * stays so for a while, or patience is over, fresh readers begin; when they are done, or patience is over again,
 * the run ends.
 */
import { partitionName } from "#core";
import { microsOf } from "../faults/plan.ts";
import { deletedTopics, needsInSync } from "../scenario/operating.ts";
import { recordEvent } from "../trace/recorder.ts";
import { isStuck } from "./ails.ts";
import { auditAll } from "./auditing.ts";
import { startNode } from "./lives.ts";
import { kinds, pushEntry } from "./queue.ts";
import type { Run } from "./runtime.ts";
import type { Node, World } from "./state.ts";

/** How often the world looks, how long all must be whole, and its patience in each phase: microseconds. */
const interval = 100_000;
const settled = 2_000_000;
const patience = 120_000_000;

/** Looks whether the next phase may begin. `round`: the look that comes round, not one after an application ended. */
export function lookAtPhase(run: Run, round: boolean): void {
  const { world } = run;
  if (world.phase === "heal") {
    if (round) lookAtHeal(run);
  } else if (world.phase === "verify") lookAtVerify(run, round);
}

/** Begins to look; called by the final heal. */
export function planLook(world: World): void {
  pushEntry(world.queue, world.now + interval, world.nextOrder++, kinds.phase, 0, 0, 0);
}

function lookAtHeal(run: Run): void {
  const { world } = run;
  if (!isWhole(world)) world.wholeSince = -1;
  else if (world.wholeSince < 0) world.wholeSince = world.now;
  const whole = world.wholeSince >= 0 && world.now - world.wholeSince >= settled;
  if (whole || sinceEnd(world) >= patience) {
    world.phase = "verify";
    const verify = { type: "phase" as const, phase: "verify" as const, complete: whole };
    const cause = recordEvent(run, undefined, -1, verify);
    for (const node of verifiers(world)) startNode(run, node, cause);
  }
  planLook(world);
}

function lookAtVerify(run: Run, round: boolean): void {
  const { world } = run;
  const complete = verifiers(world).every((node) => node.finished);
  if (complete || sinceEnd(world) >= 2 * patience) {
    world.phase = "end";
    world.complete = complete;
    auditAll(run);
    recordEvent(run, undefined, -1, { type: "phase", phase: "end", complete });
  } else if (round) planLook(world);
}

const sinceEnd = (world: World): number => world.now - microsOf(world.scenario.durationMs);

const verifiers = (world: World): Node[] =>
  world.nodes.filter(({ spec }) => spec.kind === "verifier");

/**
 * Every partition of the scenario has a leader, enough replicas in sync and no record that is not committed, and producers
 * have nothing to do.
 */
function isWhole(world: World): boolean {
  const { scenario, nodes, partitions } = world;
  const deleted = deletedTopics(scenario);
  for (const { name, partitions: count } of scenario.topics) {
    if (deleted.has(name)) continue;
    const needed = scenario.heal === "all" ? Infinity : needsInSync(scenario, name);
    for (let index = 0; index < count || partitions.has(partitionName(name, index)); index++) {
      const view = partitions.get(partitionName(name, index));
      if (view === undefined || view.leader < 0) return false;
      if (view.isr.length < view.replicas.length && view.isr.length < needed) return false;
      const replica = `b${view.leader} ${partitionName(name, index)}`;
      if (world.ends.get(replica) !== world.marks.get(replica)) return false;
    }
  }
  return nodes.every((node) => isAtEase(world, node));
}

/**
 * A producer has nothing to do; another process is not stuck in a step that a slow disk made long; a broker knows what the
 * controllers decided last: else it would tell fresh readers of leaders that are none any more.
 */
function isAtEase({ now, healed, applied, metadataTold }: World, node: Node): boolean {
  const { index, spec, up, paused, finished } = node;
  if (!up || paused || !healed.includes(index)) return true;
  if (spec.kind === "producer") return finished;
  if (spec.kind === "broker" && (applied.get(spec.id) ?? 0) <= metadataTold) return false;
  return !isStuck(now, node);
}
