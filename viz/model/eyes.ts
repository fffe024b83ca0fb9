/*
 * The lens: a picture with the eyes of one process. What is in it is what that process has said itself in the trace, or
 * has followed in the metadata log; everything else is left out, so that the marks that draw pictures cannot tell it.
 * An observer's knowledge (who is really up, whether two logs differ, what is on a platter) is nobody's own.
 */
import type { NodeName } from "#sim";
import type {
  MessagePicture,
  NodePicture,
  PartitionPicture,
  Picture,
  StripPicture,
} from "./picture.ts";
import { without } from "../without.ts";
import { type Recording, eventOf } from "./recording.ts";

/** What a process believes of a partition. */
type Belief = Pick<PartitionPicture, "leader" | "epoch" | "isr" | "elr" | "event">;

const noBelief: Belief = { leader: -1, epoch: -1, isr: [], elr: [], event: -1 };

/** `picture` is the whole truth at a moment of the run that `recording` holds. */
export function seenBy(recording: Recording, picture: Picture, name: NodeName): Picture {
  const self = picture.nodes.get(name);
  // Whoever is down knows nothing.
  const knows = self?.state === "up" || self?.state === "paused" ? self : undefined;
  const partitions = new Map(
    [...picture.partitions].map(([key, partition]) => [
      key,
      partitionSeen(recording, partition, name, knows, picture.events),
    ]),
  );
  return {
    ...picture,
    eyes: name,
    nodes: new Map(self === undefined ? [] : [[name, selfSeen(self)]]),
    cuts: new Map(),
    faults: new Map(),
    // Where a record stands of which it does not know whether it does, it does not know either.
    unsure: new Map(),
    messages: new Map([...picture.messages].filter(([, message]) => isOwn(message, name))),
    partitions,
  };
}

/** Whether the controllers trust it, they know; that its machine ails or its connections carry nothing, nobody tells it. */
const selfSeen = (self: NodePicture): NodePicture =>
  without(without(without(self, "fenced"), "silent"), "ails");

/** It knows what it has sent; what is on its way to it, it does not know yet. */
const isOwn = ({ from }: MessagePicture, name: NodeName): boolean => from === name;

function partitionSeen(
  recording: Recording,
  partition: PartitionPicture,
  name: NodeName,
  self: NodePicture | undefined,
  count: number,
): PartitionPicture {
  const own = self === undefined ? undefined : partition.strips.get(name);
  return {
    ...partition,
    ...(self === undefined ? noBelief : beliefOf(recording, partition, self, own, count)),
    strips: new Map(own === undefined ? [] : [[name, stripSeen(own)]]),
    told: new Map(
      [...partition.told].flatMap(([offset, all]) => {
        const heard = self === undefined ? [] : all.filter(({ node }) => node === name);
        return heard.length === 0 ? [] : [[offset, heard] as const];
      }),
    ),
  };
}

/** By the replica's own last role, or by as much of the metadata log as the process has followed: whichever it learned last. */
function beliefOf(
  recording: Recording,
  { name }: PartitionPicture,
  self: NodePicture,
  own: StripPicture | undefined,
  count: number,
): Belief {
  const followed = followedBelief(recording, name, self, count);
  if (own === undefined || own.event < 0) return followed;
  const { leader, epoch, isr, event } = own;
  const isNews = followed.epoch >= epoch && followed.event > event;
  return isNews ? followed : { leader, epoch, isr, elr: [], event };
}

function followedBelief(
  recording: Recording,
  name: string,
  { metadata }: NodePicture,
  count: number,
): Belief {
  if (metadata === undefined) return noBelief;
  const known = recording.changes.findLast((seq) => {
    const event = eventOf(recording, seq);
    if (event?.type !== "note" || event.event.type !== "partitionChanged") return false;
    if (seq - (recording.events[0]?.seq ?? 0) >= count) return false;
    return event.event.partition === name && event.event.at < metadata;
  });
  const change = known === undefined ? undefined : eventOf(recording, known);
  if (change?.type !== "note" || change.event.type !== "partitionChanged") return noBelief;
  const { leader, epoch, isr, elr } = change.event;
  return { leader, epoch, isr, elr, event: change.seq };
}

/** Its own log. It cannot know what the operating system has written back, nor what a disk has lost. */
function stripSeen(strip: StripPicture): StripPicture {
  const { ghost, ...rest } = strip;
  const seen = { ...rest, synced: new Map() };
  return ghost === undefined || ghost.reason === "disk" ? seen : { ...seen, ghost };
}

/** Whose eyes these are, and what that means, in a line. */
export function eyesText(picture: Picture, name: NodeName): string {
  const state = picture.nodes.get(name)?.state;
  if (state === undefined) return `${name} has not started: it knows nothing`;
  if (state !== "up" && state !== "paused") return `${name} is down: it knows nothing`;
  return `With the eyes of ${name}: only what it knows itself`;
}
