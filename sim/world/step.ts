/*
 * One input: its event, the machine's step, and what the step asked for. If the step wrote to the disk, its
 * effects leave when the last operation is over; until then the process is busy.
 */
import {
  type ConnectionId,
  type Effect,
  type Input,
  type InputId,
  type Millis,
  type Now,
} from "#core";
import { recordCalled, recordEvent, recordReceived, recordTimer } from "../trace/recorder.ts";
import { wake } from "./application.ts";
import { wallStart } from "./create.ts";
import { clockError } from "./ails.ts";
import { carryOut } from "./effects.ts";
import { fail } from "./lives.ts";
import type { Machine } from "./machines.ts";
import { dropIfDone, forgetEnd } from "./network/connections.ts";
import { handled } from "./network/arrivals.ts";
import type { Connection, End } from "./network/state.ts";
import { nodeAt } from "./nodes.ts";
import { kinds, pushEntry } from "./queue.ts";
import type { Run, Runtime } from "./runtime.ts";
import type { Node, Pending } from "./state.ts";
import { takeFired } from "./timers.ts";

/** Handles one thing that waited for a process. */
export function handle(run: Run, node: Node, pending: Pending): void {
  if (pending.type === "wake") return handleWake(run, node, pending.cause);
  const input = toInput(run, node, pending);
  if (input === undefined) return;
  run.world.inputs++;
  node.inHand = input.id;
  const { runtime, world } = run;
  node.beganAt = world.now;
  const { outbox, files } = runtime;
  files.bind(run, node);
  try {
    runtime.blame = "process";
    machineOf(runtime, node).step(node.process, nowOf(run, node), input, runtime.ports, outbox);
    runtime.blame = "world";
    if (node.disk.freeAt > world.now) {
      runtime.outbox = [];
      node.held = outbox;
      node.busyUntil = node.disk.freeAt;
      pushEntry(
        world.queue,
        node.busyUntil,
        world.nextOrder++,
        kinds.stepEnd,
        node.index,
        input.id,
        0,
      );
    } else release(run, node, outbox);
  } catch (error) {
    runtime.outbox = [];
    fail(run, node, error);
    return;
  }
  if (pending.type === "started" && node.application !== undefined) {
    node.inbox.push({ type: "wake", cause: input.id });
  }
}

function handleWake(run: Run, node: Node, cause: number): void {
  try {
    wake(run, node, cause);
  } catch (error) {
    fail(run, node, error);
  }
}

/** The last disk operation of the step in hand is over: its effects leave, unless the process stands still. */
export function endStep(run: Run, node: Node): void {
  if (node.busyUntil < 0 || node.busyUntil > run.world.now || node.paused) return;
  const { held } = node;
  node.held = [];
  node.busyUntil = -1;
  run.runtime.files.finish(node);
  run.runtime.stepping = node;
  try {
    release(run, node, held);
  } catch (error) {
    fail(run, node, error);
  }
  run.runtime.stepping = undefined;
}

function release(run: Run, node: Node, effects: Effect[]): void {
  for (const effect of effects) {
    if (!node.up) break;
    carryOut(run, node, effect);
  }
  effects.length = 0;
}

function machineOf({ machines }: Runtime, { spec }: Node): Machine<unknown> {
  if (spec.kind === "broker") return machines.broker;
  return spec.kind === "controller" ? machines.controller : machines.client;
}

function nowOf({ world }: Run, { clock }: Node): Now {
  const monotonic = Math.floor(world.now / 1000);
  const wall = wallStart + monotonic + clockError(clock, world.now);
  return { monotonic: monotonic as Millis, wall: wall as Millis };
}

