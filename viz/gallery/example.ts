/* What the gallery shows: a mark or a panel in a state that tells what it is for. */
import type { InspectorTab } from "../panels/view.ts";

interface Named {
  /** Names its stored picture, and the place on the page. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what is to be seen. */
  readonly says: string;
}

/** A mark, drawn from a view made by hand; stored as SVG. */
export interface MarkExample extends Named {
  readonly width: number;
  readonly height: number;
  /** As which density its style sheet sees it. */
  readonly density?: "lab" | "teach" | "phone";
  /** Shown and stored in the dark, whatever the page is. */
  readonly dark?: boolean;
  /** What it fills its shapes with: a hatch. */
  readonly defs?: () => SVGDefsElement;
  readonly draw: (host: SVGGElement) => void;
}

/** A panel at a moment of a run; stored as what it says. */
export interface PanelExample extends Named {
  /** A scenario of the library; absent: what is drawn needs no run. */
  readonly run?: string;
  /** For panels that take the room they are given. */
  readonly height?: number;
  readonly panel: PanelName;
  /** Absent: the beginning. */
  readonly moment?: Moment;
  /** Of the inspector; `record`: of the diagram, it shows one record alone. */
  readonly tab?: InspectorTab;
}

/** `phone`: the whole lab, as small as that. */
export type PanelName =
  | "stage"
  | "logs"
  | "narration"
  | "timeline"
  | "guarantees"
  | "inspector"
  | "space"
  | "compare"
  | "messages"
  | "share"
  | "phone";

/**
 * Where a run stands: just after the first event of a kind, or (`end`) after its last. `produce`: a request with records
 * leaves; `copy`: a follower has one that a client is told of.
 */
export type Moment = "fault" | "election" | "truncation" | "violation" | "produce" | "copy" | "end";

/** Marks of one kind under a heading. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly marks: readonly MarkExample[];
}
