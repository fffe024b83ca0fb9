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
  /** Since when it is measured, and where time stood a frame ago. */
  let since: { readonly at: number; readonly nowMs: number } | undefined;
  let last = 0;
  let asked: number | undefined;
  let reached: number | undefined;
  return ({ at, playing, speed, pace, sweep }, nowMs) => {
    // A leap is no speed, nor is a way back; where nothing travels there is none.
    const isEven = playing && pace !== "still" && sweep === undefined && at >= last;
    if (!playing || pace === "still" || speed !== asked) reached = undefined;
    if (!isEven || speed !== asked || since === undefined) {
      since = isEven ? { at, nowMs } : undefined;
      [last, asked] = [at, speed];
      return reached;
    }
    last = at;
    const gone = nowMs - since.nowMs;
    if (gone < spanMs) return reached;
    const measured = (at - since.at) / gone;
    reached = measured < speed * tolerance ? measured : undefined;
    since = { at, nowMs };
    return reached;
  };
}
