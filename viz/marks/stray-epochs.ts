/*
 * Behind a replica's records: the epochs of those that stand under another one than the lane above tells there. Round, so
 * that nobody takes a tag for a record.
 */
import { select } from "d3";
import type { EpochRun, RowView } from "../model/strip-view.ts";
import { epochFill } from "./epoch.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

/** A tag, and its place. */
interface Placed extends EpochRun {
  readonly x: number;
  readonly width: number;
}

/** A letter's width as a share of its height. */
const letterWidth = 0.66;
const gap = 3;

export function strayEpochs(
  host: SVGGElement,
  layout: StripLayout,
): (view: RowView, first: number) => void {
  const root = select(host);
  const { row, small } = layout;
  const height = Math.min(row - 6, small + 3);
  return (view, first) => {
    root
      .selectAll<SVGGElement, Placed>("g")
      .data(placed(view, layout, first), ({ from }) => from)
      .join((enter) => {
        const group = enter.append("g").attr("class", "stray-epoch");
        group.append("rect");
        group.append("text");
        group.append("title");
        return group;
      })
      .attr("data-event", ({ event }) => event)
      .attr("transform", ({ x }) => `translate(${x},${(row - 4 - height) / 2})`)
      .each(function ({ epoch, width, from, to }) {
        const tag = select(this);
        const which = to - from === 1 ? `${from}` : `${from}–${to - 1}`;
        tag
          .select("rect")
          .attr("width", width)
          .attr("height", height)
          .attr("rx", height / 2)
          .attr("fill", epochFill(epoch));
        tag
          .select("text")
          .attr("x", width / 2)
          .attr("y", height / 2 + small * 0.36)
          .text(`e${epoch}`);
        tag.select("title").text(`${view.node} has ${which} from epoch ${epoch}`);
      })
      .order();
  };
}

/** One behind the other, as far as there is room. */
function placed(
  { strays, cells, ghosts }: RowView,
  layout: StripLayout,
  first: number,
): readonly Placed[] {
  const last = Math.max(...[...cells, ...ghosts].map(({ offset }) => offset));
  const tags: Placed[] = [];
  let x = columnX(layout, first, last + 1) + gap;
  for (const run of strays) {
    const width = layout.small * letterWidth * (1 + String(run.epoch).length) + 2 * gap - 1;
    if (x + width > layout.gutter + layout.columns * layout.cell) break;
    tags.push({ ...run, x, width });
    x += width + gap;
  }
  return tags;
}
