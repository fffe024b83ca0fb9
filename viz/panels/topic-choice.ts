/* To which topic or partition the logs are narrowed; where one partition is shown at a time, which it is. */
import type { StripKind } from "../marks/strip-layout.ts";
import { partitionsOf, topicOf } from "../model/sizes.ts";
import { h } from "./dom.ts";
import { shownIn } from "./shown-partitions.ts";
import type { Actions, LabView } from "./view.ts";

export interface TopicChoice {
  readonly element: HTMLSelectElement;
  show(view: LabView): void;
}

/** More partitions have tiles of their own to be chosen by. */
const mostListed = 60;

export function topicChoice(actions: Actions, kindOf: () => StripKind): TopicChoice {
  const element = h("select", { class: "topic-choice", "aria-label": "Topic" });
  element.title = "Show all logs, those of one topic, or one";
  element.addEventListener("change", () => {
    actions.only(element.value === "" ? undefined : element.value);
  });
  let listed = "";
  const show = (view: LabView): void => {
    const { partitions, chosen, isFew } = shownIn(view, kindOf());
    const names = partitionsOf(view.run.scenario);
    const key = `${isFew} ${names.join(" ")}`;
    if (key !== listed) element.replaceChildren(...options(names, isFew));
    listed = key;
    const isOne = partitions.length === 1 && view.only === chosen?.name;
    const value = !isFew || isOne ? (chosen?.name ?? "") : (view.only ?? "");
    if (element.value !== value) element.value = value;
    // Named by nobody, or too many to be listed.
    if (element.value !== value) element.value = "";
    element.disabled = names.length < 2;
  };
  return { element, show };
}

/** `areAll`: all of them can be seen at once. */
function options(names: readonly string[], areAll: boolean): readonly Node[] {
  const topics = [...new Set(names.map(topicOf))];
  const each = (topic: string): readonly HTMLOptionElement[] =>
    names.filter((name) => topicOf(name) === topic).map((name) => option(name, name));
  const [first = "no topic"] = topics;
  const parts = names.length <= mostListed;
  if (topics.length < 2) {
    const all = areAll || !parts ? [option("", `all of ${first}`)] : [];
    return [...all, ...(parts ? each(first) : [])];
  }
  const groups = topics.map((topic) => {
    const group = h("optgroup", { label: topic });
    group.append(option(topic, `all of ${topic}`), ...(parts ? each(topic) : []));
    return group;
  });
  return [option("", "all topics"), ...groups];
}

const option = (value: string, text: string): HTMLOptionElement => h("option", { value }, text);
