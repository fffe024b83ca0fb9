/* Which record somebody looks into: the one that the inspector's Record tab tells of. */
import { type Identity, type RecordPlace, identityOf, recordOf } from "./model/record-life.ts";
import type { InspectorTab, Inside } from "./panels/view.ts";
import type { Run } from "./run.ts";

/** What has been chosen to be looked at. */
export interface Choice {
  readonly run: Run;
  readonly inside: Inside;
  readonly selected: number | undefined;
}

/** The record that is meant: chosen, or that of the selected event. */
export const recordIn = ({ inside, selected, run }: Choice): RecordPlace | undefined =>
  inside.record ?? (selected === undefined ? undefined : recordOf(run.recording, selected));

/** An answer, and what it was an answer to. */
export interface Known {
  readonly asked: string;
  readonly record: Identity | undefined;
}

/**
 * Which record it is, while the tab that tells of it is open. `known`: what this said last, since finding it takes a look
 * at every event; the same value again if nothing else was asked.
 */
export function lookedInto(
  choice: Choice & { readonly tab: InspectorTab | undefined },
  count: number,
  known: Known | undefined,
): Known | undefined {
  const place = choice.tab === "record" ? recordIn(choice) : undefined;
  if (place === undefined) return undefined;
  const { recording, id } = choice.run;
  // Which one stands at an offset may change with every event; what an event put there, or a call sent, does not.
  const isFixed = "called" in place || place.event !== undefined;
  const asked = `${id} ${isFixed ? "" : count} ${JSON.stringify(place)}`;
  if (known?.asked === asked && known.record?.crc !== undefined) return known;
  return { asked, record: identityOf(recording, count, place) };
}