/** The input that a process is handed, after its event was recorded; undefined if there is nothing to handle. */
function toInput(
  run: Run,
  node: Node,
  pending: Exclude<Pending, { type: "wake" }>,
): Input | undefined {
  switch (pending.type) {
    case "timer": {
      const timer = takeFired(node, pending.slot, pending.order);
      if (timer === undefined) return undefined;
      const id = recordTimer(run, node, timer.setBy, timer.name) as InputId;
      return { id, type: "timer", timer: timer.name };
    }
    case "call": {
      const { call, request, cause } = pending;
      return {
        id: recordCalled(run, node, cause, call, request) as InputId,
        type: "call",
        call,
        request,
      };
    }
    case "started": {
      const { life, spec } = node;
      const body = { type: "started" as const, life, kind: spec.kind };
      return { id: recordEvent(run, node, pending.cause, body) as InputId, type: "started" };
    }
    case "stop":
      return {
        id: recordEvent(run, node, pending.cause, { type: "stopAsked" }) as InputId,
        type: "stop",
      };
    default:
      return toConnectionInput(run, node, pending);
  }
}

type ConnectionPending = Extract<Pending, { connection: number }>;

function toConnectionInput(run: Run, node: Node, pending: ConnectionPending): Input | undefined {
  const connection = run.world.connections.get(pending.connection);
  if (connection === undefined) return undefined;
  const end = connection.ends[pending.end];
  if (!end.live) return undefined;
  const local = end.local as ConnectionId;
  switch (pending.type) {
    case "received":
      return toReceived(run, node, connection, pending.end);
    case "opened":
      return toOpened(run, node, connection, end, pending.cause);
    case "closed": {
      const { reason, cause } = pending;
      const peer = peerOf(run, connection, end);
      const id = recordEvent(run, node, cause, { type: "closed", connection: local, peer, reason });
      forgetEnd(run, connection, pending.end, reason === "closed" ? "closed" : "reset", id);
      dropIfDone(run, connection);
      return { id: id as InputId, type: "closed", connection: local, reason };
    }
    default: {
      const { type, cause } = pending;
      const id = recordEvent(run, node, cause, { type, connection: local }) as InputId;
      return { id, type, connection: local };
    }
  }
}

const peerOf = (run: Run, { ends }: Connection, end: End): string =>
  nodeAt(run.world, (ends[0] === end ? ends[1] : ends[0]).node).spec.name;

/** Reads all that has arrived on a connection, in one go. */
function toReceived(run: Run, node: Node, connection: Connection, at: 0 | 1): Input | undefined {
  const way = at === 0 ? 1 : 0;
  const pipe = connection.pipes[way];
  const chunks = pipe.arrived;
  const [first] = chunks;
  if (first === undefined) return undefined;
  pipe.arrived = [];
  pipe.readable = false;
  let { bytes } = first;
  const messages = [first.message];
  let done = first.last ? 1 : 0;
  if (chunks.length > 1) {
    const total = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    bytes = run.runtime.bytes(total);
    let position = 0;
    for (const chunk of chunks) {
      bytes.set(chunk.bytes, position);
      position += chunk.bytes.length;
      if (messages.at(-1) !== chunk.message) messages.push(chunk.message);
      if (chunk.last) done = messages.length;
    }
  }
  const end = connection.ends[at];
  const from = peerOf(run, connection, end);
  const id = recordReceived(run, node, end.local, from, bytes.length, messages, done) as InputId;
  handled(run.world, connection, way, bytes.length);
  return { id, type: "received", connection: end.local as ConnectionId, bytes };
}

function toOpened(run: Run, node: Node, connection: Connection, end: End, cause: number): Input {
  const peer = peerOf(run, connection, end);
  const accepted = connection.ends[1] === end;
  const connectionId = end.local as ConnectionId;
  const body = { type: "opened" as const, connection: connectionId, peer, accepted };
  const id = recordEvent(run, node, cause, body) as InputId;
  if (!accepted) {
    return {
      id,
      type: "opened",
      connection: connectionId,
      remote: { host: peer, port: connection.port },
    };
  }
  const listener = node.spec.kind === "controller" ? "CONTROLLER" : "PLAINTEXT";
  const remote = { host: peer, port: firstEphemeralPort + (connection.id % ephemeralPorts) };
  return { id, type: "opened", connection: connectionId, listener, remote };
}

const firstEphemeralPort = 32_768;
const ephemeralPorts = 28_232;
