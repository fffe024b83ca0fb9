/* On a phone one partition is shown: arrows and swipes turn to the next. */
import type { PartitionPicture } from "../../model/picture.ts";
import { h, iconButton, setText } from "../dom.ts";
import type { Actions } from "../view.ts";

export interface Pager {
  readonly element: HTMLElement;
  /** `chosen` is one of `all`; none of either: there is nothing to turn. */
  show(all: readonly PartitionPicture[], chosen: PartitionPicture | undefined, head: string): void;
}

/** A finger that went less far, or more up than sideways, has not swiped. */
const shortestSwipe = 40;

/** `swiped`: where a finger turns the page. */
export function pager(actions: Actions, swiped: HTMLElement): Pager {
  const back = iconButton("back", "Partition before", undefined, () => turn(-1));
  const on = iconButton("on", "Next partition", undefined, () => turn(1));
  const head = h("h2", {});
  const count = h("p", {});
  const element = h("nav", { class: "pager", "aria-label": "Partition" });
  element.append(back, h("div", {}, head, count), on);
  let names: readonly string[] = [];
  let at = -1;
  const turn = (step: 1 | -1): void => {
    const name = names[at + step];
    if (name !== undefined) actions.partition(name);
  };
  let from: { readonly x: number; readonly y: number } | undefined;
  swiped.addEventListener("pointerdown", ({ clientX: x, clientY: y, pointerType }) => {
    from = pointerType === "mouse" ? undefined : { x, y };
  });
  swiped.addEventListener("pointerup", ({ clientX, clientY }) => {
    if (from === undefined || element.hidden) return;
    const [across, down] = [clientX - from.x, clientY - from.y];
    if (Math.abs(across) > shortestSwipe && Math.abs(across) > 2 * Math.abs(down))
      turn(across < 0 ? 1 : -1);
  });
  const show: Pager["show"] = (all, chosen, text) => {
    names = all.map(({ name }) => name);
    at = chosen === undefined ? -1 : all.indexOf(chosen);
    setText(head, text);
    setText(count, all.length > 1 ? `${at + 1} of ${all.length}` : "");
    back.disabled = at <= 0;
    on.disabled = at === all.length - 1;
  };
  return { element, show };
}
