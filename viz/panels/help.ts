/* What the scenario is about, words, marks and keys, on one page. */
import type { Scenario } from "#sim";
import { icons } from "../marks/icons.ts";
import { turnPaths } from "../marks/timeline.ts";
import { h, icon, iconButton, s, setText } from "./dom.ts";
import { outcomes, pagesBeside, turnWords, words } from "./help-words.ts";
import { legendInFull } from "./legend.ts";
import { messagesInFull } from "./messages-in-full.ts";

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
  [
    "Y",
    "Fork here and compare; with a change made, compare with the run without it (or drag the timeline up)",
  ],
  ["N", "Stop when something happens"],
  ["Ctrl + Z", "Undo (Shift: redo)"],
  ["W", "Why? of what is chosen or told; again: its cause (Shift: back)"],
  ["O", "What the focused process knows (again, or Esc: all)"],
  ["1  2", "To the cluster, to the logs (arrows: from record to record; Enter: its life)"],
  ["C", "What stands in the cells: key, value, time, producer, size"],
  ["/", "Find a record by its offset or key"],
  ["3", "Space–time: who sent what to whom"],
  ["I", "The inspector: every event, and the bytes of messages"],
  ["A", "Cluster, logs, timeline and guarantees as tables"],
  ["L", "Share: link, picture, exports"],
  ["Esc", "Close what is open (or press beside it)"],
];

export interface HelpDialog {
  readonly element: HTMLDialogElement;
  /** From its top, which says what `scenario` is about. */
  open(scenario: Scenario): void;
}

/** `isPage`: the lab is the page, so that others lie beside it. */
export function helpDialog(isPage: boolean): HelpDialog {
  // Takes the focus, so that the dialog is not scrolled to its first button, which is its last line.
  const title = h("h2", { tabindex: -1, autofocus: true });
  const about = h("p", { class: "help-about" });
  const close = h("button", { type: "button" }, "Close");
  const element = h("dialog", { closedby: "any", class: "help", "aria-label": "Help" });
  const leave = iconButton("cross", "Put the help away", "Esc", () => element.close());
  leave.classList.add("help-leave");
  element.append(
    leave,
    ...[title, about, ...(isPage ? linksBeside() : [])],
    ...[h("h2", {}, "Words"), wordsInFull()],
    ...[h("h2", {}, "Marks of the logs"), legendInFull()],
    ...[h("h2", {}, "Messages"), messagesInFull()],
    ...[h("h2", {}, "Timeline"), pairs(turnsInWords())],
    ...[h("h2", {}, "Guarantees"), pairs(outcomes.map(([sign, meaning]) => [icon(sign), meaning]))],
    ...[h("h2", {}, "Keys"), pairs(keys.map(([key, what]) => [h("kbd", {}, key), what]))],
    close,
  );
  close.addEventListener("click", () => element.close());
  const open = (scenario: Scenario): void => {
    setText(title, scenario.title || scenario.name);
    setText(about, scenario.about);
    element.showModal();
    element.scrollTop = 0;
  };
  return { element, open };
}

const wordsInFull = (): HTMLElement =>
  h(
    "ul",
    { class: "marks-in-full", "aria-label": "Words" },
    ...words.map(([word, meaning]) => h("li", {}, h("span", {}, h("b", {}, word), `: ${meaning}`))),
  );

const pairs = (all: readonly (readonly [Node, string])[]): HTMLElement =>
  h("dl", {}, ...all.flatMap(([mark, meaning]) => [h("dt", {}, mark), h("dd", {}, meaning)]));

function turnsInWords(): readonly (readonly [Node, string])[] {
  const bar = s("g", { class: "fault-bars" }, s("rect", { x: 1, y: 3, width: 14, height: 10 }));
  const broken = s("path", { class: "violation", d: icons.cross });
  const turns = Object.entries(turnWords).map(([kind, meaning]): readonly [Node, string] => [
    glyph(s("path", { class: `turn is-${kind}`, d: turnPaths[kind as keyof typeof turnWords] })),
    meaning,
  ]);
  return [
    [glyph(bar), "a fault, from its strike to its heal"],
    ...turns,
    [glyph(broken), "a promise is broken; thin: it was not promised here"],
  ];
}

const glyph = (drawn: Node): Node =>
  s("svg", { viewBox: "0 0 16 16", class: "help-glyph", "aria-hidden": "true" }, drawn);

function linksBeside(): readonly Node[] {
  const pages = pagesBeside(location.href);
  if (pages.length === 0) return [];
  const links = pages.map(({ name, href }) => h("a", { href }, name));
  return [h("p", { class: "help-links" }, ...links)];
}
