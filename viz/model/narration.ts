/* One sentence per event, in the words on the screen. Beats are told by themselves; the rest when asked for. */
import type { TraceEvent } from "#sim";
import { operationSentence } from "./disk-words.ts";
import type { Facts } from "./facts.ts";
import { brokerName } from "./picture.ts";
import { timerWords } from "./timer-words.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;
type Note = Of<"note">["event"];

/** At most 100 characters for beats, without a full stop. */
export function sentence(event: TraceEvent, facts: Facts): string {
  switch (event.type) {
    case "started":
      return event.life === 1 ? `${event.node} starts` : `${event.node} starts again`;
    case "down":
      return downSentence(event);
    case "paused":
      return `${event.node} stands still`;
    case "resumed":
      return `${event.node} goes on`;
    case "fault":
    case "healed":
      return event.sentence.replace(/\.$/, "");
    case "linkCut":
      return event.oneWay === true
        ? `Nothing passes from ${event.node} to ${event.peer}`
        : `Nothing passes between ${event.node} and ${event.peer}`;
    case "linkHealed":
      return event.oneWay === true
        ? `${event.peer} hears ${event.node} again`
        : `${event.node} and ${event.peer} hear each other again`;
    case "stopAsked":
      return `${event.node} is asked to stop`;
    case "phase":
      return phaseSentence(event);
    case "called":
      return calledSentence(event);
    case "result":
      return resultSentence(event);
    case "note":
      return noteSentence(event.node, event.event, facts);
    case "disk":
    case "writeBack":
    case "fileHurt":
      return diskSentence(event);
    default:
      return networkSentence(event);
  }
}

const list = (names: readonly string[]): string => names.join(", ") || "nobody";
const brokers = (ids: readonly number[]): string => list(ids.map(brokerName));
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

function downSentence({ node, how, reason }: Of<"down">): string {
  switch (how) {
    case "crash":
      return `${node}'s process is gone; what it wrote is still in its machine's memory`;
    case "powerLoss":
      return `${node} has no power; what was not on its disk is gone`;
    case "stopped":
      return `${node} has stopped`;
    case "halted":
      return `${node} has given up: ${reason ?? "its disk does not work"}`;
    case "failed":
      return `${node} failed: ${reason ?? "an assertion did not hold"}`;
  }
}

function phaseSentence({ phase, complete }: Of<"phase">): string {
  if (phase === "heal") return "The applications are done; everything is healed";
  if (phase === "verify") return "Fresh readers read every partition from its start";
  return complete ? "The end: everything could be read" : "The end: not everything could be read";
}

function calledSentence({ node, request }: Of<"called">): string {
  switch (request.type) {
    case "send": {
      const key = request.key === null ? "" : ` with key ${request.key}`;
      return `${node} hands over ${request.value}${key}`;
    }
    case "createTopics":
      return `${node} asks for topic ${list(request.topics)}`;
    case "assign":
      return `${node} reads all of ${request.topic}`;
    case "seek":
      return `${node} moves to ${request.to} of ${request.topic}-${request.partition}`;
    case "poll":
      return `${node} asks for records`;
    case "flush":
      return `${node} waits for everything sent`;
    case "deleteTopics":
      return `${node} asks to delete topic ${list(request.topics)}`;
    case "deleteRecords":
      return `${node} asks to delete what lies before ${request.before ?? "the high watermark"} in ${request.partition}`;
    case "createPartitions":
      return `${node} asks for ${request.count} partitions of ${request.topic} in all`;
    case "alterConfigs":
      return `${node} asks for ${settingsOf(request.configs)} for ${resourceOf(request)}`;
    case "electLeaders":
      return request.election === "preferred"
        ? `${node} asks for the preferred leaders of ${list(request.partitions)}`
        : `${node} asks for any leader of ${list(request.partitions)}, in sync or not`;
    case "describeCluster":
      return `${node} asks which brokers are alive`;
    case "endOffsets":
      return `${node} asks where its partitions end`;
  }
}

const settingsOf = (configs: Readonly<Record<string, string | null>>): string =>
  list(
    Object.entries(configs).map(([key, value]) =>
      value === null ? `no ${key} of its own` : `${key}=${value}`,
    ),
  );

const resourceOf = ({ resource, name }: { readonly resource: string; readonly name: string }) =>
  resource === "topic" ? name : name === "" ? "all brokers" : `b${name}`;

