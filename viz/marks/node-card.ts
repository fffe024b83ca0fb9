/*
 * A process and its machine. The border says what became of it; words say the same. A broker's card lists its
 * replicas: a filled badge where it leads, plain where it follows in sync, struck where it is out.
 */
import { type Selection, select } from "d3";
import { type CardView, type ReplicaBadge, stateWords } from "../model/stage-view.ts";
import { epochFill } from "./epoch.ts";
import type { Box } from "./geometry.ts";
import { eventOf } from "./event-of.ts";
import { icons, isLine } from "./icons.ts";
import { iconEvent, slowClass, stateIcon } from "./state-icon.ts";
import { whenChanged } from "./when-changed.ts";

export function nodeCard(host: SVGGElement): (view: CardView, box: Box) => void {
  const root = select(host);
  root.append("rect").attr("class", "frame");
  root.append("rect").attr("class", "inline");
  root.append("path").attr("class", "card-icon");
  root.append("text").attr("class", "card-name");
  root.append("text").attr("class", "card-state");
  root.append("text").attr("class", "card-role");
  root.append("g").attr("class", "badges");
  root.append("g").attr("class", "facts");
  return whenChanged((view, box) => {
    const state = view.fenced && view.state === "up" ? "fenced" : view.state;
    const { ails = [] } = view;
    const isSmall = box.width < 130 && view.kind !== "controller";
    root
      .attr("class", `card is-${state}${slowClass(view.state, ails)} kind-${view.kind}`)
      .attr("data-node", view.name)
      .attr("data-event", eventOf(view.event))
      .attr("role", "button")
      .attr("tabindex", 0)
      .attr("transform", `translate(${box.x},${box.y})`);
    root.selectAll("rect.frame, rect.inline").attr("width", box.width).attr("height", box.height);
    root.selectAll("rect.frame, rect.inline").attr("rx", 6);
    showIcon(root.select("path.card-icon"), view, box);
    root.select("text.card-name").attr("x", 10).attr("y", 23).text(view.name);
    root
      .select("text.card-state")
      .attr("x", box.width - 10)
      .attr("y", 22)
      .text(isSmall && (isWell(view) || box.width < 60) ? "" : stateText(view, state));
    root
      .select("text.card-role")
      .attr("x", 10)
      .attr("y", 42)
      .text(isSmall && box.width > 60 ? view.kind : "");
    showBadges(root.select<SVGGElement>("g.badges"), view.badges, box);
    showFacts(root.select<SVGGElement>("g.facts"), view, box);
    root.attr("aria-label", label(host, view));
  });
}

const isWell = ({ state, ails = [] }: CardView): boolean => state === "up" && ails.length === 0;

function stateText({ kind, role, ails = [], ...view }: CardView, state: string): string {
  const ail = view.state === "up" && state !== "fenced" ? ails[0]?.word : undefined;
  // A client's role stands among its facts as well.
  if (kind === "controller") return role ?? ail ?? wordOf(view.state, state);
  return ail ?? role ?? wordOf(view.state, state);
}

const wordOf = (state: CardView["state"], shown: string): string =>
  shown === "fenced" ? shown : stateWords[state];

/** A shape for what a process is, if it is not well: behind its name. */
function showIcon(
  path:
    | Selection<SVGPathElement, unknown, null, undefined>
    | Selection<SVGPathElement, unknown, SVGGElement, unknown>,
  view: CardView,
  box: Box,
): void {
  const icon = stateIcon(view);
  const isNarrow = box.width < 60;
  // On a small card the word beside it needs the room.
  const air = box.width < 130 ? 14 : 19;
  const x = isNarrow ? box.width - 12 : air + view.name.length * 11;
  path
    .attr("d", icon === undefined ? "" : icons[icon])
    .attr("class", `card-icon${icon !== undefined && isLine(icon) ? " is-line" : ""}`)
    .attr("data-event", icon === undefined ? null : eventOf(iconEvent(view)))
    .attr("transform", `translate(${x},${isNarrow ? 12 : 10}) scale(${isNarrow ? 0.6 : 0.9})`);
}

