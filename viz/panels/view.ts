/* What every panel is shown, and what it may ask the lab to do. */
import type { Fault, NodeName } from "#sim";
import type { Place } from "../marks/geometry.ts";
import type { Turn } from "../model/beats.ts";
import type { Picture } from "../model/picture.ts";
import type { Pace, Player } from "../player/player.ts";
import type { Run } from "../run.ts";

export type InspectorTab = "why" | "events";

export interface LabView {
  readonly run: Run;
  readonly player: Player;
  readonly picture: Picture;
  readonly places: readonly Place[];
  /** The event that is looked into. */
  readonly selected: number | undefined;
  /** What the inspector shows; absent: it is closed. */
  readonly tab: InspectorTab | undefined;
  /** Which partition a narrow lab shows. */
  readonly partition: string | undefined;
  /** Where a partition's window begins, for those that do not follow the tail. */
  readonly windows: ReadonlyMap<string, number>;
  /** Not (any more) what its name says. */
  readonly edited: boolean;
  readonly theme: "auto" | "light" | "dark";
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Jumps that the timeline offers. */
export type Jump = Turn | "violation";

export interface Actions {
  toggle(): void;
  step(events: number): void;
  beat(direction: 1 | -1): void;
  jump(kinds: readonly Jump[], direction: 1 | -1): void;
  /** To a virtual time in microseconds. */
  seek(at: number): void;
  /** To just after an event. */
  visit(seq: number): void;
  faster(factor: number): void;
  speed(speed: number): void;
  pace(pace: Pace): void;
  select(seq: number | undefined): void;
  inspect(tab: InspectorTab | undefined): void;
  partition(name: string): void;
  /** Moves a partition's window; undefined: back to the tail. */
  look(partition: string, first: number | undefined): void;
  /** Opens what can be done to a node. */
  touch(node: NodeName): void;
  fork(faults: readonly Fault[]): void;
  undo(): void;
  redo(): void;
  open(scenario: string, seed: string | undefined): void;
  theme(): void;
  share(): void;
  help(): void;
}