function resultSentence({ node, outcome }: Of<"result">): string {
  switch (outcome.type) {
    case "acknowledged":
      return `${node} is told: stored at offset ${outcome.offset} of ${outcome.partition}`;
    case "sent":
      return `${node} sent it to ${outcome.partition} and asks no more`;
    case "unknown":
      return `${node} will never know whether its record was kept (${outcome.reason})`;
    case "failed":
      return `${node} is told: not kept (${outcome.error})`;
    case "polled":
      return polledSentence(node, outcome.records);
    case "endOffsets":
      return `${node} knows where its partitions end`;
    case "cluster":
      return `${node} is told which brokers are alive: ${list(outcome.brokers.map((id) => `b${id}`))}`;
    case "done":
      return `${node} is told: done`;
  }
}

function polledSentence(
  node: string,
  records: readonly { readonly partition: string; readonly offset: number }[],
): string {
  const [first] = records;
  if (first === undefined) return `${node} gets nothing new`;
  const partitions = [...new Set(records.map(({ partition }) => partition))];
  if (records.length === 1) return `${node} reads offset ${first.offset} of ${first.partition}`;
  return `${node} reads ${plural(records.length, "record")} of ${list(partitions)}`;
}

function noteSentence(node: string, note: Note, facts: Facts): string {
  switch (note.type) {
    case "appended":
    case "truncated":
    case "logOpened":
    case "logStartRaised":
    case "logRestarted":
    case "replicaDeleted":
    case "highWatermark":
    case "roleTaken":
    case "rolled":
    case "flushed":
      return replicaSentence(node, note, facts);
    case "partitionChanged":
    case "eligibleCleared":
    case "isrProposed":
    case "controllerElected":
    case "quorumRole":
    case "voted":
    case "metadataAppended":
    case "metadataSnapshot":
    case "metadataCommitted":
    case "metadataApplied":
    case "brokerRegistered":
    case "brokerFenced":
    case "brokerUnfenced":
    case "brokerLeaving":
    case "topicCreated":
      return metadataSentence(node, note);
    default:
      return requestSentence(node, note);
  }
}

type ReplicaNote = Extract<
  Note,
  {
    readonly type:
      | "appended"
      | "truncated"
      | "logOpened"
      | "logStartRaised"
      | "logRestarted"
      | "replicaDeleted"
      | "highWatermark"
      | "roleTaken"
      | "rolled"
      | "flushed";
  }
>;

const startReasons = {
  deleteRecords: "the operator has deleted what was before",
  retention: "what was before has had its time",
  leader: "its leader has let go what was before",
} as const;

function replicaSentence(node: string, note: ReplicaNote, facts: Facts): string {
  switch (note.type) {
    case "appended": {
      const last = note.next - 1;
      const where = note.base === last ? `offset ${last}` : `offsets ${note.base}–${last}`;
      const inside = facts.batches.get(note.crc)?.records.map(({ value }) => value) ?? [];
      const what = inside.length === 0 ? "a batch" : inside.slice(0, 2).join(", ");
      const more = inside.length > 2 ? ` and ${inside.length - 2} more` : "";
      const verb = note.role === "leader" ? "writes" : "copies";
      return `${node} ${verb} ${what}${more} to ${note.partition}, ${where}`;
    }
    case "truncated":
      return `${node} strikes ${note.partition} from ${note.to} on (${note.from - note.to} gone): ${
        note.reason === "divergence" ? "its leader's log differs" : "damaged"
      }`;
    case "logOpened": {
      const cut = note.cutBytes === 0 ? "" : `, ${note.cutBytes} damaged bytes cut off`;
      return `${node} opens ${note.partition}: it ends at ${note.end}${cut}`;
    }
    case "logStartRaised":
      return `${node}'s copy of ${note.partition} begins at ${note.to} now: ${startReasons[note.why]}`;
    case "logRestarted":
      return `${node} throws its copy of ${note.partition} away and begins at ${note.start}: its leader has nothing older`;
    case "replicaDeleted":
      return `${node} drops its copy of ${note.partition}: the topic is gone`;
    case "highWatermark":
      return note.role === "leader"
        ? `${note.partition}: everything below ${note.offset} is on all in-sync replicas`
        : `${node} hears that the high watermark of ${note.partition} is ${note.offset}`;
    case "roleTaken":
      if (note.role === "leader") return `${node} leads ${note.partition} in epoch ${note.epoch}`;
      if (note.role === "offline") return `${node} knows no leader of ${note.partition}`;
      return `${node} follows ${brokerName(note.leader)} in ${note.partition}, epoch ${note.epoch}`;
    case "rolled":
      return `${node} begins a new segment of ${note.partition} at ${note.segment}`;
    case "flushed":
      return `${node} fsyncs ${note.partition} up to ${note.to}`;
  }
}

