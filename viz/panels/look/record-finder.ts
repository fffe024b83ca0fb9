/* Names a record by its partition and its offset or key. */
import { findRecord } from "../../model/find-record.ts";
import type { RecordPlace } from "../../model/record-life.ts";
import { h, setText } from "../dom.ts";
import type { LabView } from "../view.ts";
import { newsOf } from "./parts.ts";

export interface RecordFinder {
  readonly element: HTMLElement;
  /** `place`: the record that is shown. */
  show(view: LabView, place: RecordPlace | undefined): void;
}

const usualNames = { partition: "Partition", wanted: "Offset or key" };

/**
 * `found` is told which record somebody has named; `names` are read out and set its fields apart from those of another
 * finder; `beside` stands in its line.
 */
export function recordFinder(
  found: (place: RecordPlace) => void,
  names = usualNames,
  ...beside: readonly Node[]
): RecordFinder {
  const partition = h("select", { "aria-label": names.partition });
  const wanted = h("input", {
    value: "0",
    size: 10,
    "aria-label": names.wanted,
    title: "An offset, or a key: the newest record with it",
  });
  // Whoever comes to it names another record.
  wanted.addEventListener("focus", () => wanted.select());
  const find = h("button", { type: "submit" }, "Find");
  const missing = h("p", { class: "hint", role: "status" });
  const form = h(
    "form",
    { class: "look-head finder" },
    "Record ",
    partition,
    wanted,
    find,
    ...beside,
  );
  const element = h("div", {}, form, missing);
  let offered = "";
  let latest: LabView | undefined;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = wanted.value.trim();
    if (text === "" || latest === undefined) return;
    const { picture, run } = latest;
    const place = findRecord(picture, run.recording.facts, partition.value, text);
    setText(missing, place === undefined ? `No log holds a record with key ${text}.` : "");
    if (place !== undefined) found(place);
  });
  const isNews = newsOf();
  return {
    element,
    show: (view, place) => {
      latest = view;
      const { picture } = view;
      const known = [...picture.partitions.keys()].sort();
      const isOther = isNews(JSON.stringify(place));
      if (offered !== known.join()) {
        offered = known.join();
        const { value } = partition;
        partition.replaceChildren(...known.map((name) => h("option", { value: name }, name)));
        if (known.includes(value)) partition.value = value;
      }
      // What somebody is typing stays until another record is shown.
      if (!isOther || place === undefined || "called" in place) return;
      partition.value = place.partition;
      wanted.value = String(place.offset);
    },
  };
}
