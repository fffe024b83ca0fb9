/*
 * How fast time really goes while it plays: a machine that cannot draw fast enough falls behind the speed that is asked
 * for, because a frame moves time on by no more than a frame's worth.
 */
import type { Player } from "./player.ts";

/** Over so many real milliseconds it is measured: long enough for a number that can be read. */
const spanMs = 600;
/** What differs less than this from what is asked is what is asked. */
const tolerance = 0.9;

/** Asked with every frame; `nowMs`: real time. Tells what is reached (virtual microseconds a real millisecond) if that is less. */
export function speedMeter(): (player: Player, nowMs: number) => number | undefined {
  let from: { readonly at: number; readonly nowMs: number; readonly speed: number } | undefined;
  let reached: number | undefined;
  return ({ at, playing, speed, pace, sweep }, nowMs) => {
    // A leap is no speed, and where nothing travels there is none.
    const isEven = playing && sweep === undefined && pace !== "still";
    if (!isEven || from?.speed !== speed) {
      if (!playing || from?.speed !== speed) reached = undefined;
      from = isEven ? { at, nowMs, speed } : undefined;
      return reached;
    }
    const gone = nowMs - from.nowMs;
    if (gone < spanMs) return reached;
    const measured = (at - from.at) / gone;
    reached = measured < speed * tolerance ? measured : undefined;
    from = { at, nowMs, speed };
    return reached;
  };
}
