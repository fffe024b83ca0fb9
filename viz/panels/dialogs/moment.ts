/* When something that is done by hand happens: now, if the applications are still at work. */
import { timeText } from "../time.ts";
import type { LabView } from "../view.ts";
import { atMs } from "../node-menu.ts";

/** Whether an edit at this moment can still change anything. */
export const isOver = ({ player, run }: LabView): boolean =>
  atMs(player) >= run.scenario.durationMs;

/** What an edit does to the run, in a sentence. */
export const momentText = (view: LabView): string =>
  isOver(view)
    ? "The applications are done and everything heals: go back in time to change something."
    : `At ${timeText(view.player.at)}: the run goes its own way from here.`;
