import type { Turn } from "../foundation/turn.ts";

/** Kafka's ExponentialBackoff (KIP-580): doubled with each failure up to `most`, then up to a fifth more or less. ms. */
export function backoff(base: number, most: number, failures: number, turn: Turn): number {
  let wait = base;
  for (let i = 1; i < failures && wait < most; i++) wait *= 2;
  if (wait > most) wait = most;
  const spread = Math.floor((wait * 2) / 5);
  return spread === 0 ? wait : wait - Math.floor(spread / 2) + (turn.ports.random() % (spread + 1));
}
