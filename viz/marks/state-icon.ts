/* The shape beside the word of what a process is, while that is anything but well. */
import { isSlow } from "../model/ails.ts";
import type { CardView } from "../model/stage-view.ts";
import type { Icon } from "./icons.ts";

type Stands = Pick<CardView, "state" | "fenced" | "event" | "ails">;

const icons: Readonly<Partial<Record<CardView["state"], Icon>>> = {
  paused: "pause",
  stopped: "stop",
  crashed: "cross",
  powerLost: "bolt",
  failed: "alarm",
};

/** What became of the process; else that it is not trusted; else what ails its machine. */
export function stateIcon({ state, fenced, ails = [] }: Stands): Icon | undefined {
  if (state !== "up") return icons[state];
  if (fenced) return "fence";
  if (ails.length === 0) return undefined;
  return isSlow(ails) ? "hourglass" : "alarm";
}

/** The event that put the shape there. */
export const iconEvent = ({ state, fenced, event, ails = [] }: Stands): number =>
  state === "up" && !fenced ? (ails[0]?.event ?? event) : event;

/** A slow process has a border of its own while it is up, thin if it is fenced besides. */
export const slowClass = (state: CardView["state"], ails: NonNullable<CardView["ails"]>): string =>
  state === "up" && isSlow(ails) ? " is-slow" : "";
