/* The cluster on a phone: a chip for every node, and how much is on its way over which link. No dots: they are too small. */
import { select } from "d3";
import type { Place } from "../../marks/geometry.ts";
import { linkCounts, type LinkCount } from "../../model/link-counts.ts";
import { linkWordsByNode } from "../../model/links.ts";
import { type CardView, cardView, stateWords } from "../../model/stage-view.ts";
import type { Icon } from "../../marks/icons.ts";
import { slowClass, stateIcon } from "../../marks/state-icon.ts";
import { h, icon, setAttribute, setText } from "../dom.ts";
import type { Actions, LabView } from "../view.ts";

export interface ChipsPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function chipsPanel(actions: Actions, isShown: () => boolean): ChipsPanel {
  const brokers = h("div", { class: "chip-row" });
  const others = h("div", { class: "chip-row is-others" });
  const links = h("p", { class: "link-counts", tabindex: 0 });
  const element = h("section", { class: "chips", "aria-label": "Cluster, in small" });
  element.append(brokers, others, links);
  const show = (view: LabView): void => {
    if (!isShown()) return;
    const isBroker = ({ kind }: Place): boolean => kind === "broker";
    showChips(brokers, view, view.places.filter(isBroker), actions);
    const rest = view.places.filter((place) => !isBroker(place) && place.kind !== "verifier");
    showChips(others, view, rest, actions);
    showLinks(links, linkCounts(view.seen));
  };
  return { element, show };
}

function showChips(
  row: HTMLElement,
  { seen }: LabView,
  places: readonly Place[],
  actions: Actions,
): void {
  const links = linkWordsByNode(seen);
  const views = places.map(({ name, kind }) => cardView(seen, name, kind));
  select(row)
    .selectAll<HTMLButtonElement, CardView>("button")
    .data(views, ({ name }) => name)
    .join((enter) => enter.append(newChip))
    .each(function (view) {
      const [name, shape, word] = this.children;
      if (name === undefined || shape === undefined || word === undefined) return;
      const isFenced = view.fenced && view.state === "up";
      const stands = isFenced ? "fenced" : view.state;
      this.className = `chip is-${stands}${slowClass(view.state, view.ails ?? [])}`;
      setAttribute(this, "data-node", view.name);
      setAttribute(this, "data-event", String(view.event));
      setText(name, view.name);
      showIcon(shape, stateIcon(view));
      setText(word, isFenced ? "fenced" : wordOf(view));
      const ailing = links.get(view.name);
      const told = [...(view.ails ?? []).map(({ words }) => words), ...(ailing ?? [])];
      const label = [view.name, word.textContent, ...told].join(", ");
      setAttribute(this, "aria-label", told.length === 0 ? undefined : label);
      this.onclick = () => actions.touch(view.name);
    })
    .order();
}

const newChip = (): HTMLButtonElement =>
  h("button", { type: "button" }, h("b", {}), h("i", {}), h("span", {}));

function showIcon(host: Element, name: Icon | undefined): void {
  if (host.getAttribute("data-icon") === (name ?? null)) return;
  setAttribute(host, "data-icon", name);
  host.replaceChildren(...(name === undefined ? [] : [icon(name)]));
}

/** What a node does, where it is well; else what became of it. */
function wordOf({ state, kind, role, badges, ails = [] }: CardView): string {
  if (state !== "up") return stateWords[state] || "not yet";
  const [ail] = ails;
  if (ail !== undefined) return ail.word;
  if (kind !== "broker") return role ?? stateWords.up;
  const leads = badges.filter((badge) => badge.role === "leader").length;
  const out = badges.filter((badge) => badge.role === "out").length;
  if (out > 0) return `out of ${out}`;
  return leads === 0 ? "follows" : `leads ${leads}`;
}

/** A direction that ails alone is told by itself; what is held counts as under way. */
function textOf({ ends: [a, b], ails, count }: LinkCount): string {
  if (ails === undefined) return `${a} – ${b} ${count}`;
  const held = count > 0 ? ` ${count}` : "";
  const [there, back] = ails.ways;
  if (there.state === back.state)
    return `${a} ${there.state === "cut" ? "✕" : "–"} ${b} ${there.state}${held}`;
  const ailing = ails.ways.filter(({ state }) => state !== "open");
  return ailing.map(({ from, to, state }) => `${from} → ${to} ${state}`).join(", ") + held;
}

function showLinks(host: HTMLElement, counts: readonly LinkCount[]): void {
  select(host)
    .selectAll<HTMLSpanElement, LinkCount>("span")
    .data(counts, ({ id }) => id)
    .join("span")
    .attr("class", ({ ails }) => (ails === undefined ? null : "is-ailing"))
    .attr("title", ({ ails }) => ails?.words ?? null)
    .attr("data-event", ({ event }) => event)
    .text(textOf)
    .order();
  host.dataset["empty"] = counts.length === 0 ? "Nothing is on its way" : "";
}
