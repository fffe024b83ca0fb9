/* What of the lab's view travels in a link: what is open, and where the logs were turned to. Not the reader's own taste. */
import { type Density, densities } from "./density.ts";
import { type InspectorTab, inspectorTabs } from "./panels/view.ts";

/** Plain data; what is as the lab likes it is absent. */
export interface LinkedView {
  readonly density?: Density;
  readonly tab?: InspectorTab;
  readonly partition?: string;
  /** Partitions that do not follow their tail, and from which offset on they are shown. */
  readonly windows?: readonly (readonly [string, number])[];
}

/** What a state holds of it. */
export interface Viewing {
  /** undefined: the usual one. */
  readonly density: Density | undefined;
  readonly tab: InspectorTab | undefined;
  readonly partition: string | undefined;
  readonly windows: ReadonlyMap<string, number>;
}

/** What a link need not say. */
export const usualDensity: Density = "lab";

/** undefined: everything is as the lab likes it. */
export function linkedView({ density, tab, partition, windows }: Viewing): LinkedView | undefined {
  const view: LinkedView = {
    ...(density === undefined || density === usualDensity ? {} : { density }),
    ...(tab === undefined ? {} : { tab }),
    ...(partition === undefined ? {} : { partition }),
    ...(windows.size === 0 ? {} : { windows: [...windows] }),
  };
  return Object.keys(view).length === 0 ? undefined : view;
}

/** Reads what a link says; what another version means by it is left out. */
export function viewingOf(view: unknown): Viewing {
  const { density, tab, partition, windows } = Object(view) as Readonly<Record<string, unknown>>;
  return {
    density: densities.find((known) => known === density),
    tab: inspectorTabs.find((known) => known === tab),
    partition: typeof partition === "string" ? partition : undefined,
    windows: new Map(Array.isArray(windows) ? windows.filter(isWindow) : []),
  };
}

const isWindow = (value: unknown): value is readonly [string, number] =>
  Array.isArray(value) && typeof value[0] === "string" && Number.isSafeInteger(value[1]);
