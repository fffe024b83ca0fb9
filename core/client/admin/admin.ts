/*
 * An admin (Kafka's KafkaAdminClient): each call is asked of some broker, again and again until it is answered or its
 * time is over.
 */
import type { ClientCall, TopicPartition } from "../../foundation/calls.ts";
import { type CallId, type Millis, millis } from "../../foundation/ids.ts";
import type { AdminSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { retryAfter } from "../backoff.ts";
import { anyPeer, isMetadataError, leaderOf, markStale, want } from "../network/cluster.ts";
import { readyPeer, request, versionFor } from "../network/peers.ts";
import type { Peer } from "../network/state.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { isAdminCall, operationOf } from "./operations.ts";
import type { Admin, AdminTask } from "./state.ts";

export const newAdmin = (): Admin => ({ type: "admin", tasks: new Map() });

export function onAdminCall(
  self: Client,
  admin: Admin,
  settings: AdminSettings,
  call: CallId,
  asked: ClientCall,
  turn: Turn,
): void {
  if (!isAdminCall(asked)) {
    const reason = `An admin does not know ${asked.type}.`;
    return resolve(self, call, { type: "failed", error: "INVALID_REQUEST", reason }, turn);
  }
  admin.tasks.set(call, {
    call,
    asked,
    asking: false,
    failures: 0,
    retryAt: millis(0),
    deadline: (turn.now.monotonic + settings["default.api.timeout.ms"]) as Millis,
  });
}

/** Asks what may be asked now. */
export function advanceAdmin(self: Client, admin: Admin, turn: Turn): void {
  const now = turn.now.monotonic;
  for (const task of admin.tasks.values()) {
    if (task.deadline <= now) {
      const reason = "Not done within default.api.timeout.ms.";
      finish(self, admin, task, { type: "unknown", reason }, turn);
      continue;
    }
    wakeBy(self, task.deadline);
    if (task.asking) continue;
    if (task.retryAt > now) {
      wakeBy(self, task.retryAt);
      continue;
    }
    ask(self, task, turn);
  }
}

function ask(self: Client, task: AdminTask, turn: Turn): void {
  const { call, asked } = task;
  const { api, body, of } = operationOf(asked.type);
  const peer = of === undefined ? anyPeer(self, turn) : leaderPeer(self, of(asked), turn);
  if (peer === undefined) return;
  const version = versionFor(peer, api);
  if (version === undefined) return;
  const purpose = { type: "admin", call, operation: asked.type } as const;
  const timeoutMs = self.config.settings["request.timeout.ms"];
  task.asking = request(self, peer, api, body(asked, timeoutMs, version), purpose, turn);
}

/** The leader of a partition, once it is known and can be asked. */
function leaderPeer(
  self: Client,
  { topic, partition }: TopicPartition,
  turn: Turn,
): Peer | undefined {
  want(self, topic);
  const known = leaderOf(self, topic, partition);
  if (known !== undefined) return readyPeer(self, known.leader, turn);
  markStale(self, turn);
  return undefined;
}

/** The broker answered; undefined: nothing was heard. */
export function onAdminAnswer(
  self: Client,
  admin: Admin,
  call: CallId,
  response: unknown,
  turn: Turn,
): void {
  const task = admin.tasks.get(call);
  if (task === undefined) return;
  task.asking = false;
  if (response === undefined) {
    markStale(self, turn);
    return again(self, task, "NETWORK_EXCEPTION", turn);
  }
  const answered = operationOf(task.asked.type).read(task.asked, response);
  if ("outcome" in answered) return finish(self, admin, task, answered.outcome, turn);
  task.asked = answered.left;
  if (isMetadataError(answered.error)) markStale(self, turn);
  again(self, task, answered.error, turn);
}

function again(self: Client, task: AdminTask, reason: string, turn: Turn): void {
  note(turn, { type: "retried", api: operationOf(task.asked.type).api.name, reason });
  task.failures += 1;
  task.retryAt = retryAfter(self, task.failures, turn);
}

function finish(
  self: Client,
  admin: Admin,
  task: AdminTask,
  outcome: Parameters<typeof resolve>[2],
  turn: Turn,
): void {
  admin.tasks.delete(task.call);
  resolve(self, task.call, outcome, turn);
}
