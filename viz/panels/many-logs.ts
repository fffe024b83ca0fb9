/*
 * The logs of more partitions than have room as cells: small multiples, or a heat strip, in a fixed order. Whichever is
 * focused opens as a strip below (logs.ts).
 */
import type { Scenario } from "#sim";
import { heatColumns, heatPitch, heatTile } from "../marks/heat-tile.ts";
import { multiple, multipleHeight, smallMultiple } from "../marks/small-multiple.ts";
import { type MultipleView, multipleView, runsFinder } from "../model/multiple-view.ts";
import { type PartitionHealth, healthOf } from "../model/partition-health.ts";
import { partitionOf } from "../model/partition-steps.ts";
import { eventOf } from "../model/recording.ts";
import { type LogsSize, logsSizeOf, partitionsOf, topicOf } from "../model/sizes.ts";
import { verdictsAt } from "../run.ts";
import { h } from "./dom.ts";
import { tileGrid } from "./tile-grid.ts";
import type { Actions, LabView } from "./view.ts";

export interface ManyLogs {
  readonly element: HTMLElement;
  /**
   * How many partitions a scenario has decides once and for all how they are drawn. Where only one is shown at a time
   * there is no room for dozens of lines: tiles, then.
   */
  sizeFor(view: LabView, isRoomy: boolean): LogsSize;
  /** Draws in the size that the scenario asks for; `room`: how wide it may be. */
  show(view: LabView, size: LogsSize, room: number, chosen: string | undefined): void;
}

/** Left of a heat strip's rows: the name of the first partition in each. */
const heatGutter = 72;

export function manyLogs(actions: Actions): ManyLogs {
  const choose = (name: string): void => actions.partition(name);
  const heat = tileGrid<PartitionHealth>("Partitions, a tile each", heatTile, choose);
  const small = tileGrid<MultipleView>("Partitions, each in small", smallMultiple, choose);
  const element = h("div", { class: "many" }, heat.element, small.element);
  const namesOf = namesFinder();
  const runsOf = runsFinder();
  const keptHealths = lastViews<PartitionHealth>();
  const kept = lastViews<MultipleView>();
  let turn = 0;

  const show = (view: LabView, size: LogsSize, room: number, chosen: string | undefined): void => {
    element.hidden = size === "cells";
    heat.element.style.display = size === "heat" ? "" : "none";
    small.element.style.display = size === "multiples" ? "" : "none";
    if (size === "cells") return;
    const { seen, run } = view;
    const names = narrowed(namesOf(run.scenario), view);
    const healths = healthOf(seen, run.scenario, names, brokenAt(view));
    if (size === "heat") {
      const columns = fitting(room - heatGutter, heatPitch, heatColumns);
      const layout = { width: heatPitch, height: heatPitch, gutter: heatGutter, columns };
      return heat.show(healths.map(keptHealths.renew), layout, chosen);
    }
    const columns = fitting(room, multiple.width, 6);
    const replicas = Math.max(...run.scenario.topics.map((topic) => topic.replicationFactor));
    const { width } = multiple;
    const layout = { width, height: multipleHeight(replicas), gutter: 0, columns };
    turn = (turn + 1) % turns;
    const isFast = isHasty(view);
    const viewOf = (health: PartitionHealth, index: number): MultipleView => {
      const before = isFast && index % turns !== turn ? kept.last(health.name) : undefined;
      return before ?? kept.renew(multipleView(seen, health, runsOf));
    };
    small.show(healths.map(viewOf), layout, chosen);
  };
  const sizeFor = ({ run }: LabView, isRoomy: boolean): LogsSize => {
    const size = logsSizeOf(namesOf(run.scenario).length);
    return size === "multiples" && !isRoomy ? "heat" : size;
  };
  return { element, show, sizeFor };
}

/** Those of the topic to which the logs are narrowed; a partition is only opened, and the others stay in sight. */
function narrowed(
  names: readonly string[],
  { only, run: { scenario } }: LabView,
): readonly string[] {
  const isTopic = scenario.topics.some(({ name }) => name === only);
  return isTopic ? names.filter((name) => topicOf(name) === only) : names;
}

interface LastViews<View> {
  /** The very view that was made last of a partition, if the new one would show the same. */
  readonly renew: (view: View) => View;
  readonly last: (name: string) => View | undefined;
}

function lastViews<View extends { readonly name: string }>(): LastViews<View> {
  const last = new Map<string, { readonly text: string; readonly view: View }>();
  return {
    renew: (view) => {
      const text = JSON.stringify(view);
      const before = last.get(view.name);
      if (before?.text === text) return before.view;
      last.set(view.name, { text, view });
      return view;
    },
    last: (name) => last.get(name)?.view,
  };
}

/** While time flies a frame renews every third of the small ones: an eye does not see it, and a frame has time for the rest. */
const turns = 3;
/** From this speed on (virtual microseconds a real millisecond) there is news in every frame, so that nothing stays old. */
const hastySpeed = 24;

const isHasty = ({ player: { playing, sweep, speed } }: LabView): boolean =>
  playing && sweep === undefined && speed >= hastySpeed;

const fitting = (room: number, width: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(room / width)));

/** A scenario's names are asked for with every picture. */
function namesFinder(): (scenario: Scenario) => readonly string[] {
  let known: Scenario | undefined;
  let names: readonly string[] = [];
  return (scenario) => {
    if (known !== scenario) names = partitionsOf(scenario);
    known = scenario;
    return names;
  };
}

/** Partitions about which a promise was broken by now. */
function brokenAt({ run, picture }: LabView): ReadonlySet<string> {
  const last = run.recording.events[picture.events - 1]?.seq ?? -1;
  const broken = new Set<string>();
  for (const { state, record, event } of verdictsAt(run, last).values()) {
    if (state !== "broken") continue;
    const showed = event === null ? undefined : eventOf(run.recording, event);
    const name = record?.partition ?? (showed === undefined ? undefined : partitionOf(showed));
    if (name !== undefined) broken.add(name);
  }
  return broken;
}
