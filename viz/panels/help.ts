/* Keys and marks, on one page. */
import { h } from "./dom.ts";
import { legend } from "./legend.ts";

const keys: readonly (readonly [string, string])[] = [
  ["Space", "Play or pause"],
  ["→  ←", "One event on or back"],
  ["Shift + → ←", "Next or last thing told"],
  [",  .", "Slower, faster"],
  ["Home  End", "To the start, to the end"],
  ["PgUp  PgDn", "A tenth of the run back or on"],
  ["F  E  U  V", "Next fault, election, truncation, broken promise (Shift: last)"],
  ["K", "Kill the focused node"],
  ["Shift + K", "Cut its power"],
  ["Z  S  T  R", "Pause it, slow it, stop it, start it again"],
  ["D", "Empty its disk"],
  ["X", "Break the network (Shift: isolate the focused node)"],
  ["H", "Heal everything"],
  ["P", "Send a record by hand"],
  ["G", "Change settings"],
  ["J", "The scenario as JSON"],
  ["Y", "Compare with the run without the last change"],
  ["N", "Stop when something happens"],
  ["Ctrl + Z", "Undo (Shift: redo)"],
  ["W", "Why? of what is chosen or told; again: its cause (Shift: back)"],
  ["O", "What the focused process knows (again, or Esc: all)"],
  ["1  2", "To the cluster, to the logs (arrows: from record to record; Enter: its life)"],
  ["/", "Find a record by its offset or key"],
  ["3", "Space–time: who sent what to whom"],
  ["I", "The inspector: every event, and the bytes of messages"],
  ["L", "Share: link, picture, exports"],
  ["Esc", "Close what is open"],
];

export function helpDialog(): HTMLDialogElement {
  const rows = keys.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]);
  const close = h("button", { type: "button" }, "Close");
  const element = h("dialog", { class: "help", "aria-label": "Help" });
  element.append(
    h("h2", {}, "Marks"),
    legend().element,
    h("h2", {}, "Keys"),
    h("dl", {}, ...rows),
    close,
  );
  close.addEventListener("click", () => element.close());
  return element;
}
