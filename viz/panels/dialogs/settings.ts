/* Settings that change at this moment: how many copies a producer waits for, and what topics ask for. */
import type { Fault, Scenario } from "#sim";
import { h } from "../dom.ts";
import { atMs } from "../node-menu.ts";
import type { Actions, LabView } from "../view.ts";
import { choose, field, formDialog, type Option } from "./form.ts";
import { isOver, momentText } from "./moment.ts";

export interface SettingsDialog {
  readonly element: HTMLDialogElement;
  /** `topic`: its settings alone; absent: those of all topics and producers. */
  open(view: LabView, topic?: string): void;
}

interface Choice {
  readonly control: HTMLSelectElement;
  readonly before: string;
  fault(value: string, atMs: number): Fault;
}

const acksOptions: readonly Option[] = [
  ["all", "all: every replica in sync"],
  ["1", "1: the leader alone"],
  ["0", "0: nobody is asked"],
];
const switchOptions: readonly Option[] = [
  ["false", "no: better no leader than a lost record"],
  ["true", "yes: better a lost record than no leader"],
];

export function settingsDialog(actions: Actions): SettingsDialog {
  let view: LabView | undefined;
  let choices: readonly Choice[] = [];
  const dialog = formDialog("Change settings", "Change them", () => {
    if (view === undefined) return undefined;
    const at = atMs(view.player);
    const faults = choices
      .filter(({ control, before }) => control.value !== before)
      .map((choice) => choice.fault(choice.control.value, at));
    if (faults.length === 0) return "Nothing was changed.";
    actions.fork(faults);
    return undefined;
  });
  const open = (now: LabView, topic?: string): void => {
    view = now;
    const { scenario } = now.run;
    const made =
      topic === undefined
        ? [...producerFields(now), ...topicFields(now, scenario)]
        : topicFields(now, { ...scenario, topics: scenario.topics.filter(isNamed(topic)) });
    choices = made.map(({ choice }) => choice);
    dialog.fields.replaceChildren(...made.map(({ row }) => row));
    dialog.hint.textContent = momentText(now);
    dialog.open(!isOver(now));
  };
  return { element: dialog.element, open };
}

const isNamed =
  (topic: string) =>
  ({ name }: { readonly name: string }): boolean =>
    name === topic;

interface Made {
  readonly row: HTMLElement;
  readonly choice: Choice;
}

function made(
  name: string,
  options: readonly Option[],
  before: string,
  rest: Choice["fault"],
): Made {
  const control = h("select");
  choose(control, options, before);
  return { row: field(name, control), choice: { control, before, fault: rest } };
}

function producerFields(view: LabView): Made[] {
  return view.run.scenario.workload.producers.map(({ name, config }) => {
    const changed = past(view).flatMap((fault) =>
      fault.type === "producerConfig" && fault.producer === name ? [fault.config.acks] : [],
    );
    const before = changed.findLast((acks) => acks !== undefined) ?? config.acks ?? "all";
    return made(`acks of ${name}`, acksOptions, before, (acks, at) => ({
      type: "producerConfig",
      atMs: at,
      producer: name,
      config: { acks: acks as "all" },
    }));
  });
}

function topicFields(view: LabView, { cluster, topics }: Scenario): Made[] {
  return topics.flatMap(({ name, config, replicationFactor }) => {
    const now = (key: "min.insync.replicas" | "unclean.leader.election.enable"): string => {
      const changed = past(view).flatMap((fault) =>
        fault.type === "configChange" && (fault.topic ?? name) === name ? [fault.config[key]] : [],
      );
      const last = changed.findLast((value) => value !== undefined);
      const fallback = key === "min.insync.replicas" ? 1 : false;
      return String(last ?? config[key] ?? cluster.config[key] ?? fallback);
    };
    const numbers = Array.from({ length: replicationFactor }, (_, i) => String(i + 1));
    return [
      made(
        `min.insync.replicas of ${name}`,
        numbers.map((n): Option => [n, n]),
        now("min.insync.replicas"),
        (value, at) => ({
          type: "configChange",
          atMs: at,
          topic: name,
          config: { "min.insync.replicas": Number(value) },
        }),
      ),
      made(
        `unclean elections of ${name}`,
        switchOptions,
        now("unclean.leader.election.enable"),
        (value, at) => ({
          type: "configChange",
          atMs: at,
          topic: name,
          config: { "unclean.leader.election.enable": value === "true" },
        }),
      ),
    ];
  });
}

/** What has been done up to now, in the order of time. */
const past = ({ run, player }: LabView): readonly Fault[] =>
  run.scenario.faults
    .filter((fault) => fault.atMs * 1000 <= player.at)
    .sort((a, b) => a.atMs - b.atMs);
