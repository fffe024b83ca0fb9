/* In which form the lab is shown: by its own size (the same numbers as in the style sheets) and the chosen density. */
import type { Density } from "../density.ts";
import type { StageDensity } from "../marks/geometry.ts";
import type { StripKind } from "../marks/strip-layout.ts";
import type { TimelineLayout } from "../marks/timeline.ts";
import type { LabView } from "./view.ts";

export interface Shape {
  /** A phone's: one partition, and everything in reach of a thumb, whatever the density. */
  readonly isPhone: boolean;
  /** A phone with the browser's bars: what can be folded is. */
  readonly isShort: boolean;
  /** A big screen: inspector and space–time have places of their own. */
  readonly isWide: boolean;
  /** As high and as wide as a projector's picture, whatever the density. */
  readonly isBig: boolean;
  readonly density: Density;
}

const phoneWidth = 760;
const tallPhone = 784;
const wide = { width: 1600, height: 900 } as const;

export function shapeOf(width: number, height: number, density: Density): Shape {
  const isBig = width >= wide.width && height >= wide.height;
  const isPhone = width < phoneWidth;
  const isShort = isPhone && height < tallPhone;
  return { isPhone, isShort, isWide: isBig && density !== "teach", isBig, density };
}

export const stripKind = ({ isPhone, density }: Shape): StripKind => (isPhone ? "phone" : density);

export const stageDensity = ({ isPhone, density }: Shape): StageDensity =>
  density === "teach" && !isPhone ? "compact" : "full";

export interface TimelineShape extends TimelineLayout {
  /** How much larger than 12 px its text is. */
  readonly scale: number;
}

export function timelineShape({ isPhone, isBig, density }: Shape): TimelineShape {
  if (isPhone) return { gutter: 20, isMerged: true, scale: 1 };
  if (density === "teach") return { gutter: 70, isMerged: true, scale: isBig ? 2.25 : 1.5 };
  return { gutter: 92, isMerged: false, scale: isBig && density === "lab" ? 1.4 : 1 };
}

/** What has a place of its own is open, whether somebody opened it or not; on a phone the sheet answers Why. */
export function shapedView(view: LabView, { isPhone, isWide }: Shape): LabView {
  if (isPhone && view.tab === "why") return { ...view, tab: undefined };
  if (!isWide) return view;
  return { ...view, tab: view.tab ?? "why", space: { ...view.space, open: true } };
}
