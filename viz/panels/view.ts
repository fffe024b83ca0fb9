/* What every panel is shown, and what it may ask the lab to do. */
import { type Fault, type NodeName, type Scenario, isHandType } from "#sim";
import type { Density } from "../density.ts";
import type { Place } from "../marks/geometry.ts";
import type { Looked } from "../look/looks.ts";
import type { Question } from "../look/questions.ts";
import type { Turn } from "../model/beats.ts";
import type { CellLabel } from "../model/cell-label.ts";
import type { Picture } from "../model/picture.ts";
import type { Identity, RecordPlace } from "../model/record-life.ts";
import type { SpaceChoice } from "../model/space-choice.ts";
import type { Pace, Player } from "../player/player.ts";
import type { Parting } from "../model/parting.ts";
import type { Stop } from "../model/stops.ts";
import type { Hop } from "../model/why.ts";
import type { Run } from "../run.ts";

/** In the order in which they stand. */
export const inspectorTabs = [
  "why",
  "record",
  "message",
  "node",
  "state",
  "events",
  "tables",
] as const;
export type InspectorTab = (typeof inspectorTabs)[number];

/** What is looked into, besides the selected event. Absent: what that event is about. */
export interface Inside {
  /** The `sent` event of a message. */
  readonly message?: number | undefined;
  readonly node?: NodeName | undefined;
  /** A file of that node. */
  readonly path?: string | undefined;
  readonly record?: RecordPlace | undefined;
}

/** On a phone: what is under the thumb, in the order in which it stands. */
export const sheetTabs = ["log", "time", "why", "faults"] as const;
export type SheetTab = (typeof sheetTabs)[number];

export interface Sheet {
  readonly tab: SheetTab;
  /** Over what is above it. */
  readonly isTall: boolean;
}

/** Dialogs in which a run is changed, or told when to stop. */
export type DialogName = "change" | "cut" | "produce" | "scenario" | "settings" | "stops";

/** The run beside which this one is shown: what it was before the last change, or would be with it. */
export interface OtherRun {
  readonly run: Run;
  readonly picture: Picture;
  readonly parting: Parting | undefined;
  /** It came before the last change. */
  readonly isBefore: boolean;
}

/** A scenario, and the family that drew it. */
export interface Drawn {
  readonly family: string;
  readonly scenario: Scenario;
}

/** What a family is asked for. */
export interface Drawing {
  readonly family: string;
  readonly seed: string;
}

