import type { CoreEvent } from "#core";
import type { Run } from "./runtime.ts";

/** Keeps what the controller committed last about each partition: faults that aim at a leader ask for it. */
export function noteForWorld({ world }: Run, event: CoreEvent): void {
  if (event.type !== "partitionChanged") return;
  const { partition, leader, replicas, isr } = event;
  world.partitions.set(partition, { leader, replicas: [...replicas], isr: [...isr] });
}
