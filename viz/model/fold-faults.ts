/* Faults, from strike to heal, and what they make of machines and of the network meanwhile. */
import type { TraceEvent } from "#sim";
import { ailOf } from "./ails.ts";
import { changeNode } from "./fold-nodes.ts";
import type { FaultPicture, Picture, SlowedPicture } from "./picture.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

export function foldFault(picture: Picture, event: Of<"fault">): void {
  const { seq, at, index, targets, sentence } = event;
  const slows = slowedBy(event);
  const fault = { event: seq, at, index, targets, sentence };
  picture.faults.set(index, slows === undefined ? fault : { ...fault, slows });
  if (event.fault.type === "blackHole") silence(picture, event);
  for (const target of targets)
    changeNode(picture, target, ({ kind, ails = [] }) => {
      const ail = ailOf(event, kind);
      return ail === undefined ? {} : { ails: [...ails, ail] };
    });
}

/** The final heal has the index -1; who is left out of it stays as they are, and so does their network. */
export function foldHealed(picture: Picture, { index, left = [] }: Of<"healed">): void {
  for (const { name, ails } of picture.nodes.values()) {
    if (ails === undefined || (index === -1 && left.includes(name))) continue;
    const after = index === -1 ? [] : ails.filter((ail) => ail.index !== index);
    changeNode(picture, name, () => ({ ails: after }));
  }
  if (index !== -1) picture.faults.delete(index);
  else for (const fault of [...picture.faults.values()]) endFault(picture, fault, left);
}

function endFault({ faults }: Picture, fault: FaultPicture, left: readonly string[]): void {
  const { index, slows } = fault;
  if (slows === undefined || left.length === 0) faults.delete(index);
  else faults.set(index, { ...fault, slows: { ...slows, left } });
}

/** What a fault makes of the network as long as it lasts. */
function slowedBy({ fault, sides }: Of<"fault">): SlowedPicture | undefined {
  if (sides === undefined) return undefined;
  if (fault.type !== "delay" && fault.type !== "slowLink") return undefined;
  const oneWay = fault.oneWay === true;
  const words =
    fault.type === "delay"
      ? `takes ${fault.addMs.join(" to ")} ms longer`
      : `carries only ${fault.bytesPerMs} bytes a millisecond`;
  return { sides, oneWay, words };
}

/** Connections that are open between two sides carry nothing until they are closed; later ones do. */
function silence(picture: Picture, { seq, sides }: Of<"fault">): void {
  const [here = [], there = []] = sides ?? [];
  for (const [own, others] of [
    [here, there],
    [there, here],
  ] as const) {
    for (const name of own)
      changeNode(picture, name, ({ connections, silent }) => {
        const hit = [...connections].filter(([, peer]) => others.includes(peer));
        if (hit.length === 0) return {};
        return { silent: new Map([...hit.map(([id]) => [id, seq] as const), ...(silent ?? [])]) };
      });
  }
}
