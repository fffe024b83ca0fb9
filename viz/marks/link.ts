/*
 * The links of the stage: thin where a connection is open, barred where nothing passes, with open ends where connections
 * have fallen silent, coiled where it takes long. While both directions fare alike
 * they are one line; else each is a line of its own, with an arrow, so that the open one can be told from the other.
 */
import { select } from "d3";
import type { LinkView, WayState, WayView } from "../model/links.ts";
import { eventOf } from "./event-of.ts";
import { type Path, type StageLayout, pathBetween, pathText, pointOn } from "./geometry.ts";
import { whenChanged } from "./when-changed.ts";

export function links(
  host: SVGGElement,
): (views: readonly LinkView[], layout: StageLayout) => void {
  const root = select(host).attr("class", "links");
  const show = whenChanged((drawn: readonly Drawn[]) => {
    root
      .selectAll<SVGGElement, Drawn>("g.link")
      .data(drawn, ({ id }) => id)
      .join((enter) => {
        const group = enter.append("g").attr("class", "link");
        group.append("title");
        return group;
      })
      .attr("data-link", ({ id }) => id)
      .attr("role", ({ words }) => (words === "" ? null : "img"))
      .attr("aria-label", ({ words }) => words || null)
      .each(function ({ words, strands }) {
        select(this).select("title").text(words);
        showStrands(this, strands);
      })
      .order();
  });
  return (views, layout) =>
    show(
      views.flatMap((view) => {
        const strands = strandsOf(view, layout);
        return strands.length === 0 ? [] : [{ id: view.id, words: view.words, strands }];
      }),
    );
}

interface Drawn extends Pick<LinkView, "id" | "words"> {
  readonly strands: readonly Strand[];
}

/** A line for both directions, or for one of them. */
interface Strand {
  readonly path: Path;
  readonly state: WayState;
  readonly event: number | undefined;
  readonly isOneWay: boolean;
}

function strandsOf({ ends, ways }: LinkView, layout: StageLayout): readonly Strand[] {
  const [there, back] = ways;
  const strand = ({ from, to, state, event }: WayView, isOneWay: boolean): readonly Strand[] => {
    const path = pathBetween(layout, from, to);
    return path === undefined ? [] : [{ path, state, event, isOneWay }];
  };
  if (there.state !== back.state) return [...strand(there, true), ...strand(back, true)];
  return strand({ ...there, from: ends[0], to: ends[1] }, false);
}

function showStrands(link: SVGGElement, strands: readonly Strand[]): void {
  select(link)
    .selectAll<SVGGElement, Strand>("g.strand")
    .data(strands, (_, index) => index)
    .join((enter) => {
      const group = enter.append("g");
      group.append("path").attr("class", "wire");
      group.append("path").attr("class", "arrow");
      group.append("path").attr("class", "gap");
      group.append("path").attr("class", "ail");
      return group;
    })
    .attr("class", ({ state, isOneWay }) => `strand is-${state}${isOneWay ? " is-one-way" : ""}`)
    .attr("data-event", ({ event }) => (event === undefined ? null : eventOf(event)))
    .each(function ({ path, state, isOneWay }) {
      const group = select(this);
      group.select("path.wire").attr("d", pathText(path));
      group
        .select("path.arrow")
        .attr("d", isOneWay ? "M-7,-5L1,0L-7,5" : "")
        .attr("transform", along(path, 0.72));
      const { gap, mark } = ails[state][isOneWay ? "one" : "both"];
      const place = along(path, 0.5);
      group.select("path.gap").attr("d", gap).attr("transform", place);
      group.select("path.ail").attr("d", mark).attr("transform", place);
    });
}

/** What is drawn on a wire that runs to the right through 0,0, and how much of the wire makes room for it. */
interface Ail {
  readonly mark: string;
  readonly gap: string;
}

const none: Ail = { mark: "", gap: "" };

/** A turn of a coil to the right, and a bit back below it. */
const coil = (turns: number, radius: number): Ail => {
  const [wide, back] = [radius, radius / 2];
  const turn = `a${wide},${radius * 1.6} 0 0 1 ${2 * wide},0`;
  const length = 2 * wide + (turns - 1) * (2 * wide - 2 * back);
  const rest = `a${back},${radius} 0 0 1 ${-2 * back},0${turn}`.repeat(turns - 1);
  const begin = -length / 2;
  return { mark: `M${begin},0${turn}${rest}`, gap: `M${begin},0h${length}` };
};

/** A ring at each of two ends that do not meet. */
const openEnds = (radius: number): Ail => {
  const ring = (x: number): string =>
    `M${x - radius},0a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;
  const apart = 2 * radius + 1;
  return { mark: ring(-apart) + ring(apart), gap: `M${-apart},0h${2 * apart}` };
};

/** Where one direction is drawn by itself the other's wire is near: its marks are smaller. */
const ails: Readonly<Record<WayState, { readonly both: Ail; readonly one: Ail }>> = {
  open: { both: none, one: none },
  cut: { both: { ...none, mark: "M-3,-9v18M3,-9v18" }, one: { ...none, mark: "M0,-6v12" } },
  silent: { both: openEnds(4.5), one: openEnds(2.5) },
  slow: { both: coil(4, 5), one: coil(3, 3) },
};

/** Puts what is drawn around 0,0 on a path, turned as it runs there. */
function along(path: Path, fraction: number): string {
  const { x, y } = pointOn(path, fraction);
  const [a, b] = [pointOn(path, fraction - 0.02), pointOn(path, fraction + 0.02)];
  const degrees = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  return `translate(${round(x)},${round(y)}) rotate(${round(degrees)})`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
