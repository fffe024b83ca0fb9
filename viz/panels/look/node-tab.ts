/* A broker or controller: what it believes, its files and what is in them, its settings. */
import type { Belief, Setting } from "../../look/beliefs.ts";
import type { FileEntry } from "../../look/questions.ts";
import type { Looked } from "../../look/looks.ts";
import { h, s, textButton } from "../dom.ts";
import type { Actions, LabView } from "../view.ts";
import { fieldsPane } from "./fields-pane.ts";
import type { InsideTab } from "./message-tab.ts";
import { hint, momentOf, newsOf, nodeIn, nodePicker, waitingFor } from "./parts.ts";

const hasDisk = (kind: string): boolean => kind === "broker" || kind === "controller";

export function nodeTab(actions: Actions): InsideTab {
  const picker = nodePicker(actions, "node", hasDisk);
  const body = h("div", { class: "look-body" });
  const element = h("div", { class: "look" }, picker.element, body);
  const pane = fieldsPane("Fields of the file");
  const isNews = newsOf();

  const show = (view: LabView): void => {
    const node = nodeIn(view, hasDisk);
    picker.show(view, node);
    if (node === undefined) return body.replaceChildren(hint("This run has no broker."));
    const { path } = view.inside;
    const moment = momentOf(view);
    if (path !== undefined) {
      const looked = view.look({ type: "file", node, path, moment });
      if (!isNews(node, path, looked.answer, looked.failure)) return;
      const back = (): void => actions.lookInside({ path: undefined }, "node");
      return showFile(body, pane, looked, path, back);
    }
    const files = view.look({ type: "files", node, moment });
    // Only one question is out at a time: the second is asked once the first is answered.
    const state = view.look({ type: "state", node, moment });
    if (!isNews(node, path, files.answer, files.failure, state.answer, state.failure)) return;
    body.replaceChildren(
      ...beliefs(state),
      ...fileList(files, (chosen) => actions.lookInside({ node, path: chosen }, "node")),
      ...settings(state),
    );
  };
  return { element, show };
}

function showFile(
  body: HTMLElement,
  pane: ReturnType<typeof fieldsPane>,
  looked: Looked,
  path: string,
  back: () => void,
): void {
  const file = looked.answer?.type === "file" ? looked.answer.file : undefined;
  const head = h(
    "div",
    { class: "look-head" },
    textButton("All files", "Back to the files of this node", back),
    h("h3", {}, path),
  );
  if (looked.answer === undefined) return body.replaceChildren(head, waitingFor(looked));
  if (file === undefined) {
    return body.replaceChildren(head, hint("The node has no such file at this moment."));
  }
  head.append(h("p", { class: "look-acts" }, `${sizeText(file)}; ${keptText(file)}`));
  const problem = file.fields.problem;
  if (problem !== undefined) head.append(h("p", { class: "field-problem" }, problem));
  const legend = h(
    "p",
    { class: "look-legend" },
    h("span", { class: "byte is-kept" }, "00"),
    " fsynced ",
    h("span", { class: "byte is-cached" }, "00"),
    " only in the page cache",
  );
  body.replaceChildren(head, pane.element, legend);
  const isText = file.fields.kind === "struct" && file.size < 2000;
  pane.show(file.fields, file.bytes, isText, file.kept);
}

function beliefs({ answer, failure }: Looked): readonly HTMLElement[] {
  const title = h("h3", {}, "What it believes");
  if (answer?.type !== "state") return [title, hint(failure ?? "The run is being replayed ...")];
  if (answer.state === undefined) return [title, hint("Its process is down: it believes nothing.")];
  return [title, h("dl", { class: "beliefs" }, ...answer.beliefs.flatMap(beliefRow))];
}

const beliefRow = ({ about, text }: Belief): readonly HTMLElement[] => [
  h("dt", {}, about),
  h("dd", {}, text),
];

function fileList(looked: Looked, choose: (path: string) => void): readonly HTMLElement[] {
  const { answer } = looked;
  if (answer?.type !== "files") return [h("h3", {}, "Files"), waitingFor(looked)];
  const { files } = answer;
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))].sort();
  const lists = folders.flatMap((folder) => {
    const inside = files.filter(({ path }) => folderOf(path) === folder);
    const rows = inside.map((file) =>
      h(
        "li",
        {},
        fileButton(file, () => choose(file.path)),
      ),
    );
    const name = folder === "" ? "Files of the node" : `Files of ${folder}`;
    const list = h("ul", { class: "files", "aria-label": name }, ...rows);
    return folder === "" ? [list] : [h("h4", {}, folder), list];
  });
  return [h("h3", {}, `Files (${files.length})`), ...lists];
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function fileButton(file: FileEntry, press: () => void): HTMLButtonElement {
  const spoken = `${file.path}, ${sizeText(file)}, ${keptText(file)}`;
  const button = h("button", { type: "button", class: "file", "aria-label": spoken });
  button.dataset["path"] = file.path;
  button.append(
    h("span", { class: "file-path" }, file.path.slice(file.path.lastIndexOf("/") + 1)),
    h("span", { class: "file-size" }, sizeText(file)),
    keptBar(file),
    h("span", { class: "file-kept" }, keptText(file)),
  );
  button.addEventListener("click", press);
  return button;
}

const sizeText = ({ size }: FileEntry): string =>
  size === 1 ? "1 byte" : `${size.toLocaleString("en")} bytes`;

/** What a power loss could not take. */
function keptText({ size, kept, named }: FileEntry): string {
  if (!named) return "its name is not fsynced";
  const bytes = kept.reduce((sum, [from, to]) => sum + to - from, 0);
  if (bytes === size) return size === 0 ? "empty" : "all fsynced";
  return bytes === 0 ? "none fsynced" : `${bytes.toLocaleString("en")} fsynced`;
}

/** Filled where the platter holds what is read. */
function keptBar({ size, kept, named }: FileEntry): SVGSVGElement {
  const bar = s("svg", { class: "kept-bar", viewBox: "0 0 100 8", "aria-hidden": "true" });
  bar.setAttribute("preserveAspectRatio", "none");
  bar.append(s("rect", { class: "kept-all", x: 0, y: 0, width: 100, height: 8 }));
  for (const [from, to] of named && size > 0 ? kept : []) {
    const [x, width] = [(100 * from) / size, (100 * (to - from)) / size];
    bar.append(s("rect", { class: "kept-part", x, y: 0, width, height: 8 }));
  }
  return bar;
}

function settings({ answer }: Looked): readonly HTMLElement[] {
  if (answer?.type !== "state" || answer.settings.length === 0) return [];
  const own = answer.settings.filter((setting) => setting.own);
  const others = answer.settings.filter((setting) => !setting.own);
  const more = h(
    "details",
    { class: "defaults" },
    h("summary", {}, `${others.length} as Kafka has them`),
  );
  more.append(settingList(others));
  return [h("h3", {}, "Settings"), settingList(own), more];
}

const settingList = (list: readonly Setting[]): HTMLElement =>
  h(
    "dl",
    { class: "settings" },
    ...list.flatMap(({ key, value }) => [
      h("dt", {}, key),
      h("dd", {}, value === "" ? "(empty)" : value),
    ]),
  );
