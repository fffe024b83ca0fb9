/*
 * Messages that are too fast for an eye, summed up by link: how many left in the last second of the run. All that leaves
 * is counted, so a link's figure is what the trace says.
 */
import type { Micros, NodeName } from "#sim";
import { placeIn } from "./ascending.ts";
import { isHeartbeat } from "./heartbeats.ts";
import { linkName } from "./picture.ts";
import { type Recording, countAt, eventOf } from "./recording.ts";

export interface Flow {
  readonly link: string;
  readonly ends: readonly [NodeName, NodeName];
  readonly perSecond: number;
}

export interface FlowQuestion {
  readonly at: Micros;
  /** Only messages that are under way for less than this. */
  readonly shorterThan: Micros;
  readonly heartbeats: boolean;
  /** Whose own messages count; undefined: everybody's. */
  readonly eyes: NodeName | undefined;
}

const second: Micros = 1_000_000;

/** In the order of their names. */
export function flowsAt(recording: Recording, question: FlowQuestion): readonly Flow[] {
  const { at, shorterThan, heartbeats, eyes } = question;
  const { sent } = recording.flights;
  const flows = new Map<string, Flow>();
  const end = placeIn(sent, seqAfter(recording, at));
  for (let place = placeIn(sent, seqAfter(recording, at - second)); place < end; place += 1) {
    const event = eventOf(recording, sent[place] ?? -1);
    if (event?.type !== "sent" || event.arrival === null) continue;
    if (event.arrival - event.at >= shorterThan || (!heartbeats && isHeartbeat(event))) continue;
    if (eyes !== undefined && event.node !== eyes) continue;
    const link = linkName(event.node, event.to);
    const perSecond = (flows.get(link)?.perSecond ?? 0) + 1;
    const { node, to } = event;
    flows.set(link, { link, ends: node < to ? [node, to] : [to, node], perSecond });
  }
  return [...flows.values()].sort((a, b) => (a.link < b.link ? -1 : 1));
}

/** `seq` of the first event after a time. */
function seqAfter(recording: Recording, at: Micros): number {
  const { events } = recording;
  return events[countAt(recording, at)]?.seq ?? (events.at(-1)?.seq ?? -1) + 1;
}

/** Figures stand for so long, or they could not be read; and so long they need not be counted again. */
const standsFor: Micros = 20_000;

/** Counts anew when the time, the speed or whose eyes these are has changed enough to be seen. */
export function flowsFinder(): (recording: Recording, question: FlowQuestion) => readonly Flow[] {
  let known: Recording | undefined;
  let key = "";
  let flows: readonly Flow[] = [];
  return (recording, question) => {
    const at = Math.floor(question.at / standsFor) * standsFor;
    const asked = `${at} ${question.shorterThan} ${question.heartbeats} ${question.eyes}`;
    if (known !== recording || key !== asked) flows = flowsAt(recording, { ...question, at });
    known = recording;
    key = asked;
    return flows;
  };
}
