/* A process among many: a chip with its name and one fact, or a tile that only tells how it stands. */
import { select } from "d3";
import type { MarkView } from "../model/stage-many.ts";
import { chipSize, tileSize } from "./broker-places.ts";
import { eventOf } from "./event-of.ts";
import type { Box, Form } from "./geometry.ts";
import { standingPaths } from "./standing-glyph.ts";
import { whenChanged } from "./when-changed.ts";

export function nodeMark(host: SVGGElement): (view: MarkView, box: Box, form: Form) => void {
  const root = select(host);
  const title = root.append("title");
  root.append("rect").attr("class", "frame");
  root.append("rect").attr("class", "inline");
  const glyph = root.append("path").attr("class", "standing");
  const name = root.append("text").attr("class", "mark-name").attr("x", 5).attr("y", 16);
  const line = root.append("text").attr("class", "mark-line-text").attr("x", 5).attr("y", 33);
  return whenChanged((view, box, form) => {
    const isChip = form === "chip";
    const size = isChip ? chipSize : tileSize;
    root
      .attr("class", `card mark is-${view.standing} was-${view.state} kind-${view.kind} is-${form}`)
      .attr("data-node", view.name)
      .attr("data-event", eventOf(view.event))
      .attr("role", "button")
      .attr("aria-label", view.words)
      .attr("transform", `translate(${box.x},${box.y}) scale(${box.width / size.width})`);
    title.text(view.words);
    root
      .selectAll("rect")
      .attr("width", size.width)
      .attr("height", size.height)
      .attr("rx", isChip ? 4 : 2);
    glyph
      .attr("d", standingPaths[view.standing])
      .attr("transform", isChip ? `translate(${size.width - 17},4) scale(0.8)` : null);
    name.text(isChip ? view.name : "");
    line.text(isChip ? view.line : "");
  });
}