type MetadataNote = Extract<
  Note,
  {
    readonly type:
      | "partitionChanged"
      | "isrProposed"
      | "controllerElected"
      | "quorumRole"
      | "voted"
      | "metadataAppended"
      | "metadataSnapshot"
      | "metadataCommitted"
      | "metadataApplied"
      | "brokerRegistered"
      | "brokerFenced"
      | "brokerUnfenced"
      | "brokerLeaving"
      | "eligibleCleared"
      | "topicCreated";
  }
>;

function metadataSentence(node: string, note: MetadataNote): string {
  switch (note.type) {
    case "partitionChanged":
      return partitionSentence(note);
    case "eligibleCleared":
      return `min.insync.replicas has changed: who was eligible to lead ${note.topic || "any topic"} is forgotten`;
    case "isrProposed":
      return `${node} proposes ${brokers(note.isr)} as the in-sync replicas of ${note.partition}`;
    case "controllerElected":
      return `${node} leads the controllers, in epoch ${note.epoch}`;
    case "quorumRole":
      return quorumSentence(node, note);
    case "voted":
      return votedSentence(node, note);
    case "metadataSnapshot":
      return snapshotSentence(node, note);
    case "metadataAppended":
      return `${node} has the cluster's metadata up to ${note.next} in its log`;
    case "metadataCommitted":
      return `${node} commits the cluster's metadata up to ${note.next}`;
    case "metadataApplied":
      return `${node} has followed the cluster's metadata up to ${note.next}`;
    case "brokerRegistered":
      return `${brokerName(note.broker)} is registered, not yet trusted with partitions`;
    case "brokerFenced":
      return `${node} gives up on ${brokerName(note.broker)}: fenced, it may not lead`;
    case "brokerUnfenced":
      return `${node} trusts ${brokerName(note.broker)} again: unfenced`;
    case "brokerLeaving":
      return `${node} takes the leaderships of ${brokerName(note.broker)}, which wants to stop`;
    case "topicCreated":
      return `Topic ${note.topic} exists, with ${plural(note.partitions, "partition")}`;
  }
}

function quorumSentence(
  node: string,
  note: Extract<Note, { readonly type: "quorumRole" }>,
): string {
  const { epoch } = note;
  switch (note.role) {
    case "unattached":
      return `${node} waits for a leader of the controllers, in epoch ${epoch}`;
    case "prospective":
      return `${node} asks the other controllers whether they would vote for it`;
    case "candidate":
      return `${node} stands for election in epoch ${epoch}`;
    case "follower":
      return `${node} follows controller ${note.leader}, epoch ${epoch}`;
    case "leader":
      return `${node} has won epoch ${epoch}`;
    case "resigned":
      return `${node} leads the controllers no more`;
  }
}

function snapshotSentence(
  node: string,
  { how, end }: Extract<Note, { readonly type: "metadataSnapshot" }>,
): string {
  switch (how) {
    case "written":
      return `${node} writes a snapshot of the cluster's metadata up to ${end}`;
    case "loaded":
      return `${node} begins with its snapshot of the cluster's metadata up to ${end}`;
    case "fetched":
      return `${node} has fetched a snapshot of the cluster's metadata up to ${end}`;
  }
}

function votedSentence(node: string, note: Extract<Note, { readonly type: "voted" }>): string {
  const { candidate, epoch, preVote, granted } = note;
  if (preVote) return `${node} would ${granted ? "" : "not "}vote for controller ${candidate}`;
  return granted
    ? `${node} votes for controller ${candidate} in epoch ${epoch}`
    : `${node} refuses its vote to controller ${candidate} in epoch ${epoch}`;
}

