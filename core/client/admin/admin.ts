/* An admin (Kafka's KafkaAdminClient), as far as topics are made. */
import type { ClientCall } from "../../foundation/calls.ts";
import { type CallId, type Millis, millis } from "../../foundation/ids.ts";
import type { AdminSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { createTopics, type CreateTopicsResponse } from "../../wire/api/create-topics.ts";
import { errorName, isRetriable } from "../../wire/errors.ts";
import { backoff } from "../backoff.ts";
import { anyPeer } from "../network/cluster.ts";
import { request } from "../network/peers.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
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
  if (asked.type !== "createTopics") {
    const reason = `An admin does not know ${asked.type}.`;
    return resolve(self, call, { type: "failed", error: "INVALID_REQUEST", reason }, turn);
  }
  admin.tasks.set(call, {
    call,
    topics: asked.topics,
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
  const peer = anyPeer(self, turn);
  if (peer === undefined) return;
  const topics = task.topics.map(({ name, partitions, replicationFactor, configs }) => ({
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }));
  const timeoutMs = self.config.settings["request.timeout.ms"];
  const purpose = { type: "createTopics", call: task.call } as const;
  task.asking = request(self, peer, createTopics, { topics, timeoutMs }, purpose, turn);
}

/** The broker answered; undefined: nothing was heard. */
export function onCreated(
  self: Client,
  admin: Admin,
  call: CallId,
  response: CreateTopicsResponse | undefined,
  turn: Turn,
): void {
  const task = admin.tasks.get(call);
  if (task === undefined) return;
  task.asking = false;
  if (response === undefined) return again(self, task, "NETWORK_EXCEPTION", turn);
  const failed = response.topics.filter(({ errorCode }) => errorCode !== 0);
  const fatal = failed.find(({ errorCode }) => !isRetriable(errorName(errorCode)));
  if (fatal !== undefined) {
    const error = errorName(fatal.errorCode);
    const reason = fatal.errorMessage ?? `${fatal.name}: ${error}`;
    return finish(self, admin, task, { type: "failed", error, reason }, turn);
  }
  const [first] = failed;
  if (first === undefined) return finish(self, admin, task, { type: "done" }, turn);
  const names = new Set(failed.map(({ name }) => name));
  task.topics = task.topics.filter(({ name }) => names.has(name));
  again(self, task, errorName(first.errorCode), turn);
}

function again(self: Client, task: AdminTask, reason: string, turn: Turn): void {
  note(turn, { type: "retried", api: "CreateTopics", reason });
  task.failures += 1;
  const { settings } = self.config;
  const wait = backoff(
    settings["retry.backoff.ms"],
    settings["retry.backoff.max.ms"],
    task.failures,
    turn,
  );
  task.retryAt = (turn.now.monotonic + wait) as Millis;
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
