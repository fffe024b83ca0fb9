/*
 * What a broker or a controller believes, in a few lines, and the settings that it runs under: read from its own state,
 * which may be wrong about the world.
 */
import {
  adminDefaults,
  type Broker,
  brokerDefaults,
  type Client,
  consumerDefaults,
  type Controller,
  type PartitionImage,
  producerDefaults,
} from "#core";
import type { NodeKind } from "#sim";

/** A line of what a process believes. */
export interface Belief {
  readonly about: string;
  readonly text: string;
}

/** A setting under Kafka's key; `own`: other than Kafka's default. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly own: boolean;
}

export function beliefsOf(kind: NodeKind, process: unknown): readonly Belief[] {
  if (kind === "broker") return brokerBeliefs(process as Broker);
  if (kind === "controller") return controllerBeliefs(process as Controller);
  return [];
}

export function settingsOf(kind: NodeKind, process: unknown): readonly Setting[] {
  const { settings } = (process as Broker | Controller | Client).config;
  const defaults: Readonly<Record<string, unknown>> = defaultsOf(kind, process);
  return Object.entries(settings)
    .filter(([, value]) => typeof value !== "object")
    .map(([key, value]) => ({ key, value: String(value), own: defaults[key] !== value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function defaultsOf(kind: NodeKind, process: unknown): Readonly<Record<string, unknown>> {
  if (kind === "broker" || kind === "controller") return brokerDefaults;
  const { role } = (process as Client).config;
  if (role === "producer") return producerDefaults;
  return role === "consumer" ? consumerDefaults : adminDefaults;
}

const names = (prefix: string, ids: Iterable<number>): string => {
  const list = [...ids].map((id) => `${prefix}${id}`);
  return list.length === 0 ? "nobody" : list.join(", ");
};

function brokerBeliefs({
  lifecycle,
  metadata,
  image,
  partitions,
  serving,
}: Broker): readonly Belief[] {
  const epoch = lifecycle.epoch < 0 ? "not registered" : `broker epoch ${lifecycle.epoch}`;
  const active = [...image.brokers.values()].filter(({ fenced }) => !fenced);
  const lines: Belief[] = [
    {
      about: "Itself",
      text: `${lifecycle.phase}, ${epoch}${serving ? "" : ", serves nobody yet"}`,
    },
    {
      about: "Brokers that may lead",
      text: names(
        "b",
        active.map(({ id }) => id),
      ),
    },
  ];
  if (metadata !== undefined) {
    const { applied, committed, leader } = metadata;
    lines.push({
      about: "Metadata",
      text: `applied up to ${applied} of ${committed}; led by ${leader < 0 ? "nobody known" : `controller ${leader}`}`,
    });
  }
  for (const { name, role, log, highWatermark, leaderEpoch, isr } of partitions.values()) {
    const part =
      role.type === "leader"
        ? `leads, in sync: ${names("b", isr)}`
        : role.type === "follower"
          ? role.leader < 0
            ? "follows nobody"
            : `follows b${role.leader}`
          : "has no role yet";
    lines.push({
      about: name,
      text: `${part}; epoch ${leaderEpoch}, high watermark ${highWatermark}, log ${log.start} to ${log.end}, recovery point ${log.recoveryPoint}`,
    });
  }
  return lines;
}

function controllerBeliefs({
  quorum,
  committed,
  applied,
  log,
  image,
}: Controller): readonly Belief[] {
  const leader = quorum.leader < 0 ? "nobody known" : `controller ${quorum.leader}`;
  const voted = quorum.voted === undefined ? "nobody" : `controller ${quorum.voted.id}`;
  const lines: Belief[] = [
    { about: "Itself", text: `${quorum.role.type} in epoch ${quorum.epoch}` },
    { about: "Quorum", text: `led by ${leader}; its vote: ${voted}` },
    {
      about: "Metadata log",
      text: `ends at ${log?.end ?? 0}, committed below ${committed}, applied below ${applied}`,
    },
  ];
  for (const { id, fenced, epoch } of image.brokers.values()) {
    lines.push({
      about: `b${id}`,
      text: `${fenced ? "fenced" : "may lead"}, broker epoch ${epoch}`,
    });
  }
  for (const topic of image.topics.values()) {
    for (const [index, partition] of topic.partitions.entries()) {
      lines.push({ about: `${topic.name}-${index}`, text: partitionText(partition) });
    }
  }
  return lines;
}

function partitionText({ leader, leaderEpoch, isr, elr, replicas }: PartitionImage): string {
  const led = leader < 0 ? "no leader" : `led by b${leader}`;
  const eligible = elr.length === 0 ? "" : `; eligible to lead: ${names("b", elr)}`;
  return `${led}, epoch ${leaderEpoch}; in sync: ${names("b", isr)} of ${names("b", replicas)}${eligible}`;
}
