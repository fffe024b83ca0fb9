/*
 * How a partition stands, as a small square: empty = all in sync, lower half filled = under-replicated, filled = under
 * min ISR, × = offline, dotted = not created; a ring around it = a promise is broken.
 */
import { select } from "d3";
import type { Health } from "../model/partition-health.ts";

/** `size`: of the square without its ring. */
export function healthGlyph(
  host: SVGGElement,
  size: number,
): (health: Health, isBroken: boolean) => void {
  const root = select(host);
  const frame = root.append("rect").attr("class", "health-frame").attr("width", size);
  const inside = root.append("path").attr("class", "health-inside");
  const ring = root.append("rect").attr("class", "health-ring").attr("rx", 3);
  frame.attr("height", size);
  ring.attr("x", -2).attr("y", -2);
  let drawn = "";
  return (health, isBroken) => {
    if (drawn === `${health} ${isBroken}`) return;
    drawn = `${health} ${isBroken}`;
    root.attr("class", `health is-${health}`);
    inside.attr("d", insides[health](size));
    const side = isBroken ? size + 4 : 0;
    ring.attr("width", side).attr("height", side);
  };
}

const insides: Readonly<Record<Health, (size: number) => string>> = {
  full: () => "",
  under: (size) => `M0,${size / 2}H${size}V${size}H0z`,
  belowMin: (size) => `M0,0H${size}V${size}H0z`,
  offline: (size) => `M2,2L${size - 2},${size - 2}M${size - 2},2L2,${size - 2}`,
  absent: () => "",
};
