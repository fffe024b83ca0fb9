/*
 * Flaws that can be switched on: behaviour that Kafka once had, or that it has under other settings, each brought back
 * at the one place where the right one is decided. Off, as they are by default, the core behaves as if they were not here.
 */

/** Every flaw by name. Those that only stand for other settings never reach the core. */
export const flawIds = [
  "hw-truncate",
  "offset-only-answer",
  "no-client-epoch",
  "unclean",
  "acks-1",
  "m-1",
  "last-standing",
  "no-fsync",
  "last-known-leader",
  "stale-join",
  "no-broker-epoch",
  "eager-isr",
  "join-at-hw",
  "divergence-counted",
  "offsets-go-back",
  "not-idempotent",
  "any-first-sequence",
  "disruptive-voter",
  "wiped-voter",
  "skipped-epoch",
] as const;

export type FlawId = (typeof flawIds)[number];

/** Settings, or whatever else was told which flaws are on; absent means none. */
export interface Flawed {
  readonly flaws?: readonly FlawId[];
}

/** Whether a flaw is on. */
export const hasFlaw = ({ flaws }: Flawed, id: FlawId): boolean =>
  flaws !== undefined && flaws.includes(id);
