/*
 * A process and its machine. The border says what became of it; words say the same. A broker's card lists its
 * replicas: a filled badge where it leads, plain where it follows in sync, struck where it is out.
 */
import { type Selection, select } from "d3";
import type { CardView, ReplicaBadge } from "../model/stage-view.ts";
import { epochFill } from "./epoch.ts";
import type { Box } from "./geometry.ts";
import { eventOf } from "./event-of.ts";
import { icons } from "./icons.ts";

const stateWords: Readonly<Record<CardView["state"], string>> = {
  up: "up",
  paused: "paused",
  stopped: "stopped",
  crashed: "crashed",
  powerLost: "no power",
  failed: "failed",
  unborn: "",
  unknown: "?",
};

export function nodeCard(host: SVGGElement): (view: CardView, box: Box) => void {
  const root = select(host);
  root.append("rect").attr("class", "frame");
  root.append("text").attr("class", "card-name");
  root.append("text").attr("class", "card-state");
  root.append("text").attr("class", "card-role");
  root.append("g").attr("class", "badges");
  root.append("g").attr("class", "facts");
  return (view, box) => {
    const state = view.fenced && view.state === "up" ? "fenced" : view.state;
    const isSmall = box.width < 130 && view.kind !== "controller";
    root
      .attr("class", `card is-${state} kind-${view.kind}`)
      .attr("data-node", view.name)
      .attr("data-event", eventOf(view.event))
      .attr("role", "button")
      .attr("tabindex", 0)
      .attr("transform", `translate(${box.x},${box.y})`);
    root.select("rect").attr("width", box.width).attr("height", box.height).attr("rx", 6);
    root.select("text.card-name").attr("x", 10).attr("y", 23).text(view.name);
    root
      .select("text.card-state")
      .attr("x", box.width - 10)
      .attr("y", 22)
      .text(isSmall && (view.state === "up" || box.width < 60) ? "" : stateText(view, state));
    root
      .select("text.card-role")
      .attr("x", 10)
      .attr("y", 42)
      .text(isSmall && box.width > 60 ? view.kind : "");
    showBadges(root.select<SVGGElement>("g.badges"), view.badges, box);
    showFacts(root.select<SVGGElement>("g.facts"), view, box);
    root.attr("aria-label", label(host, view));
  };
}

const stateText = (view: CardView, state: string): string =>
  view.role ?? (state === "fenced" ? "fenced" : stateWords[view.state]);

/** What is written on it, in its order, so that who speaks to it may say what they see; then what it is. */
function label(card: SVGGElement, view: CardView): string {
  const seen = [...card.querySelectorAll("text")].map(({ textContent }) => textContent.trim());
  const state = stateWords[view.state] || "not started";
  const more = [state, view.kind, ...view.facts].filter((one) => !seen.includes(one));
  return [...seen, ...more].filter((one) => one !== "").join(", ");
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

function showBadges(group: Group, badges: readonly ReplicaBadge[], box: Box): void {
  group
    .selectAll<SVGGElement, ReplicaBadge>("g")
    .data(badges.slice(0, 4), ({ partition }) => partition)
    .join((enter) => {
      const badge = enter.append("g");
      badge.append("rect").attr("rx", 3);
      badge.append("path").attr("d", icons.star);
      badge.append("text").attr("class", "badge-name");
      badge.append("text").attr("class", "badge-word");
      return badge;
    })
    .attr("class", ({ role }) => `badge is-${role}`)
    .attr("data-event", ({ event }) => eventOf(event))
    .attr("transform", (_, index) => `translate(8,${32 + index * 25})`)
    .each(function (badge) {
      const inner = select(this);
      inner
        .select("rect")
        .attr("width", box.width - 16)
        .attr("height", 22)
        .attr("fill", badge.role === "leader" ? epochFill(badge.epoch) : "none");
      inner
        .select("path")
        .attr("transform", `translate(${box.width - 34},3.5) scale(0.95)`)
        .attr("visibility", badge.role === "leader" ? "visible" : "hidden");
      const isNarrow = box.width < 110;
      inner
        .select("text.badge-name")
        .attr("x", 6)
        .attr("y", 16)
        .text(
          isNarrow ? badge.partition.slice(badge.partition.lastIndexOf("-") + 1) : badge.partition,
        );
      inner
        .select("text.badge-word")
        .attr("x", box.width - (badge.role === "leader" ? 40 : 22))
        .attr("y", 16)
        .text(isNarrow ? "" : badge.role === "leader" ? `e${badge.epoch}` : badge.role);
    })
    .order();
}

function showFacts(group: Group, view: CardView, box: Box): void {
  const lines = box.width < 60 ? [] : view.facts.slice(0, 2);
  group
    .selectAll<SVGTextElement, string>("text")
    .data(lines, (_, index) => index)
    .join("text")
    .attr("x", 10)
    .attr("y", (_, index) => box.height - 8 - (lines.length - 1 - index) * 17)
    .text((line) => line);
}
