/*
 * Dragging over the timeline: sideways through time, and upward out of it to fork there. While the pointer is above the
 * lanes time stands still, and words at the playhead say what letting go does; Escape, or coming back down, leaves the run
 * as it is.
 */
import { h, setText } from "./dom.ts";

export interface Drag {
  /** A press, before anything moves. */
  press(event: PointerEvent): void;
  seek(event: PointerEvent): void;
  /** The pointer has left the lanes upward. */
  hold(): void;
  /** What letting go up here does. */
  words(): string;
  lift(): void;
}

/** How far above the lanes, and above where it began, a pointer counts as lifted. */
const leastLift = { mouse: 14, touch: 26 } as const;
/** A finger that goes straight up wavers by so much, and means the time at which it began. */
const waver = 10;

export interface DragWords {
  /** To be placed at the playhead. */
  readonly element: HTMLElement;
  /** Asks once more what letting go does, if the pointer is up there. */
  show(): void;
}

export function dragOver(lanes: HTMLElement, drag: Drag): DragWords {
  const words = h("p", { class: "lift-words", role: "status" });
  words.hidden = true;
  let start: PointerEvent | undefined;
  const isLifted = (): boolean => words.hidden === false;
  const show = (): void => {
    if (isLifted()) setText(words, drag.words());
  };
  const lift = (lifted: boolean): void => {
    if (lifted && !isLifted()) drag.hold();
    words.hidden = !lifted;
    lanes.classList.toggle("is-lifted", lifted);
    show();
  };
  const leave = (): void => {
    start = undefined;
    lift(false);
  };
  lanes.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    lanes.setPointerCapture(event.pointerId);
    start = event;
    drag.press(event);
  });
  lanes.addEventListener("pointermove", (event) => {
    if (start === undefined || !lanes.hasPointerCapture(event.pointerId)) return;
    const risen = start.clientY - event.clientY;
    const aside = Math.abs(event.clientX - start.clientX);
    const least = leastLift[event.pointerType === "touch" ? "touch" : "mouse"];
    const above = lanes.getBoundingClientRect().top - event.clientY;
    lift(Math.min(risen, above) >= least);
    const isStraight = aside < waver && risen > aside;
    if (!isLifted() && !isStraight && event.movementX !== 0) drag.seek(event);
  });
  lanes.addEventListener("pointerup", () => {
    const lifted = isLifted();
    leave();
    if (lifted) drag.lift();
  });
  lanes.addEventListener("pointercancel", leave);
  lanes.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isLifted()) return;
    event.stopPropagation();
    leave();
  });
  return { element: words, show };
}
