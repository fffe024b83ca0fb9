import type { Millis } from "../foundation/ids.ts";
import type { Turn } from "../foundation/turn.ts";
import type { Client } from "./state.ts";

/**
 * When to try again after so many failures in a row (Kafka's ExponentialBackoff, KIP-580): retry.backoff.ms is doubled with
 * each failure up to retry.backoff.max.ms, then up to a fifth more or less. Monotonic ms.
 */
export function retryAfter({ config: { settings } }: Client, failures: number, turn: Turn): Millis {
  const most = settings["retry.backoff.max.ms"];
  let wait = settings["retry.backoff.ms"];
  for (let i = 1; i < failures && wait < most; i++) wait *= 2;
  if (wait > most) wait = most;
  const spread = Math.floor((wait * 2) / 5);
  const drawn =
    spread === 0 ? wait : wait - Math.floor(spread / 2) + (turn.ports.random() % (spread + 1));
  return (turn.now.monotonic + drawn) as Millis;
}
