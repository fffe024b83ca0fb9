/* Drawing a line across links on the stage, to cut them; a key and a dialog do the same without a pointer. */
import { type Point } from "../marks/geometry.ts";
import { s } from "./dom.ts";

/** Drawn lines shorter than this are presses (in the drawing's own units). */
const shortest = 14;

/**
 * Listens on the stage; `at` turns a pointer's place into the drawing's. `cut` hears of a line that was drawn. The returned
 * function says whether the press that just ended was such a line, so that it does not count as a click.
 */
export function knife(
  stage: HTMLElement,
  host: SVGElement,
  at: (event: PointerEvent) => Point,
  cut: (from: Point, to: Point) => void,
): () => boolean {
  const line = s("path", { class: "knife", d: "" });
  host.append(line);
  let from: Point | undefined;
  let isDrawn = false;
  const end = (): void => {
    from = undefined;
    line.setAttribute("d", "");
  };
  stage.addEventListener("pointerdown", (event) => {
    isDrawn = false;
    if (event.button !== 0 || (event.target as Element).closest(".card, .palette") !== null) return;
    from = at(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (from === undefined) return;
    const to = at(event);
    if (!isDrawn && Math.hypot(to.x - from.x, to.y - from.y) < shortest) return;
    if (!isDrawn) stage.setPointerCapture(event.pointerId);
    isDrawn = true;
    line.setAttribute("d", `M${from.x},${from.y}L${to.x},${to.y}`);
  });
  stage.addEventListener("pointerup", (event) => {
    const begun = from;
    end();
    if (begun !== undefined && isDrawn) cut(begun, at(event));
  });
  stage.addEventListener("pointercancel", () => {
    isDrawn = false;
    end();
  });
  return () => isDrawn;
}
