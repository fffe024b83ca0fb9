/*
 * Kafka's settings as they may stand in a scenario, as far as the core knows them.
 */
import * as v from "valibot";
import {
  brokerDefaults,
  consumerDefaults,
  producerDefaults,
  rackAwareSelector,
  topicDefaults,
} from "#core";
import { strict, whole } from "./schema-parts.ts";
import { leastValues } from "./setting-bounds.ts";

type SettingSchema = v.GenericSchema<boolean> | v.GenericSchema<number>;

/** Kafka's keys with numbers and switches, as far as the core knows them. */
function settings(defaults: Readonly<Record<string, number | boolean | string>>) {
  const entries: Record<string, v.OptionalSchema<SettingSchema, undefined>> = {};
  for (const [key, value] of Object.entries(defaults)) {
    if (typeof value === "boolean") entries[key] = v.optional(v.boolean());
    else if (typeof value === "number")
      entries[key] = v.optional(whole(leastValues[key] ?? 0, 1_000_000_000_000));
  }
  return entries;
}

export const brokerConfig = strict({
  ...settings(brokerDefaults),
  "replica.selector.class": v.optional(v.picklist(["", rackAwareSelector])),
});
export const topicConfig = strict(settings(topicDefaults));
export const producerConfig = strict({
  ...settings(producerDefaults),
  acks: v.optional(v.picklist(["all", "0", "1"])),
});
export const consumerConfig = strict({
  ...settings(consumerDefaults),
  "auto.offset.reset": v.optional(v.picklist(["earliest", "latest", "none"])),
  "client.rack": v.optional(v.pipe(v.string(), v.maxLength(64))),
});
