/*
 * What there is to look at in Kafka's processes, and when.
 */
import {
  type Broker,
  type Controller,
  type Log,
  maximalIsr,
  type MetadataImage,
  metadataPartition,
} from "#core";
import type { NodeKind } from "../world/state.ts";
import type { AuditBody, Look } from "./audit.ts";
import { imageDifferences, imageDigest } from "./image-audit.ts";
import { logDifferences } from "./log-audit.ts";

/** Images when they change, logs when they are opened, and everything at the end. */
export const lookAtKafka: Look = (kind, self, disk, moment) => {
  const audits: AuditBody[] = [];
  if (moment.type === "end") {
    const held = imageIn(kind, self);
    if (held !== undefined) {
      const { image, next } = held;
      audits.push({ type: "image", next, digest: imageDigest(image) });
      const differences = imageDifferences(image, next, disk);
      audits.push({ type: "imageRebuilt", next, healed: moment.healed, differences });
    }
    for (const [partition, log] of logsIn(kind, self))
      audits.push({ type: "log", partition, when: "end", differences: logDifferences(log, disk) });
    return audits;
  }
  const { event } = moment;
  if (kind === "broker" && event.type === "highWatermark") {
    const { partitions } = self as Broker;
    const partition = partitions.get(event.partition);
    if (partition?.role.type === "leader")
      audits.push({
        type: "inSync",
        partition: event.partition,
        epoch: partition.leaderEpoch,
        waitsFor: maximalIsr(partition),
      });
  } else if (event.type === "logOpened") {
    const { partition } = event;
    const log = logsIn(kind, self).get(partition);
    if (log !== undefined)
      audits.push({
        type: "log",
        partition,
        when: "opened",
        differences: logDifferences(log, disk),
      });
  } else if (
    event.type === "metadataApplied" ||
    (event.type === "metadataSnapshot" && event.how === "loaded")
  ) {
    const held = imageIn(kind, self);
    if (held !== undefined)
      audits.push({ type: "image", next: held.next, digest: imageDigest(held.image) });
  }
  return audits;
};

/** The image that a process holds, and how far it has applied the log; undefined: it holds none yet. */
function imageIn(
  kind: NodeKind,
  self: unknown,
): { readonly image: MetadataImage; readonly next: number } | undefined {
  if (kind === "controller") {
    const { image, applied } = self as Controller;
    return { image, next: applied };
  }
  const { image, metadata } = self as Broker;
  return metadata === undefined ? undefined : { image, next: metadata.applied };
}

/** All logs that a process has opened, by the name of their partition. */
export function logsIn(kind: NodeKind, self: unknown): Map<string, Log> {
  const logs = new Map<string, Log>();
  if (kind === "controller") {
    const { log } = self as Controller;
    if (log !== undefined) logs.set(metadataPartition, log);
    return logs;
  }
  const { metadata, orphans, partitions } = self as Broker;
  if (metadata !== undefined) logs.set(metadataPartition, metadata.log);
  for (const [name, { log }] of orphans) logs.set(name, log);
  for (const { name, log } of partitions.values()) logs.set(name, log);
  return logs;
}
