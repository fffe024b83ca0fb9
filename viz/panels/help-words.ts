/* What the help says besides the keys: words, and the marks of timeline and guarantees. */
import type { TurnMark } from "../marks/timeline.ts";
import type { Icon } from "../marks/icons.ts";

/** Half a sentence each, in the order in which they build on each other. */
export const words: readonly (readonly [word: string, meaning: string])[] = [
  ["record", "what a producer sends: a key (or none) and a value"],
  ["topic", "records of one kind, in one or more partitions"],
  ["broker", "a process that keeps logs (b1, b2 …); the controllers (c1 …) decide who leads"],
  ["producer", "a process that sends records (p1 …); consumers read them (k1 …)"],
  ["acks", "how many copies a producer waits for: all in sync, one, or none"],
  ["partition", "one log of a topic, to whose end records are written"],
  ["offset", "a record's place in its partition, counted from 0"],
  ["replica", "one broker's copy of a partition"],
  ["leader", "the replica that takes writes; the others copy from it"],
  ["high watermark", "the offset below which every in-sync replica has every record"],
  ["ISR", "the in-sync replicas: those that keep up with the leader"],
  ["epoch", "a number that rises with each new leader, so that an old one is told from it"],
  ["fenced", "a broker that the controller does not count on: it may not lead"],
];

/** Every turning point that the timeline marks. */
export const turnWords: Readonly<Record<TurnMark["kind"], string>> = {
  election: "a leader is chosen",
  isr: "the ISR changes",
  truncation: "a replica throws records away to follow its leader",
  loss: "what was not on the disk is lost with the power",
  phase: "a part of the run ends",
  heal: "a fault is over",
};

/** How a guarantee stands; the card says it in words as well. */
export const outcomes: readonly (readonly [sign: Icon, meaning: string])[] = [
  ["disc", "holds so far"],
  ["cross", "broken, though it was promised"],
  ["ring", "not promised here; in red: what it says was broken, too"],
  ["dots", "nothing to judge yet"],
];

/** A page that is served beside the lab. */
export interface Page {
  readonly name: string;
  readonly href: string;
}

/** What lies beside the lab's own page at `address`: nothing beside a page of one file, or one from the disk. */
export function pagesBeside(address: string): readonly Page[] {
  const { protocol, pathname } = new URL(address);
  const isServed = protocol === "http:" || protocol === "https:";
  if (!isServed || !/\/(?:index\.html)?$/.test(pathname)) return [];
  return [
    { name: "Slides", href: new URL("./slides/", address).pathname },
    { name: "Gallery of marks", href: new URL("./gallery/", address).pathname },
  ];
}
