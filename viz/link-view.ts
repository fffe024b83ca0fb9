/*
 * What of the lab's view travels in a link: what is open and looked into, with whose eyes, what the space–time diagram
 * shows, where the logs were turned to, what the run is compared with. Not the reader's own taste.
 */
import type { NodeName } from "#sim";
import { type Density, densities } from "./density.ts";
import { type CellLabel, cellLabels } from "./model/cell-label.ts";
import type { RecordPlace } from "./model/record-life.ts";
import { type SpaceChoice, newSpaceChoice } from "./model/space-choice.ts";
import { type InspectorTab, type Inside, inspectorTabs } from "./panels/view.ts";

/** Plain data; what is as the lab likes it is absent. */
export interface LinkedView {
  readonly density?: Density;
  /** `closed`: the inspector, where the density would open it. */
  readonly tab?: InspectorTab | "closed";
  readonly partition?: string;
  /** The topic or partition to which the logs are narrowed. */
  readonly only?: string;
  /** Partitions that do not follow their tail, and from which offset on they are shown. */
  readonly windows?: readonly (readonly [string, number])[];
  readonly cells?: CellLabel;
  readonly pinned?: readonly string[];
  readonly eyes?: NodeName;
  readonly space?: Partial<SpaceChoice>;
  readonly inside?: Inside;
  /** Compared with the same run without so many of its last faults and changes. */
  readonly beside?: number;
}

/** What a state holds of it. */
export interface Viewing {
  /** undefined: the usual one. */
  readonly density: Density | undefined;
  readonly tab: InspectorTab | undefined;
  readonly partition: string | undefined;
  readonly only: string | undefined;
  readonly windows: ReadonlyMap<string, number>;
  /** undefined: as the scenario has it. */
  readonly cells: CellLabel | undefined;
  readonly pinned: readonly string[];
  readonly eyes: NodeName | undefined;
  readonly space: SpaceChoice;
  readonly inside: Inside;
  readonly beside: number | undefined;
}

/** What a link need not say. */
export const usualDensity: Density = "lab";

/** A density for those who look for a cause has everything open. */
export const opensAll = (density: Density | undefined): boolean => density === "debug";

/** undefined: everything is as the lab likes it. */
export function linkedView(viewing: Viewing): LinkedView | undefined {
  const { density, tab, partition, only, windows, cells, pinned, eyes, inside, beside } = viewing;
  const space = linkedSpace(viewing);
  // What an inspector would show is said while it is open.
  const looked = tab === undefined ? {} : said(inside);
  const view: LinkedView = {
    ...(density === undefined || density === usualDensity ? {} : { density }),
    ...(tab === undefined ? (opensAll(density) ? { tab: "closed" } : {}) : { tab }),
    ...(partition === undefined ? {} : { partition }),
    ...(only === undefined ? {} : { only }),
    ...(windows.size === 0 ? {} : { windows: [...windows] }),
    ...(cells === undefined ? {} : { cells }),
    ...(pinned.length === 0 ? {} : { pinned }),
    ...(eyes === undefined ? {} : { eyes }),
    ...(isEmpty(space) ? {} : { space }),
    ...(isEmpty(looked) ? {} : { inside: looked }),
    ...(beside === undefined ? {} : { beside }),
  };
  return isEmpty(view) ? undefined : view;
}

/** Only what is not as it is at first. */
function linkedSpace({ density, space }: Viewing): Partial<SpaceChoice> {
  const usual: SpaceChoice = { ...newSpaceChoice, open: opensAll(density) };
  const names = Object.keys(usual) as (keyof SpaceChoice)[];
  return Object.fromEntries(
    names.filter((name) => space[name] !== usual[name]).map((name) => [name, space[name]]),
  );
}

const said = <Thing extends object>(thing: Thing): Thing =>
  Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as Thing;

const isEmpty = (thing: object): boolean => Object.keys(thing).length === 0;

type Unknown = Readonly<Record<string, unknown>>;

/** Reads what a link says; what another version means by it is left out. */
export function viewingOf(view: unknown): Viewing {
  const told = Object(view) as Unknown;
  const density = densities.find((known) => known === told["density"]);
  const tab = inspectorTabs.find((known) => known === told["tab"]);
  const { windows, pinned } = told;
  return {
    density,
    tab: tab ?? (opensAll(density) && told["tab"] !== "closed" ? "why" : undefined),
    partition: textIn(told, "partition"),
    only: textIn(told, "only"),
    windows: new Map(Array.isArray(windows) ? windows.filter(isWindow) : []),
    cells: cellLabels.find((known) => known === told["cells"]),
    pinned: Array.isArray(pinned) ? pinned.filter((one) => typeof one === "string") : [],
    eyes: textIn(told, "eyes"),
    space: spaceOf(Object(told["space"]) as Unknown, density),
    inside: insideOf(Object(told["inside"]) as Unknown),
    beside: countIn(told, "beside"),
  };
}

const isWindow = (value: unknown): value is readonly [string, number] =>
  Array.isArray(value) && typeof value[0] === "string" && Number.isSafeInteger(value[1]);

function spaceOf(told: Unknown, density: Density | undefined): SpaceChoice {
  const usual = newSpaceChoice;
  const span = countIn(told, "span") ?? 0;
  return {
    open: flagIn(told, "open") ?? opensAll(density),
    span: span > 0 ? span : usual.span,
    partition: textIn(told, "partition"),
    node: textIn(told, "node"),
    api: textIn(told, "api"),
    record: recordOf(told["record"]),
    heartbeats: flagIn(told, "heartbeats") ?? usual.heartbeats,
    order: flagIn(told, "order") ?? usual.order,
    table: flagIn(told, "table") ?? usual.table,
  };
}

const insideOf = (told: Unknown): Inside =>
  said({
    message: countIn(told, "message"),
    node: textIn(told, "node"),
    path: textIn(told, "path"),
    record: recordOf(told["record"]),
  });

function recordOf(value: unknown): RecordPlace | undefined {
  const told = Object(value) as Unknown;
  const called = countIn(told, "called");
  if (called !== undefined) return { called };
  const partition = textIn(told, "partition");
  const offset = countIn(told, "offset");
  if (partition === undefined || offset === undefined) return undefined;
  const event = countIn(told, "event");
  return event === undefined ? { partition, offset } : { partition, offset, event };
}

function textIn(told: Unknown, name: string): string | undefined {
  const value = told[name];
  return typeof value === "string" ? value : undefined;
}

function flagIn(told: Unknown, name: string): boolean | undefined {
  const value = told[name];
  return typeof value === "boolean" ? value : undefined;
}

/** A whole number that is not below 0. */
function countIn(told: Unknown, name: string): number | undefined {
  const value = told[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
