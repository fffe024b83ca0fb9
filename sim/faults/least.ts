/*
 * The least set of machines that has to come back at the end of a run, so that all else may stay broken for good: a
 * majority of the controllers and, for each partition, as many replicas as an acknowledgement needs, one of them
 * eligible to lead. Among several such sets the seed chooses.
 */
import { brokerDefaults, partitionName } from "#core";
import { deletedTopics, needsInSync } from "../scenario/operating.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import { linkId } from "../world/network/links.ts";
import { withMates } from "./targets.ts";
import { isStuck } from "../world/ails.ts";
import type { Node, PartitionView, World } from "../world/state.ts";
import { between, newStream, type Stream } from "../world/stream.ts";

/**
 * Indexes of the nodes that are healed: the least set, the clients, and whoever lives and is heard by a controller or a
 * client. Of these, no link to another one stays cut. (A leader that its controllers hear but nobody else keeps a
 * partition for itself for ever, in Kafka too; so what lives is either healed or cut off from all of them.)
 */
export function healedSet(world: World): ReadonlySet<number> {
  const least = leastSet(world);
  const healed = new Set(least);
  for (const { index, spec } of world.nodes) if (!isServer(spec.kind)) healed.add(index);
  const listening = world.nodes.filter(
    ({ index, spec, up, paused }) =>
      healed.has(index) || (spec.kind === "controller" && up && !paused),
  );
  for (const node of world.nodes) {
    const lives = node.up && !node.paused && !node.stopping;
    const isHeard = listening.some(
      ({ index, spec }) =>
        index !== node.index && spec.kind !== "broker" && !isCut(world, index, node.index),
    );
    if (lives && isHeard) healed.add(node.index);
  }
  // A broker and a controller that are one process stand up together.
  return new Set(withMates(world, [...healed]));
}

const isServer = (kind: Node["spec"]["kind"]): boolean =>
  kind === "broker" || kind === "controller";

const isCut = (world: World, a: number, b: number): boolean =>
  [linkId(world, a, b), linkId(world, b, a)].some((id) => (world.links.get(id)?.cuts ?? 0) > 0);

function leastSet(world: World): Set<number> {
  const stream = newStream(world.scenario.seed, "heal");
  const least = new Set<number>();
  const controllers = world.nodes.filter(({ spec }) => spec.kind === "controller");
  const majority = Math.floor(controllers.length / 2) + 1;
  const voters = chosen(controllers.filter(mayVote), majority, stream);
  // One whose disk has lied is a voter all the same, as long as it has not forgotten anything.
  const liars = controllers.filter((node) => node.lied && mayStand(node));
  const rest = chosen(liars, majority - voters.length, stream);
  for (const { index } of [...voters, ...rest]) least.add(index);
  for (const id of neededBrokers(world, stream)) {
    const node = world.nodes.find(({ spec }) => spec.kind === "broker" && spec.id === id);
    if (node !== undefined) least.add(node.index);
  }
  return least;
}

/** What failed by an assertion of ours never comes back; with another disk a controller is no voter any more. */
const mayStand = ({ downBy, wiped }: Node): boolean => downBy !== "failed" && !wiped;
const mayVote = (node: Node): boolean => mayStand(node) && !node.lied;

function neededBrokers(world: World, stream: Stream): Set<number> {
  const { scenario, partitions } = world;
  const deleted = deletedTopics(scenario);
  const needed = new Set<number>();
  for (const { name, partitions: count, replicationFactor } of scenario.topics) {
    if (deleted.has(name)) continue;
    const inSync = needsInSync(scenario, name);
    const asked = askedFor(world, name, count);
    for (let index = 0; index < asked || partitions.has(partitionName(name, index)); index++) {
      const view = partitions.get(partitionName(name, index));
      // It can only be made once there are enough brokers for all of its replicas.
      if (view === undefined) return new Set(scenario.cluster.brokers.map(({ id }) => id));
      const own = eligibleOnes(world, view, stream);
      const least = inSync < replicationFactor ? inSync : replicationFactor;
      const others = view.replicas.filter((id) => !own.includes(id));
      for (const id of [...own, ...chosen(others, least - own.length, stream)]) needed.add(id);
    }
  }
  return needed;
}

/** How many partitions the operator has asked for by now, made or not. */
function askedFor({ scenario, plan }: World, topic: string, count: number): number {
  let asked = count;
  for (const [index, fault] of scenario.faults.entries())
    if (fault.type === "addPartitions" && fault.topic === topic && plan.struck[index] === true)
      if (fault.count > asked) asked = fault.count;
  return asked;
}

/**
 * One that may lead as soon as it is back. If all of them died: every replica, since the last to leave the ISR may lead only
 * when it is back, and who that is may be decided by what the controllers have written and nobody has seen yet.
 */
function eligibleOnes(world: World, view: PartitionView, stream: Stream): readonly number[] {
  const trusted = [...view.isr, ...view.elr].filter((id) => isTrusted(world, id));
  return trusted.length > 0 ? chosen(trusted, 1, stream) : view.replicas;
}

/**
 * Whether a broker is the one that the controllers know, and stays: what sleeps, stops, is stuck in a long step or does not
 * reach them may be struck off by a decision that waits only for a majority to be there again, and so may one whose
 * connections have fallen silent. Where no active controller is at work yet, or none for a session, that goes for
 * everybody: it gives each broker one session to be heard in, and some still wait for the one before.
 */
function isTrusted(world: World, id: number): boolean {
  const { nodes, registered } = world;
  const controllers = nodes.filter(({ spec }) => spec.kind === "controller");
  const isAwake = (node: Node): boolean =>
    node.up && !node.paused && !node.stopping && !isStuck(world.now, node);
  const awake = controllers.filter(isAwake);
  if (awake.length <= controllers.length / 2) return false;
  const active = nodes[world.controller];
  if (active === undefined || !isAwake(active)) return false;
  if (world.now - world.controllerSince < sessionOf(world.scenario)) return false;
  const node = nodes.find(({ spec }) => spec.kind === "broker" && spec.id === id);
  if (node === undefined || registered.get(id) !== node.life) return false;
  const reaches = nodes.every(
    ({ spec, index }) => spec.kind !== "controller" || !isCut(world, index, node.index),
  );
  return isAwake(node) && !node.hushed && reaches;
}

/** How long a controller waits to hear a broker, in microseconds. */
const sessionOf = ({ cluster }: Scenario): Micros =>
  1000 *
  (cluster.config["broker.session.timeout.ms"] ?? brokerDefaults["broker.session.timeout.ms"]);

/** So many of them, or all if there are fewer. */
function chosen<T>(from: readonly T[], count: number, stream: Stream): T[] {
  const left = [...from];
  const taken: T[] = [];
  while (taken.length < count && left.length > 0) {
    taken.push(...left.splice(between(stream, 0, left.length - 1), 1));
  }
  return taken;
}

/** The names of those that stay as they are, though something is wrong with them. */
export const leftBroken = (world: World, healed: ReadonlySet<number>): readonly string[] =>
  world.nodes
    .filter(({ index, life }) => life > 0 && !healed.has(index))
    .map(({ spec }) => spec.name);
