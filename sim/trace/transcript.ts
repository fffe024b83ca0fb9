/*
 * A run as a story for people: what struck, who was elected, what was cut, what was acknowledged in between; the last
 * line is the verdict.
 */
import { type CoreEvent, metadataTopic } from "#core";
import type { Judgement } from "../guarantees/guarantee.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "./events.ts";

const maxLines = 60;
const headAndTail = 6;

interface Teller {
  readonly lines: string[];
  /** Acknowledged since the last line. */
  acknowledged: number;
  unsure: number;
  /** Ids of the controllers, in the order of their names. */
  readonly controllers: readonly number[];
  /** By candidate and epoch: which other controllers voted for it. */
  readonly votes: Map<string, string[]>;
}

/** The lines of a run's story, at most 60. */
export function transcriptOf(
  scenario: Scenario,
  events: readonly TraceEvent[],
  verdict: Judgement,
): string[] {
  const controllers = scenario.cluster.controllers.map(({ id }) => id);
  const teller: Teller = {
    lines: [],
    acknowledged: 0,
    unsure: 0,
    controllers,
    votes: new Map(),
  };
  for (const event of events) tell(teller, event);
  flush(teller);
  const lines = shortened(teller.lines, maxLines - headAndTail);
  const { cluster, topics, workload, seed } = scenario;
  const about = topics.length === 0 ? "no topic" : topics.map(topicLine).join("; ");
  const head = [
    `${scenario.name}, seed ${seed}: ${cluster.brokers.length} brokers, ${about}.`,
    ...workload.producers.map(
      ({ name, config }) => `${name} sends with acks=${config.acks ?? "all"}.`,
    ),
    "",
  ];
  return [...head.slice(0, headAndTail - 2), ...lines, "", verdictLine(verdict)];
}

function topicLine({
  name,
  partitions,
  replicationFactor,
  config,
}: Scenario["topics"][number]): string {
  const least = config["min.insync.replicas"] ?? 1;
  const unclean =
    config["unclean.leader.election.enable"] === true ? ", unclean elections allowed" : "";
  return `${name} with ${partitions} × ${replicationFactor} replicas, min.insync.replicas=${least}${unclean}`;
}

export const verdictLine = ({ id, standing, evidence }: Judgement): string =>
  `${standing === "broken" || standing === "notPromisedBroken" ? "✗ broken" : "✓ holds"} ${id}: ${evidence}`;

function tell(teller: Teller, event: TraceEvent): void {
  if (event.type === "result") {
    if (event.outcome.type === "acknowledged") teller.acknowledged += 1;
    if (event.outcome.type === "unknown") teller.unsure += 1;
    return;
  }
  const text = sentence(teller, event);
  if (text === undefined) return;
  flush(teller);
  teller.lines.push(`${(event.at / 1000).toFixed(3).padStart(10)} ms  ${text}`);
}

function flush(teller: Teller): void {
  const parts: string[] = [];
  if (teller.acknowledged > 0) parts.push(`${teller.acknowledged} records acknowledged`);
  if (teller.unsure > 0) parts.push(`${teller.unsure} with an unknown outcome`);
  if (parts.length > 0) teller.lines.push(`${" ".repeat(13)}  ... ${parts.join(", ")}`);
  teller.acknowledged = 0;
  teller.unsure = 0;
}

function sentence(teller: Teller, event: TraceEvent): string | undefined {
  switch (event.type) {
    case "fault":
      return event.sentence;
    case "healed":
      return event.sentence;
    case "down":
      return event.how === "failed" ? `${event.node} failed: ${event.reason ?? ""}` : undefined;
    case "phase":
      return { heal: undefined, verify: "A fresh reader reads every partition.", end: "The end." }[
        event.phase
      ];
    case "note":
      return (
        quorumSentence(teller, event.node, event.event) ?? noteSentence(event.node, event.event)
      );
    default:
      return undefined;
  }
}

/** Who leads the quorum, and by whose votes; of the votes themselves nothing is told. */
function quorumSentence(
  { controllers, votes }: Teller,
  node: string,
  event: CoreEvent,
): string | undefined {
  if (event.type === "voted" && event.granted && !event.preVote) {
    const key = `c${controllers.indexOf(event.candidate) + 1} ${event.epoch}`;
    votes.set(key, [...(votes.get(key) ?? []), node].sort());
  }
  if (event.type !== "controllerElected") return undefined;
  const others = votes.get(`${node} ${event.epoch}`) ?? [];
  const by = others.length === 0 ? "" : `, elected by ${others.join(" and ")}`;
  return `${node} leads the quorum in epoch ${event.epoch}${by}.`;
}

/** By which right somebody leads who is not in sync. */
const rights: Readonly<Record<string, string>> = {
  elrElected: " (eligible)",
  lastKnownElected: " (the last to lead)",
  uncleanElected: " (unclean)",
};

function noteSentence(node: string, event: CoreEvent): string | undefined {
  switch (event.type) {
    case "brokerFenced":
      return `The controller fences broker ${event.broker}.`;
    case "brokerLeaving":
      return `The controller lets broker ${event.broker} leave.`;
    case "partitionChanged": {
      const eligible = event.elr.length === 0 ? "" : `; eligible: ${event.elr.join(", ")}`;
      const isr = `in sync: ${event.isr.length === 0 ? "nobody" : event.isr.join(", ")}${eligible}`;
      if (event.why === "isr") return `${event.partition}: ${isr}.`;
      if (event.leader === -1) return `${event.partition}: nobody leads; ${isr}.`;
      const how = rights[event.why] ?? "";
      return `${event.partition}: broker ${event.leader} leads epoch ${event.epoch}${how}; ${isr}.`;
    }
    case "truncated":
      return `${node} cuts ${event.partition} from ${event.from} back to ${event.to}.`;
    case "logStartRaised":
      return event.why === "leader" || event.partition.startsWith(metadataTopic)
        ? undefined
        : `${node} lets ${event.partition} begin at ${event.to}.`;
    case "logRestarted":
      return `${node} begins ${event.partition} anew at ${event.start}: its leader has let go what follows ${event.from}.`;
    case "replicaDeleted":
      return `${node} drops its copy of ${event.partition}.`;
    case "logOpened":
      return !event.partition.startsWith(metadataTopic) && (event.end > 0 || event.cutBytes > 0)
        ? `${node} finds ${event.partition} up to offset ${event.end}.`
        : undefined;
    default:
      return undefined;
  }
}

/** Leaves out the middle of a story that is too long, and says so. */
function shortened(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  const half = Math.floor((most - 1) / 2);
  const left = lines.length - 2 * half;
  return [
    ...lines.slice(0, half),
    `${" ".repeat(13)}  ... ${left} lines left out`,
    ...lines.slice(-half),
  ];
}
