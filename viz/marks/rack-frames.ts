/* The racks of the stage: a frame around the brokers of each, with its name and how many of them are down. */
import { select } from "d3";
import type { RackView } from "../model/stage-many.ts";
import { eventOf } from "./event-of.ts";
import type { RackFrame } from "./racks.ts";

type Framed = RackView & { readonly frame: RackFrame };

export function rackFrames(host: SVGGElement): (views: readonly Framed[]) => void {
  const root = select(host).attr("class", "racks");
  return (views) => {
    root
      .selectAll<SVGGElement, Framed>("g")
      .data(views, ({ rack }) => rack)
      .join((enter) => {
        const rack = enter.append("g");
        rack.append("rect").attr("rx", 6);
        rack.append("text").attr("class", "rack-name").attr("x", 8).attr("y", 13);
        rack.append("text").attr("class", "rack-down").attr("y", 13).attr("text-anchor", "end");
        return rack;
      })
      .attr("class", "rack")
      .attr("data-rack", ({ rack }) => rack)
      .attr("data-event", ({ event }) => eventOf(event))
      .attr("transform", ({ frame: { x, y } }) => `translate(${x},${y})`)
      .each(function ({ frame, rack, down }) {
        const group = select(this);
        group.select("rect").attr("width", frame.width).attr("height", frame.height);
        const name = shortened(rack === "" ? "no rack" : rack, frame.width - 16);
        group.select(".rack-name").text(name);
        // Where there is no room for it, the marks inside tell it alone.
        const isRoom = name.length * letter + downWidth <= frame.width - 16;
        group
          .select(".rack-down")
          .attr("x", frame.width - 8)
          .text(down === 0 || !isRoom ? "" : `${down} down`);
      });
  };
}

/** Of "12 down", and of a letter. */
const downWidth = 50;
const letter = 7;

const shortened = (name: string, room: number): string => {
  const most = Math.max(1, Math.floor(room / letter));
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
};
