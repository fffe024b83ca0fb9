import type { CoreEvent } from "#core";
import { topicOf } from "../scenario/operating.ts";
import type { Run } from "./runtime.ts";
import type { Node, World } from "./state.ts";

/** What a leader of the metadata quorum tells again, since it cannot know that another told it, is not told twice. */
export function isNews(world: World, event: CoreEvent): boolean {
  if (!("at" in event)) return true;
  if (event.at <= world.metadataTold) return false;
  world.metadataTold = event.at;
  return true;
}

/** Keeps where each replica's log ends and what it believes to be committed. */
function noteEnds({ ends, marks }: World, broker: string, event: CoreEvent): void {
  switch (event.type) {
    case "logOpened":
      ends.set(`${broker} ${event.partition}`, event.end);
      marks.set(`${broker} ${event.partition}`, event.highWatermark);
      return;
    case "appended":
      ends.set(`${broker} ${event.partition}`, event.next);
      return;
    case "truncated":
      ends.set(`${broker} ${event.partition}`, event.to);
      return;
    case "logRestarted":
      ends.set(`${broker} ${event.partition}`, event.start);
      return;
    case "highWatermark":
      marks.set(`${broker} ${event.partition}`, event.offset);
      return;
    default:
      return;
  }
}

/** Keeps what the controller committed last about each partition: faults that aim at a leader ask for it. */
export function noteForWorld({ world }: Run, { spec, index }: Node, event: CoreEvent): void {
  if (event.type === "controllerElected") {
    world.controller = index;
    world.controllerSince = world.now;
  }
  if (spec.kind === "broker") noteEnds(world, spec.name, event);
  if (event.type === "metadataApplied" && spec.kind === "broker")
    world.applied.set(spec.id, event.next);
  if (event.type === "brokerRegistered") {
    const node = world.nodes.find(({ spec }) => spec.kind === "broker" && spec.id === event.broker);
    if (node !== undefined) world.registered.set(event.broker, node.life);
  }
  if (event.type === "eligibleCleared") {
    for (const [name, view] of world.partitions) {
      if (event.topic !== "" && topicOf(name) !== event.topic) continue;
      view.elr = [];
    }
  }
  if (event.type !== "partitionChanged") return;
  const { partition, leader, replicas, isr, elr } = event;
  world.partitions.set(partition, {
    leader,
    replicas: [...replicas],
    isr: [...isr],
    elr: [...elr],
  });
}
