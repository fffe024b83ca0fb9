// The simulator: what the command line, the lab and other people's tests may use of it.

// trace
export * from "./trace/events.ts";
export { allMarks, type MarkId, markSentence } from "./search/marks.ts";
export { type Tape, printHash } from "./trace/hash.ts";
export type { Recorder } from "./trace/recorder.ts";

// audits
export type { Audit, AuditBody, ImageDigest, Look, Moment } from "./audit/audit.ts";

// world
export { advance, stepWorld } from "./world/advance.ts";
export type { Crossing } from "./world/network/crossing.ts";
export { compareWorlds } from "./world/compare-worlds.ts";
export { copyWorld } from "./world/copy-world.ts";
export { brokerPort, controllerPort, createWorld, wallStart } from "./world/create.ts";
export { EditError, editWorld } from "./world/edit.ts";
export { hashWorld, type SealedHashes } from "./world/hash-world.ts";
export type {
  ApplicationEffect,
  ApplicationEvent,
  ApplicationMachine,
  Machine,
  Machines,
} from "./world/machines.ts";
export { dropFirst, newQueue, pushEntry, type Queue } from "./world/queue.ts";
export { newRuntime, type Runtime } from "./world/runtime.ts";
export type { NodeKind, NodeSpec, Phase, World } from "./world/state.ts";

export { DiskView } from "./world/disk/view.ts";

// scenario
export { parseScenario, parseScenarioText, ScenarioError } from "./scenario/parse.ts";
export type {
  ConsumerSpec,
  Fault,
  FaultTarget,
  OwnRecord,
  ProducerSpec,
  Scenario,
  TopicSpec,
} from "./scenario/schema.ts";
export { type Dropped, parseDropped } from "./scenario/dropped.ts";
export {
  keyedBy,
  ownRecordsOf,
  parseRecords,
  type RecordTable,
  withRecords,
} from "./scenario/records-file.ts";
export { scenarioSchema } from "./scenario/schema.ts";
export { isByHand, isHandType, lasts } from "./faults/kinds.ts";
export { limits } from "./scenario/limits.ts";

// exports
export { exportRun } from "./export/export-run.ts";
export {
  type ExportForm,
  exportForms,
  type ExportKind,
  exportName,
  isExportKind,
  runName,
} from "./export/forms.ts";

// run
export { type RunResult, runScenario } from "./run.ts";
export { kafkaMachines } from "./workload/kafka.ts";

// guarantees
export {
  areJudgedAlike,
  auditCheckers,
  beginCheckers,
  type Checkers,
  guarantees,
  judgements,
  stepCheckers,
} from "./guarantees/catalogue.ts";
export type {
  AnyGuarantee,
  Break,
  Guarantee,
  Judgement,
  Precondition,
  Standing,
  Verdict,
} from "./guarantees/guarantee.ts";
export { judgementOf } from "./guarantees/guarantee.ts";

// museum
export { type FlawRow, museum, rowOf } from "./museum/catalogue.ts";
export { brokenBy, type FlawFound, flawShown } from "./museum/finding.ts";
export { storyOf } from "./museum/stories.ts";
export { familiesOf, findStory, shortened } from "./museum/storing.ts";
export { claimsOf, withFlaws, withoutFlaw } from "./museum/switching.ts";

// scenarios by name, links, search
export { families } from "./scenario/families/families.ts";
export {
  defaultFamily,
  defaultScenario,
  familyNames,
  library,
  withSeed,
  untold,
} from "./scenario/catalogue.ts";
export { type ManyBrokers, manyBrokers } from "./scenario/library/racks.ts";
export {
  defaultAddress,
  defaultPort,
  fragmentOf,
  isLink,
  isLongLink,
  type Linked,
  linkOf,
  type LinkMoment,
  momentFragment,
  type Outcome,
  parseLink,
  runFragment,
} from "./scenario/link.ts";
export { judge, type Judged, type Shown } from "./search/judge.ts";
export { breaks, reduce, type Wanted } from "./search/reduce.ts";
export {
  isTrace,
  type ParsedTrace,
  parseTrace,
  traceHead,
  traceLine,
  traceTail,
} from "./trace/ndjson.ts";
export { transcriptOf, verdictLine } from "./trace/transcript.ts";
