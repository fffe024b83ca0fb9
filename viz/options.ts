/* How a page, a slide or a test asks for a lab, and what it can do with it. */
import type { Fault, Outcome, Scenario } from "#sim";
import type { Density } from "./density.ts";
import type { Pace } from "./player/player.ts";

export interface LabOptions {
  /** A named scenario or one as data; absent: the default one. */
  readonly scenario?: string | Scenario;
  /** Absent: the scenario's own. */
  readonly seed?: string;
  /** The family that drew the scenario. */
  readonly family?: string;
  /** Virtual milliseconds at which the lab stands at first; absent: just before the first fault. */
  readonly at?: number;
  /** The event that is looked into at first, by its number. */
  readonly selected?: number;
  /** What else is shown at first, as a link has it. */
  readonly shown?: unknown;
  /** What the run is said to come to: the lab tells whether it does. */
  readonly outcome?: Outcome;
  /** `teach`: one partition, large, and only what a lesson needs; `debug`: everything open, small. */
  readonly density?: Density;
  /** Which regions are shown: all of them, or one with what moves it. */
  readonly regions?: Regions;
  /** `minimal`: play, step and the time line; `none`: whoever embeds it moves it. */
  readonly controls?: "all" | "minimal" | "none";
  readonly pace?: Pace;
  /** The partition that is shown where there is room for one. */
  readonly focus?: string;
  /** What may be done by hand; absent: everything. */
  readonly faults?: readonly Fault["type"][];
  /** Nothing of what comes after the shown time is given away. */
  readonly spoilers?: "show" | "hide";
  /** Hears what happens in the lab. */
  readonly hear?: (event: LabEvent) => void;
  /** `auto` follows the reader's system. */
  readonly theme?: "auto" | "light" | "dark";
  /** Keep the address bar in step with scenario, seed and time. For the lab's own page only. */
  readonly address?: boolean;
}

export type Regions = "all" | "stage" | "logs" | "time";

/** What a lab tells of itself; `at` in virtual milliseconds, `event` the number of the event that is meant. */
export interface LabEvent {
  /**
   * `ready`: the run is whole. `time`, `beat`: another moment, another sentence is shown. `violation`: a broken promise is
   * shown. `fork`: the run goes its own way. `error`: it cannot be made.
   */
  readonly type: "ready" | "time" | "beat" | "violation" | "fork" | "error";
  readonly at: number;
  readonly event?: number;
  readonly message?: string;
}

/** A mounted lab. Times are virtual milliseconds with up to three decimals. */
export interface Lab {
  readonly element: HTMLElement;
  /** The trace hash of the run, once it is whole. */
  readonly hash: string | undefined;
  readonly at: number;
  play(): void;
  pause(): void;
  step(events?: number): void;
  /** `overMs`: real milliseconds in which it glides there, so that what happens on the way is seen. */
  seek(at: number, overMs?: number): void;
  /** Appends faults to the scenario and runs on from the lab's own time. */
  fork(faults: readonly Fault[]): void;
  /** The picture that is shown, as text: equal for equal moments of equal runs. */
  snapshot(): string;
  /** Stops the simulation and empties the element. */
  unmount(): void;
}