export interface LabView {
  readonly run: Run;
  readonly player: Player;
  readonly picture: Picture;
  /** What stage and logs show of it: all, or what one process knows. */
  readonly seen: Picture;
  /** Whose eyes these are. */
  readonly eyes: NodeName | undefined;
  readonly places: readonly Place[];
  /** The event that is looked into. */
  readonly selected: number | undefined;
  /** What led to it, itself first, and the place in it that is looked at. */
  readonly chain: readonly Hop[];
  readonly hop: number;
  readonly space: SpaceChoice;
  readonly density: Density;
  /** What the inspector shows; absent: it is closed. */
  readonly tab: InspectorTab | undefined;
  readonly sheet: Sheet;
  readonly inside: Inside;
  /** The record that the inspector tells of; it is marked in the logs. */
  readonly record: Identity | undefined;
  /** Asks for the inside of the run; the lab is shown anew when the answer comes. */
  readonly look: (question: Question) => Looked;
  /** Whether they are drawn among the messages. */
  readonly heartbeats: boolean;
  /** What stands in the cells of the logs. */
  readonly cells: CellLabel;
  /** Which partition a narrow lab shows. */
  readonly partition: string | undefined;
  /** The topic or partition to which the logs are narrowed; undefined: they show all. */
  readonly only: string | undefined;
  /** Where a partition's window begins, for those that do not follow the tail. */
  readonly windows: ReadonlyMap<string, number>;
  /** Not (any more) what its name says. */
  readonly edited: boolean;
  /** What was drawn from a family, and may have been edited since. */
  readonly drawn: Drawn | undefined;
  /** What is being drawn, and will run. */
  readonly drawing: Drawing | undefined;
  /** Guarantees that somebody wants to have among the cards. */
  readonly pinned: readonly string[];
  readonly theme: "auto" | "light" | "dark";
  /** What playing stops at. */
  readonly stops: readonly Stop[];
  /** What may be done by hand; undefined: everything. */
  readonly allowed: readonly Fault["type"][] | undefined;
  /** Nothing is shown of what comes later than the player stands. */
  readonly veiled: boolean;
  /** The run before the last change; after an undo the one with it. */
  readonly left: Run | undefined;
  /** While two runs are compared. */
  readonly other: OtherRun | undefined;
  /** A line that the reader should see. */
  readonly notice: string | undefined;
  /** In which way the run is what was said of it: "as linked". */
  readonly agreement: string | undefined;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** Jumps that the timeline offers. */
export type Jump = Turn | "violation";

/** What is known of a scenario that comes from a file. */
export interface LoadedFrom {
  /** What its run came to when the file was made. */
  readonly hash?: string;
  /** The file from which its records are. */
  readonly records?: string;
}

/** Whether a reader may do that; to send a record, to set a producer anew and to heal is nobody forbidden. */
export const isAllowed = ({ allowed }: Pick<LabView, "allowed">, type: Fault["type"]): boolean =>
  allowed === undefined || allowed.includes(type) || isHandType(type);

export interface Actions {
  toggle(): void;
  /** Time stands still where it is. */
  pause(): void;
  step(events: number): void;
  beat(direction: 1 | -1): void;
  jump(kinds: readonly Jump[], direction: 1 | -1): void;
  /** To a virtual time in microseconds; `overMs`: real milliseconds in which it glides there. */
  seek(at: number, overMs?: number): void;
  /** To just after an event. */
  visit(seq: number): void;
  faster(factor: number): void;
  speed(speed: number): void;
  pace(pace: Pace): void;
  /** Shows what one process knows; undefined: all again. */
  lens(node: NodeName | undefined): void;
  /** Goes to a place in the chain of causes. */
  hop(index: number): void;
  /** Changes what the space–time diagram shows. */
  space(choice: Partial<SpaceChoice>): void;
  /** Looks at an event, in a tab of the inspector; absent: why it happened. */
  select(seq: number | undefined, tab?: InspectorTab): void;
  /** Looks into something else. */
  lookInside(change: Inside, tab: InspectorTab): void;
  inspect(tab: InspectorTab | undefined): void;
  sheet(sheet: Sheet): void;
  partition(name: string): void;
  /** Narrows the logs to a topic or a partition; undefined: all again. */
  only(name: string | undefined): void;
  cells(label: CellLabel): void;
  /** Keeps a guarantee among the cards, or no longer. */
  pin(guarantee: string): void;
  /** Moves a partition's window; undefined: back to the tail. */
  look(partition: string, first: number | undefined): void;
  /** Opens what can be done to a node. */
  touch(node: NodeName): void;
  /** Adds faults at this moment. `isFree`: whoever embeds the lab asks for it, who may do whatever a scenario can hold. */
  fork(faults: readonly Fault[], isFree?: boolean): void;
  /** Ends what every fault does, from now on. */
  heal(): void;
  /** Runs another scenario, and comes back to this time. */
  replace(scenario: Scenario): void;
  dialog(
    name: DialogName,
    about?: NodeName,
    pairs?: readonly (readonly [NodeName, NodeName])[],
  ): void;
  stops(stops: readonly Stop[]): void;
  /** Asks what is to be different from here on, and shows the run with it beside this one. */
  branch(): void;
  /** Nothing is to be different after all. */
  stay(): void;
  /** Shows this run beside the other one, or alone again; where there is no other, as `branch`. */
  compare(): void;
  /** Turns to the other of two compared runs. */
  swap(): void;
  undo(): void;
  redo(): void;
  open(scenario: string, seed: string | undefined): void;
  /** Runs what a family draws for a seed, once it is drawn, unless something else is chosen before. */
  draw(family: string, seed: string): void;
  density(density: Density): void;
  theme(): void;
  /** Draws heartbeats, or leaves them out again. */
  heartbeats(): void;
  share(): void;
  /** The link to the moment that is shown. */
  linkHere(): string;
  /** Shows another scenario; the rest says where it is from. */
  load(scenario: Scenario, from: LoadedFrom): void;
  /** Says something in a line, or (undefined) puts the line away. */
  notify(line: string | undefined): void;
  help(): void;
}
