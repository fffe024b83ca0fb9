/* Files that the reader hands over: dropped on the lab, or chosen. What is wrong with one is told in a sentence. */
import { type Scenario, ScenarioError, parseDropped } from "#sim";
import { h } from "./dom.ts";
import { recordsDialog } from "./records-dialog.ts";
import type { Actions } from "./view.ts";

export interface FileOpener {
  readonly elements: readonly HTMLElement[];
  /** Asks the reader for a file. */
  choose(): void;
  /** Takes what is dropped there. */
  listen(host: HTMLElement): void;
}

/** A trace of a long run has some 100 MB; beyond that a page is the wrong place. */
const mostBytes = 200_000_000;

/** `present` is the scenario that is shown now: records are sent by its producers. */
export function fileOpener(actions: Actions, present: () => Scenario | undefined): FileOpener {
  const hint = h("div", { class: "drop-hint", "aria-hidden": "true", hidden: true });
  hint.append(h("p", {}, "Drop a scenario, a trace, or records of your own"));
  const records = recordsDialog((scenario, file) =>
    open(file, () => actions.load(scenario, { records: file })),
  );

  const open = (file: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      actions.notify(`${file}: ${error.message}.`);
    }
  };
  const take = (file: File): void => {
    if (file.size > mostBytes)
      return actions.notify(
        `${file.name}: ${Math.ceil(file.size / 1e6)} MB are too much for a page; the command line takes it.`,
      );
    file.text().then(
      (text) => open(file.name, () => read(file.name, text)),
      () => actions.notify(`${file.name}: it cannot be read; a folder, perhaps?`),
    );
  };
  const read = (name: string, text: string): void => {
    const dropped = parseDropped(text);
    if (dropped.type === "scenario") return actions.load(dropped.scenario, {});
    if (dropped.type === "trace") return actions.load(dropped.scenario, { hash: dropped.hash });
    const scenario = present();
    if (scenario !== undefined) records.open(scenario, name, dropped.table);
  };
  const choose = (): void => {
    const input = h("input", { type: "file" });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) take(file);
    });
    input.click();
  };
  return { elements: [hint, records.element], choose, listen: (host) => listen(host, hint, take) };
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes("Files") === true;

function listen(host: HTMLElement, hint: HTMLElement, take: (file: File) => void): void {
  host.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hint.hidden = false;
  });
  host.addEventListener("dragleave", (event) => {
    const { relatedTarget } = event;
    if (!(relatedTarget instanceof Node && host.contains(relatedTarget))) hint.hidden = true;
  });
  host.addEventListener("drop", (event) => {
    hint.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) take(file);
  });
}
