/*
 * Looks into processes for whoever asked for it: between two steps, at no cost of time, and without a trace.
 */
import type { CoreEvent } from "#core";
import type { Moment } from "../audit/audit.ts";
import { DiskView } from "./disk/view.ts";
import type { Run } from "./runtime.ts";
import type { Node } from "./state.ts";

/** A process told of something: perhaps that is a reason to look. */
export function auditTold(run: Run, node: Node, event: CoreEvent): void {
  if (run.auditor !== undefined) audit(run, node, { type: "told", event });
}

/** The run is over: looks into every broker and controller that lives. */
export function auditAll(run: Run): void {
  if (run.auditor === undefined) return;
  for (const node of run.world.nodes)
    audit(run, node, { type: "end", healed: run.world.healed.includes(node.index) });
}

function audit(run: Run, node: Node, moment: Moment): void {
  const { auditor, world, runtime } = run;
  const { kind, name } = node.spec;
  const look = runtime.machines.look;
  if (auditor === undefined || look === undefined || !node.up) return;
  if (kind !== "broker" && kind !== "controller") return;
  const seq = world.tape.seq - 1;
  for (const body of look(kind, node.process, new DiskView(node.disk), moment))
    auditor({ seq, at: world.now, node: name, ...body });
}
