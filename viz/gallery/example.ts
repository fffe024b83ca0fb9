/* What the gallery shows: a mark or a panel in a state that tells what it is for. */

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
  /** A scenario of the library. */
  readonly run: string;
  /** For panels that take the room they are given. */
  readonly height?: number;
  readonly panel: PanelName;
  readonly moment: Moment;
}

export type PanelName =
  "stage" | "logs" | "narration" | "timeline" | "guarantees" | "inspector" | "space";

/** Where a run stands: just after the first event of a kind, or (`end`) after its last. */
export type Moment = "fault" | "election" | "truncation" | "violation" | "end";

/** Marks of one kind under a heading. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly marks: readonly MarkExample[];
}
