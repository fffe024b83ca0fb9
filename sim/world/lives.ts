/*
 * The beginnings and ends of processes and machines.
 */
import { DecodeError, DiskError, InvariantError } from "#core";
import type { Scenario } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { hasForgotten } from "./ails.ts";
import { BadDiskError } from "./disk/files-port.ts";
import { crashDisk, losePower } from "./disk/outages.ts";
import { planWriteBack } from "./disk/write-back.ts";
import { runNode } from "./inbox.ts";
import { hangUp } from "./network/connections.ts";
import { answerAgain, resetEnds, silenceEnds } from "./network/outages.ts";
import type { Machine } from "./machines.ts";
import { kinds, pushEntry } from "./queue.ts";
import type { Run } from "./runtime.ts";
import type { Node, World } from "./state.ts";
import { clearTimers } from "./timers.ts";

/** Begins a node's next life (giving its machine power first); `cause` -1: the start of the run. */
export function startNode(run: Run, node: Node, cause: number): void {
  const { machines } = run.runtime;
  const { scenario } = run.world;
  const { kind } = node.spec;
  node.life++;
  node.up = true;
  node.paused = false;
  node.stopping = false;
  node.hushed = false;
  node.restartBy = -1;
  node.downBy = undefined;
  if (kind === "broker") run.world.applied.delete(node.spec.id);
  if (kind === "broker" || kind === "controller") {
    const machine: Machine<unknown> = kind === "broker" ? machines.broker : machines.controller;
    node.process = machine.create(scenario, node.spec, node.life, node.wiped);
  } else {
    const known = kind === "verifier" ? withHealed(run.world) : withSettings(scenario, node);
    node.process = machines.client.create(known, node.spec, node.life, node.wiped);
    node.application = machines.application.create(scenario, node.spec, node.life);
    node.finished = false;
  }
  if (!node.power) {
    node.power = true;
    answerAgain(run, node, cause);
  }
  planWriteBack(run.world, node);
  node.inbox.push({ type: "started", cause });
  runNode(run, node);
}

/** The scenario with what somebody has set by hand for a producer. */
function withSettings(scenario: Scenario, { spec, settings }: Node): Scenario {
  const { workload } = scenario;
  const producers = workload.producers.map((one) =>
    one.name === spec.name ? { ...one, config: { ...one.config, ...settings } } : one,
  );
  return { ...scenario, workload: { ...workload, producers } };
}

/** Fresh readers turn to brokers that were healed: one that stays cut off for good may still take itself for a leader. */
function withHealed({ scenario, nodes, healed }: World): Scenario {
  const names = new Set(healed.map((index) => nodes[index]?.spec.name));
  const brokers = scenario.cluster.brokers.filter(({ id }) => names.has(`b${id}`));
  return { ...scenario, cluster: { ...scenario.cluster, brokers } };
}

/**
 * Ends a process. `crash`, `halted` and `failed`: killed, the kernel lives and resets its connections, operations completed
 * by now stay on the disk. `stopped`: it ended by itself, in order. `powerLoss`: the machine is silent, and what
 * is not on its platter is gone.
 */
export function goDown(
  run: Run,
  node: Node,
  how: "crash" | "powerLoss" | "stopped" | "halted" | "failed",
  cause: number,
  reason?: string,
): void {
  const body =
    reason === undefined ? { type: "down" as const, how } : { type: "down" as const, how, reason };
  const down = recordEvent(run, node, cause, body);
  node.up = false;
  node.paused = false;
  node.downBy = how;
  node.downEvent = down;
  node.process = undefined;
  node.application = undefined;
  node.held = [];
  node.inbox = [];
  node.busyUntil = -1;
  clearTimers(node);
  if (how === "stopped") {
    leaveAll(run, node, down);
    if (node.restartBy >= 0) planStart(run, node, node.restartBy);
  } else crashDisk(run, node, down, how === "powerLoss");
  if (how === "powerLoss") {
    node.power = false;
    losePower(run, node, down);
    silenceEnds(run, node, down);
  } else if (how !== "stopped") resetEnds(run, node, down);
}

/** Microseconds between the exit of a process and its next start, if it was to start again meanwhile. */
const startAfterExit = 1000;

function planStart({ world }: Run, node: Node, cause: number): void {
  const at = world.now + startAfterExit;
  pushEntry(world.queue, at, world.nextOrder++, kinds.start, node.index, node.life + 1, cause);
}

function leaveAll(run: Run, node: Node, cause: number): void {
  for (const id of [...node.ends.values()]) {
    const connection = run.world.connections.get(id);
    if (connection === undefined) continue;
    for (const way of [0, 1] as const) {
      const end = connection.ends[way];
      if (end.node === node.index && end.live) hangUp(run, connection, way, cause);
    }
  }
}

/** A process stands still: what reaches it waits. */
export function pauseNode(run: Run, node: Node, cause: number): void {
  recordEvent(run, node, cause, { type: "paused" });
  node.paused = true;
}

/** A paused process goes on: first with the end of the step in hand, then with what waited for it. */
export function resumeNode(run: Run, node: Node, cause: number): void {
  recordEvent(run, node, cause, { type: "resumed" });
  node.paused = false;
  run.runtime.endStep(run, node);
  runNode(run, node);
}

/**
 * An exception escaped from a step. Nothing of the step leaves, and the process is gone: halted where its disk does not
 * do what it should (Kafka's LogDirFailureHandler with one folder), else by a bug of ours.
 * @throws the error itself if not the process is to blame, but the world or somebody who listens to it
 */
export function fail(run: Run, node: Node, error: unknown): void {
  if (run.runtime.blame === "world") throw error;
  run.runtime.blame = "world";
  if (error instanceof BadDiskError || isOfForgotten(node, error)) {
    return goDown(run, node, "halted", node.inHand, reasonOf(error));
  }
  run.runtime.thrown.push({ node: node.spec.name, error });
  goDown(run, node, "failed", node.inHand, reasonOf(error));
}

/** A file that lacks what was said to be safe may make no sense: Kafka does not start on it either. */
const isOfForgotten = (node: Node, error: unknown): boolean =>
  error instanceof DiskError && hasForgotten(node, error.path);

/** Our own errors by their sentence; an engine's by their kind only, since engines word them differently. */
function reasonOf(error: unknown): string {
  if (
    error instanceof InvariantError ||
    error instanceof DiskError ||
    error instanceof DecodeError
  ) {
    return `${error.name}: ${error.message}`;
  }
  return error instanceof Error ? error.name : "something was thrown";
}
