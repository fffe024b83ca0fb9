/* Finds a record by what a person knows of it: its offset, or its key. */
import type { Facts } from "./facts.ts";
import { type Picture, type StripPicture, brokerName } from "./picture.ts";

/**
 * A whole number is an offset of that partition; anything else the newest record with that key, in that partition or else
 * in another. Undefined: no log holds such a record.
 */
export function findRecord(
  picture: Picture,
  facts: Facts,
  partition: string,
  wanted: string,
): { readonly partition: string; readonly offset: number } | undefined {
  if (/^\d{1,15}$/.test(wanted)) return { partition, offset: Number(wanted) };
  // Who sends by key does not know where that leads.
  const others = [...picture.partitions.keys()].filter((name) => name !== partition).sort();
  for (const name of [partition, ...others]) {
    const offset = newestIn(picture, facts, name, wanted);
    if (offset !== undefined) return { partition: name, offset };
  }
  return undefined;
}

function newestIn(
  picture: Picture,
  facts: Facts,
  partition: string,
  key: string,
): number | undefined {
  const known = picture.partitions.get(partition);
  if (known === undefined) return undefined;
  const lead = known.strips.get(brokerName(known.leader));
  for (const strip of [...(lead === undefined ? [] : [lead]), ...known.strips.values()]) {
    const offset = newestWith(strip, facts, key);
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function newestWith({ batches }: StripPicture, facts: Facts, key: string): number | undefined {
  for (let index = batches.length - 1; index >= 0; index -= 1) {
    const batch = batches[index];
    if (batch === undefined) continue;
    const records = facts.batches.get(batch.crc)?.records ?? [];
    const place = records.findLastIndex((record) => record.key === key);
    if (place !== -1) return batch.base + place;
  }
  return undefined;
}
