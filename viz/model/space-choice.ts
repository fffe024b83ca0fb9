/* What somebody has chosen to see on the space–time diagram. */
import type { Micros, NodeName } from "#sim";
import type { RecordPlace } from "./record-life.ts";

export interface SpaceChoice {
  readonly open: boolean;
  /** How much time the window holds. */
  readonly span: Micros;
  readonly partition: string | undefined;
  readonly node: NodeName | undefined;
  readonly api: string | undefined;
  /** Only what concerns this record. */
  readonly record: RecordPlace | undefined;
  readonly heartbeats: boolean;
  /** Time in the order of events instead of to scale. */
  readonly order: boolean;
  /** As a table instead of a drawing. */
  readonly table: boolean;
}

export const newSpaceChoice: SpaceChoice = {
  open: false,
  span: 80_000,
  partition: undefined,
  node: undefined,
  api: undefined,
  record: undefined,
  heartbeats: false,
  order: false,
  table: false,
};

const shortest: Micros = 2000;

/** Zooms in (`factor` below 1) or out, between two milliseconds and the whole run. */
export const zoomed = ({ span }: SpaceChoice, factor: number, end: Micros): Micros =>
  Math.max(shortest, Math.min(Math.max(end, shortest), Math.round(Math.min(span, end) * factor)));

/** The diagram opened on one record, whatever else was asked for before. */
export const onlyRecord = (record: RecordPlace): Partial<SpaceChoice> => ({
  open: true,
  record,
  partition: undefined,
  node: undefined,
  api: undefined,
});
