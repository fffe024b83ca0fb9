/*
 * In what order what has changed is shown, and how long each part takes: first what is marked where it stands, then what
 * moves, then what drops out, then what comes to rest. The eye can follow one of them at a time.
 */

/** In the order in which they are shown. */
export const stages = ["mark", "move", "drop", "settle"] as const;
export type Stage = (typeof stages)[number];

/** Real milliseconds from the change on. */
export interface Span {
  readonly delay: number;
  readonly duration: number;
}

/** What a stage takes where there is time. */
const stageMs = 240;
/** What moves faster is not followed, only missed. */
const leastMs = 80;

/**
 * When each of the stages that there are is shown, if all of them are to take at most half of `untilNext`, the real
 * milliseconds up to what is told next; undefined: there is no time to move anything.
 */
export function timesOf(
  present: ReadonlySet<Stage>,
  untilNext: number,
): ReadonlyMap<Stage, Span> | undefined {
  const shown = stages.filter((stage) => present.has(stage));
  const duration = Math.min(stageMs, untilNext / 2 / Math.max(1, shown.length));
  if (duration < leastMs) return undefined;
  return new Map(shown.map((stage, index) => [stage, { delay: index * duration, duration }]));
}
