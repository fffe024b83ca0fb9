/* What the stage's small marks mean, what the one that is looked at stands for, and what is not drawn one by one. */
import { select } from "d3";
import type { StageLayout } from "../marks/geometry.ts";
import { standingPaths, standingWords } from "../marks/standing-glyph.ts";
import { s, setText } from "./dom.ts";

export interface StageWords {
  readonly element: SVGGElement;
  show(layout: StageLayout, open: number): void;
  tell(words: string | undefined): void;
}

export function stageWords(): StageWords {
  const legend = s("g", { class: "stage-legend", "aria-hidden": "true" });
  const line = s("text", { class: "stage-told", x: 10 });
  const element = s("g", { class: "stage-words" });
  let usual = "";
  let looked: string | undefined;
  const write = (): void => setText(line, looked ?? usual);
  drawLegend(legend);
  const show = ({ size, words }: StageLayout, open: number): void => {
    // Cards say themselves what they mean.
    if (size === "cards") return element.replaceChildren();
    if (!element.hasChildNodes()) element.append(legend, line);
    legend.setAttribute("transform", `translate(8,${words - 11})`);
    line.setAttribute("y", String(words + 18));
    usual = `${open} pairs of nodes are connected; only links that ail are drawn`;
    write();
  };
  const tell = (words: string | undefined): void => {
    looked = words;
    write();
  };
  return { element, show, tell };
}

/** Beside each other, as wide as their words. */
function drawLegend(host: SVGGElement): void {
  let x = 0;
  for (const [standing, word] of standingWords) {
    const item = select(host).append("g").attr("transform", `translate(${x},0)`);
    const mark = item.append("g").attr("class", `mark is-${standing} is-tile`);
    mark.attr("transform", "scale(0.8)");
    for (const rect of ["frame", "inline"])
      mark.append("rect").attr("class", rect).attr("width", 16).attr("height", 16).attr("rx", 2);
    mark.append("path").attr("class", "standing").attr("d", standingPaths[standing]);
    item.append("text").attr("x", 17).attr("y", 11).text(word);
    x += 17 + word.length * 7.4 + 8;
  }
}