/** What is written on it, in its order, so that who speaks to it may say what they see; then what it is. */
function label(card: SVGGElement, view: CardView): string {
  const seen = [...card.querySelectorAll("text")].map(({ textContent }) => textContent.trim());
  const state = stateWords[view.state] || "not started";
  const ails = (view.ails ?? []).flatMap(({ word, words }) => [word, words]);
  const more = [state, view.kind, ...ails, ...view.facts, ...(view.links ?? [])].filter(
    (one) => !seen.includes(one),
  );
  return [...seen, ...more].filter((one) => one !== "").join(", ");
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** Where badges stand on a card: below each other, in two columns where the card is low. */
interface BadgeLayout {
  readonly top: number;
  readonly pitch: number;
  readonly columns: number;
  readonly width: number;
  readonly room: number;
}

function badgeLayout(box: Box, badges: number): BadgeLayout {
  const isLow = box.height < 100;
  const [top, pitch] = isLow ? [27, 21] : [32, 25];
  const rows = Math.max(1, Math.floor((box.height - top - 4) / pitch));
  const columns = badges > rows ? 2 : 1;
  const width = (box.width - 16 - (columns - 1) * 4) / columns;
  return { top, pitch, columns, width, room: rows * columns };
}

/** More replicas than badges have room are summed up in facts (stage-view.ts). */
export const badgeRoom = (box: Box): number => badgeLayout(box, Infinity).room;

function showBadges(group: Group, badges: readonly ReplicaBadge[], box: Box): void {
  const { top, pitch, columns, width } = badgeLayout(box, badges.length);
  group
    .selectAll<SVGGElement, ReplicaBadge>("g")
    .data(badges, ({ partition }) => partition)
    .join((enter) => {
      const badge = enter.append("g");
      badge.append("rect").attr("rx", 3);
      badge.append("path").attr("d", icons.star);
      badge.append("text").attr("class", "badge-name").attr("x", 6);
      badge.append("text").attr("class", "badge-word");
      return badge;
    })
    .attr(
      "class",
      ({ role }) => `badge is-${role}${columns > 1 || box.width < 110 ? " is-narrow" : ""}`,
    )
    .attr("data-event", ({ event }) => eventOf(event))
    .attr("transform", (_, index) => {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      return `translate(${8 + column * (width + 4)},${top + row * pitch})`;
    })
    .each(function (badge) {
      const inner = select(this);
      const leads = badge.role === "leader";
      const middle = (pitch - 3) / 2;
      const isNarrow = columns > 1 || box.width < 110;
      inner
        .select("rect")
        .attr("width", width)
        .attr("height", pitch - 3)
        .attr("fill", leads ? epochFill(badge.epoch) : "none");
      const star = isNarrow ? width - 13 : width - 18;
      inner
        .select("path")
        .attr("transform", `translate(${star},${middle - 7.5}) scale(${isNarrow ? 0.7 : 0.95})`)
        .attr("visibility", leads ? "visible" : "hidden");
      inner
        .select("text.badge-name")
        .attr("y", middle + 5)
        .text(isNarrow ? shortened(badge.partition, lettersIn(width, leads)) : badge.partition);
      inner
        .select("text.badge-word")
        .attr("x", leads ? width - 24 : width - 6)
        .attr("y", middle + 5)
        .text(isNarrow ? "" : leads ? `e${badge.epoch}` : badge.role);
    })
    .order();
}

/** Letters of a badge's name that fit beside its star. */
const lettersIn = (width: number, leads: boolean): number =>
  Math.floor((width - (leads ? 20 : 8)) / 6.4);

/** Keeps the partition's number, by which it is told from the others of its topic. */
function shortened(partition: string, most: number): string {
  if (partition.length <= most) return partition;
  const number = partition.slice(partition.lastIndexOf("-"));
  return `${partition.slice(0, Math.max(1, most - number.length - 1))}…${number}`;
}

function showFacts(group: Group, view: CardView, box: Box): void {
  // Facts have the room that badges leave.
  const badged = badgeLayout(box, view.badges.length);
  const used = badged.top + Math.ceil(view.badges.length / badged.columns) * badged.pitch;
  const others = view.kind === "controller" ? 1 : 2;
  const room = view.kind === "broker" ? Math.floor((box.height - used - 2) / 17) : others;
  const lines = box.width < 60 ? [] : view.facts.slice(0, Math.max(0, room));
  group
    .selectAll<SVGTextElement, string>("text")
    .data(lines, (_, index) => index)
    .join("text")
    .attr("x", 10)
    .attr("y", (_, index) => box.height - 8 - (lines.length - 1 - index) * 17)
    .text((line) => line);
}
