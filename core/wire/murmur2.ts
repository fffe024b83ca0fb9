/*
 * MurmurHash2 as Kafka's clients have it (org.apache.kafka.common.utils.Utils.murmur2): it decides which
 * partition a key goes to, so every client must agree on it.
 */
const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** The hash of `bytes`, a signed int32. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = seed ^ length;
  let at = 0;
  for (const last = length - 4; at <= last; at += 4) {
    // Little-endian, unlike everything on the wire.
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    word = Math.imul(word, multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = length - at;
  if (rest >= 3) hash ^= bytes[at + 2]! << 16;
  if (rest >= 2) hash ^= bytes[at + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition of a key among `partitions` (BuiltInPartitioner.partitionForKey). */
export const partitionForKey = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;
