/* `min.insync.replicas` as topics were created with it and as the admin set it since: what partitions are measured by. */
import type { TraceEvent } from "#sim";
import type { Picture } from "./picture.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

const key = "min.insync.replicas";

export function foldTopicCreated({ minIsr }: Picture, { event }: Of<"note">): void {
  if (event.type !== "topicCreated") return;
  const value = event.configs[key];
  if (value !== undefined) minIsr.set(event.topic, Number(value));
}

/** Asked for; it counts once the answer says that it is done. */
export function foldSettingAsked({ asked }: Picture, event: Of<"called">): void {
  const { request, call, node } = event;
  if (request.type !== "alterConfigs") return;
  const value = request.configs[key];
  if (value === undefined) return;
  // Of single brokers it says nothing about partitions.
  if (request.resource === "broker" && request.name !== "") return;
  const topic = request.resource === "topic" ? request.name : "";
  asked.set(`${node}/${call}`, { topic, value: value === null ? undefined : Number(value) });
}

export function foldSettingTold({ asked, minIsr }: Picture, event: Of<"result">): void {
  const name = `${event.node}/${event.call}`;
  const change = asked.get(name);
  if (change === undefined) return;
  asked.delete(name);
  if (event.outcome.type !== "done") return;
  if (change.value === undefined) minIsr.delete(change.topic);
  else minIsr.set(change.topic, change.value);
}
