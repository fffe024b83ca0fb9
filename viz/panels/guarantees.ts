/*
 * Cards of the guarantees that matter most (what broke, what is pinned, the three of the lesson): how each stands, how
 * much was checked, and what broke or excused it. All others are one press away.
 */
import { select } from "d3";
import { guarantees } from "#sim";
import type { Density } from "../density.ts";
import { type Recording, eventOf } from "../model/recording.ts";
import { verdictsAt } from "../run.ts";
import { type VerdictChange } from "../worker-messages.ts";
import type { Icon } from "../marks/icons.ts";
import { h, icon, setAttribute, setText } from "./dom.ts";
import { guaranteeList } from "./guarantee-list.ts";
import { promiseDialog } from "./promise-dialog.ts";
import { titleOf } from "./guarantee-titles.ts";
import { standingText } from "./standing.ts";
import type { Actions, LabView } from "./view.ts";

export interface GuaranteesPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

interface Card {
  readonly id: string;
  readonly standing: VerdictChange | undefined;
  /** When it broke, in microseconds. */
  readonly brokenAt: number | undefined;
}

/** How many cards there are at most: what broke, then what somebody has pinned, then the lesson's three. */
const cardsShown: Readonly<Record<Density, number>> = { teach: 3, lab: 5, debug: 6 };

/** Before a class: the lesson's own, and of the others only a promise that was made and is broken. */
function cardsOf({ density, pinned }: LabView, cards: readonly Card[]): readonly Card[] {
  const most = cardsShown[density];
  if (density !== "teach") return cards.slice(0, most);
  const lesson = [...pinned, ...guarantees.slice(0, most).map(({ id }) => id)];
  const isShown = (card: Card): boolean => rank(card, []) === 0 || lesson.includes(card.id);
  return cards.filter(isShown).slice(0, most + 1);
}

const signs: Readonly<Record<VerdictChange["state"], Icon>> = {
  holds: "disc",
  broken: "cross",
  notPromised: "ring",
  notPromisedBroken: "ring",
  open: "dots",
};

export function guaranteesPanel(actions: Actions): GuaranteesPanel {
  const cards = h("div", { class: "cards" });
  const fingerprint = h("p", { class: "fingerprint" });
  const count = h("button", { type: "button", class: "run-count", title: "Every event (I)" });
  count.addEventListener("click", () => actions.inspect("events"));
  const about = h("div", { class: "run-card" }, fingerprint, count);
  const dialog = promiseDialog(actions);
  let latest: LabView | undefined;
  const open = (id: string, standing: VerdictChange | undefined): void => {
    if (latest !== undefined) dialog.open(latest, id, standing);
  };
  const list = guaranteeList(open);
  const more = h("button", { type: "button", class: "more-guarantees" });
  more.addEventListener("click", list.open);
  const element = h("section", { class: "guarantees", "aria-label": "Guarantees" });
  element.append(cards, more, about, list.element, dialog.element);
  fingerprint.title = "The run's fingerprint: same scenario and seed, same hash, everywhere";

  const show = (view: LabView): void => {
    latest = view;
    const { run, player } = view;
    const last = run.recording.events[player.count - 1]?.seq ?? -1;
    const standing = verdictsAt(run, last);
    const data: readonly Card[] = guarantees
      .map(({ id }) => cardOf(id, standing.get(id), run.recording))
      .sort((a, b) => rank(a, view.pinned) - rank(b, view.pinned));
    const shown = cardsOf(view, data);
    select(cards)
      .selectAll<HTMLButtonElement, Card>("button")
      .data(shown, ({ id }) => id)
      .join((enter) => enter.append(() => newCard()))
      .attr("data-guarantee", ({ id }) => id)
      .attr("data-state", ({ standing: now }) => now?.state ?? "open")
      .each(function (card) {
        fillCard(this, card, view.pinned.includes(card.id));
        this.onclick = () => open(card.id, card.standing);
      })
      .order();
    list.show(data);
    setText(more, `+${data.length - shown.length}`);
    setAttribute(
      more,
      "aria-label",
      `+${data.length - shown.length} more: all ${data.length} guarantees`,
    );
    setText(fingerprint, run.hash ?? (run.failure === undefined ? "running …" : "failed"));
    setText(
      count,
      `${run.recording.events.length} events${view.agreement === undefined ? "" : `, ${view.agreement}`}`,
    );
  };
  return { element, show };
}

function cardOf(id: string, standing: VerdictChange | undefined, recording: Recording): Card {
  const broke = standing?.event ?? undefined;
  const brokenAt = broke === undefined ? undefined : eventOf(recording, broke)?.at;
  return { id, standing, brokenAt };
}

function rank({ id, standing }: Card, pinned: readonly string[]): number {
  if (standing?.state === "broken") return 0;
  if (standing?.state === "notPromisedBroken") return 1;
  return pinned.includes(id) ? 2 : 3;
}

function newCard(): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "guarantee" },
    h("span", { class: "glyph", "aria-hidden": "true" }),
    h("span", { class: "promise" }),
    h("span", { class: "evidence" }),
    h(
      "span",
      { class: "pin", title: "Pinned" },
      icon("pin"),
      h("span", { class: "said" }, "pinned"),
    ),
  );
}

function fillCard(
  button: HTMLButtonElement,
  { id, standing, brokenAt }: Card,
  isPinned: boolean,
): void {
  const [glyph, promise, evidence, pin] = button.children;
  if (glyph === undefined || promise === undefined || evidence === undefined) return;
  setAttribute(button, "data-pinned", isPinned ? "" : undefined);
  pin?.toggleAttribute("hidden", !isPinned);
  const sign = signs[standing?.state ?? "open"];
  if (glyph.getAttribute("data-sign") !== sign) {
    glyph.setAttribute("data-sign", sign);
    glyph.replaceChildren(icon(sign));
  }
  setText(promise, titleOf(id));
  setText(evidence, standingText(standing, brokenAt));
  const sentence = guarantees.find((one) => one.id === id)?.sentence ?? "";
  setAttribute(button, "title", sentence);
}
