/* A card for every guarantee: how it stands now, how much was checked, and what broke or excused it. */
import { select } from "d3";
import { type VerdictChange } from "../worker-messages.ts";
import { verdictsAt } from "../run.ts";
import { h, setText } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface GuaranteesPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

interface Card {
  readonly id: string;
  readonly sentence: string;
  readonly standing: VerdictChange | undefined;
}

const glyphs: Readonly<Record<VerdictChange["state"], string>> = {
  holds: "●",
  broken: "✕",
  notPromised: "◌",
  open: "…",
};

export function guaranteesPanel(actions: Actions): GuaranteesPanel {
  const cards = h("div", { class: "cards" });
  const fingerprint = h("p", { class: "fingerprint" });
  const count = h("p", { class: "run-count" });
  const about = h("div", { class: "run-card" }, fingerprint, count);
  const element = h("section", { class: "guarantees", "aria-label": "Guarantees" }, cards, about);

  const show = (view: LabView): void => {
    const { run, player } = view;
    const last = run.recording.events[player.count - 1]?.seq ?? -1;
    const standing = verdictsAt(run, last);
    const data: readonly Card[] = run.guarantees
      .map(({ id, sentence }) => ({ id, sentence, standing: standing.get(id) }))
      .sort((a, b) => rank(a) - rank(b));
    select(cards)
      .selectAll<HTMLButtonElement, Card>("button")
      .data(data, ({ id }) => id)
      .join((enter) => enter.append(() => newCard()))
      .attr("data-guarantee", ({ id }) => id)
      .attr("data-state", ({ standing: now }) => now?.state ?? "open")
      .each(function (card) {
        fillCard(this, card);
        this.onclick = () => {
          const [first] = card.standing?.events ?? [];
          if (first !== undefined) actions.select(first);
        };
      })
      .order();
    setText(fingerprint, run.hash === undefined ? "running …" : run.hash);
    fingerprint.title = "The run's fingerprint: same scenario and seed, same hash, everywhere";
    setText(count, `${run.recording.events.length.toLocaleString("en")} events`);
  };
  return { element, show };
}

const rank = ({ standing }: Card): number => (standing?.state === "broken" ? 0 : 1);

function newCard(): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "guarantee" },
    h("span", { class: "glyph", "aria-hidden": "true" }),
    h("span", { class: "promise" }),
    h("span", { class: "evidence" }),
  );
}

function fillCard(button: HTMLButtonElement, { sentence, standing }: Card): void {
  const state = standing?.state ?? "open";
  const [glyph, promise, evidence] = button.children;
  if (glyph === undefined || promise === undefined || evidence === undefined) return;
  setText(glyph, glyphs[state]);
  setText(promise, sentence);
  setText(evidence, evidenceText(standing));
}

function evidenceText(standing: VerdictChange | undefined): string {
  if (standing === undefined) return "nothing to judge yet";
  const { state, checked, precondition, evidence } = standing;
  switch (state) {
    case "holds":
      return `holds so far · ${checked} checked`;
    case "broken":
      return `broken · ${evidence ?? ""}`;
    case "notPromised":
      return `not promised here: ${precondition ?? ""}`;
    case "open":
      return `open · ${checked} to be judged at the end`;
  }
}
