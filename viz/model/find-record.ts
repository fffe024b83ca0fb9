/* Finds a record by what a person knows of it: its offset, or its key. */
import type { Facts } from "./facts.ts";
import { type Picture, type StripPicture, brokerName } from "./picture.ts";

/** A whole number is an offset; anything else the newest record with that key. Undefined: no log holds such a record. */
export function findRecord(
  picture: Picture,
  facts: Facts,
  partition: string,
  wanted: string,
): { readonly partition: string; readonly offset: number } | undefined {
  if (/^\d{1,15}$/.test(wanted)) return { partition, offset: Number(wanted) };
  const known = picture.partitions.get(partition);
  if (known === undefined) return undefined;
  const lead = known.strips.get(brokerName(known.leader));
  for (const strip of [...(lead === undefined ? [] : [lead]), ...known.strips.values()]) {
    const offset = newestWith(strip, facts, wanted);
    if (offset !== undefined) return { partition, offset };
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
