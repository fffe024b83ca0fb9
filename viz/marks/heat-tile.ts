/* A partition among hundreds: one tile that tells how it stands. */
import type { PartitionHealth } from "../model/partition-health.ts";
import { healthGlyph } from "./health-glyph.ts";

/** From one tile to the next. */
export const heatPitch = 14;
export const heatColumns = 50;

export function heatTile(host: SVGGElement): (view: PartitionHealth) => void {
  host.setAttribute("transform", "translate(2,2)");
  const show = healthGlyph(host, heatPitch - 4);
  return ({ health, isBroken }) => show(health, isBroken);
}