function partitionSentence(note: Extract<Note, { readonly type: "partitionChanged" }>): string {
  const { partition, epoch } = note;
  const leader = note.leader === -1 ? "nobody" : brokerName(note.leader);
  switch (note.why) {
    case "created":
      return `${partition} lives on ${brokers(note.replicas)}; ${leader} leads`;
    case "elected":
      return `${leader} now leads ${partition}, in epoch ${epoch}`;
    case "elrElected":
      return `${leader} now leads ${partition} in epoch ${epoch}: nobody is in sync, and it was when it left`;
    case "lastKnownElected":
      return `${leader} now leads ${partition} in epoch ${epoch}: it was the last to lead, and nobody else may`;
    case "uncleanElected":
      return `${leader} now leads ${partition} in epoch ${epoch}, though it was not in sync`;
    case "isr":
      return `In sync in ${partition}: ${brokers(note.isr)}`;
    case "offline":
      return `${partition} has no leader: no in-sync replica is up`;
  }
}

type RequestNote = Exclude<Note, ReplicaNote | MetadataNote>;

function requestSentence(node: string, note: RequestNote): string {
  switch (note.type) {
    case "followerFetched":
      return `${node} learns that ${brokerName(note.replica)} has ${note.partition} up to ${note.end}`;
    case "parked":
      return note.api === "Produce"
        ? `${node} waits with its answer until ${note.partition} is safe up to ${note.until}`
        : note.api === "DeleteRecords"
          ? `${node} waits with its answer until ${note.partition} begins at ${note.until} everywhere`
          : `${node} waits with its answer until ${note.partition} has something new`;
    case "completed":
      return `${node} answers a waiting ${note.api} for ${note.partition} (${note.why})`;
    case "duplicateBatch":
      return `${node} knows this batch: ${note.partition} has it at ${note.base} already`;
    case "refused":
      return `${node} refuses ${note.api}: ${note.error}`;
    case "batched":
      return note.attempt === 0
        ? `${node} packs ${plural(note.calls.length, "record")} for ${note.partition}`
        : `${node} tries ${plural(note.calls.length, "record")} for ${note.partition} again`;
    case "producerId":
      return `${node} is producer ${note.producer}, epoch ${note.producerEpoch}`;
    case "sessionRenewed":
      return `${node} begins its fetch session with broker ${note.with} anew: ${note.reason}`;
    case "retried":
      return `${node} waits to try ${note.api} again: ${note.reason}`;
    case "readReplica":
      return `${node} reads ${note.partition} from ${brokerName(note.replica)} from now on: that is nearer`;
    case "positionReset":
      return `${node} moves to offset ${note.offset} of ${note.partition} (${note.why})`;
  }
}

function diskSentence(event: Of<"disk" | "writeBack" | "fileHurt">): string {
  switch (event.type) {
    case "disk":
      return operationSentence(event);
    case "writeBack":
      return `${event.node}'s machine writes ${event.file} to its platter`;
    case "fileHurt":
      return hurtSentence(event);
  }
}

const hurts = {
  unsynced: "they were not on its disk yet",
  torn: "a write was torn",
  undone: "a write never reached its disk",
  emptied: "the disk is another one now",
  rotten: "a bit changed by itself",
} as const;

function hurtSentence({ node, file, why, before, after }: Of<"fileHurt">): string {
  const [folder] = file.split("/");
  const what = file.endsWith(".log") ? folder : file;
  if (why === "rotten")
    return `A record of ${what} is damaged on the disk of ${node}: ${hurts[why]}`;
  return `${node} lost ${before - after} bytes of ${what}: ${hurts[why]}`;
}

type NetworkEvent = Of<
  | "timer"
  | "opened"
  | "closed"
  | "received"
  | "filled"
  | "drained"
  | "connecting"
  | "closing"
  | "sent"
  | "delayed"
  | "lost"
>;

function networkSentence(event: NetworkEvent): string {
  const { node } = event;
  switch (event.type) {
    case "timer":
      return `${node}'s timer ${timerWords(event.timer)} is due`;
    case "opened":
      return `${node} and ${event.peer} are connected`;
    case "closed":
      return `${node} has lost its connection to ${event.peer} (${event.reason})`;
    case "received":
      return `${node} reads ${event.bytes} bytes from ${event.from}`;
    case "filled":
      return `${node} can send no more: its buffer is full`;
    case "drained":
      return `${node} can send again`;
    case "connecting":
      return `${node} connects to ${event.to}`;
    case "closing":
      return `${node} closes its connection to ${event.peer}`;
    case "sent":
      return event.response
        ? `${node} answers ${event.to}'s ${event.api}`
        : `${node} sends ${event.api} to ${event.to}`;
    case "delayed":
      return event.arrival === null ? "A message is held back" : "A message is on its way again";
    case "lost":
      return `A message of ${node} is lost (${event.why})`;
  }
}
