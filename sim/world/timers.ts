/*
 * Timers of processes. A name has one live entry in the queue: setting it again only notes the new time, and a
 * stale entry that comes up is pushed again. A timer fires up to 999 µs late, by a stream of its own.
 */
import { type Node, type Timer, type World } from "./state.ts";
import { kinds, pushEntry } from "./queue.ts";
import { between } from "./stream.ts";

const latest = 999;

/** Sets or moves a timer; `at` in monotonic ms, `setBy` the input that set it. */
export function setTimer(world: World, node: Node, name: string, at: number, setBy: number): void {
  const timer = timerNamed(node, name);
  const due = Math.max(at * 1000, world.now) + between(node.timerChance, 0, latest);
  timer.at = due;
  timer.order = world.nextOrder++;
  timer.setBy = setBy;
  if (timer.queuedAt < 0 || due < timer.queuedAt) enqueue(world, node, timer);
}

/** Nothing happens if it is not set. */
export function cancelTimer(node: Node, name: string): void {
  const slot = node.timers.get(name);
  const timer = slot === undefined ? undefined : node.slots[slot];
  if (timer !== undefined && timer !== null) timer.at = -1;
}

/** The entry of a timer is due. Returns the timer if it fires now. */
export function timerDue(world: World, node: Node, slot: number, order: number): Timer | undefined {
  const timer = node.slots[slot];
  if (timer === undefined || timer === null || timer.queuedOrder !== order) return undefined;
  timer.queuedAt = -1;
  timer.queuedOrder = -1;
  if (timer.at < 0) return undefined;
  if (timer.order === order) return timer;
  enqueue(world, node, timer);
  return undefined;
}

/** A timer that fired waits for its process: whether it is still meant to. */
export function takeFired(node: Node, slot: number, order: number): Timer | undefined {
  const timer = node.slots[slot];
  if (timer === undefined || timer === null || timer.at < 0 || timer.order !== order)
    return undefined;
  timer.at = -1;
  return timer;
}

/** The process is gone, and its timers with it. */
export function clearTimers(node: Node): void {
  node.timers.clear();
  node.slots = [];
  node.freeSlots = [];
  node.sweepAt = 32;
}

function enqueue(world: World, node: Node, timer: Timer): void {
  timer.queuedAt = timer.at;
  timer.queuedOrder = timer.order;
  pushEntry(world.queue, timer.at, timer.order, kinds.timer, node.index, timer.slot, 0);
}

function timerNamed(node: Node, name: string): Timer {
  const known = node.timers.get(name);
  const old = known === undefined ? undefined : node.slots[known];
  if (old !== undefined && old !== null) return old;
  if (node.freeSlots.length === 0 && node.slots.length >= node.sweepAt) sweep(node);
  const slot = node.freeSlots.pop() ?? node.slots.length;
  const timer: Timer = {
    name,
    slot,
    at: -1,
    order: -1,
    setBy: -1,
    queuedAt: -1,
    queuedOrder: -1,
  };
  node.slots[slot] = timer;
  node.timers.set(name, slot);
  return timer;
}

/** Forgets names that are not set, so that a process may make them up as it goes. */
function sweep(node: Node): void {
  for (const [slot, timer] of node.slots.entries()) {
    if (timer === null || timer.at >= 0 || timer.queuedAt >= 0) continue;
    node.slots[slot] = null;
    node.timers.delete(timer.name);
    node.freeSlots.push(slot);
  }
  node.sweepAt = 32 + 2 * node.timers.size;
}
