/* How a process stands, in the smallest mark: the shape tells it, words and colour say it again. */
import { icons } from "./icons.ts";
import type { Standing } from "../model/stage-many.ts";

/** A path inside a square of 16. */
export const standingPaths: Readonly<Record<Standing, string>> = {
  up: "",
  behind: "M1,8H15V15H1z",
  slow: icons.hourglass,
  fenced: "M1,15L15,1",
  paused: "M5,4V12M11,4V12",
  down: "M4,4l8,8M12,4l-8,8",
  unborn: "",
  unknown: "",
};

/** In the order in which a legend tells them. */
export const standingWords: readonly (readonly [Standing, string])[] = [
  ["up", "up"],
  ["behind", "behind"],
  ["slow", "slow"],
  ["fenced", "fenced"],
  ["paused", "paused"],
  ["down", "down"],
  ["unborn", "not yet"],
];
