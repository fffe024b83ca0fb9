/* Share: the link to this moment, the moment as a picture, and the run in the forms of other programs. */
import { encodeQR } from "qr";
import { type ExportKind, type Scenario, exportForms, exportName, isLongLink, runName } from "#sim";
import { blobOf, download, exportedFile } from "../files.ts";
import { paintedSvg } from "../moment/moment-png.ts";
import { momentSvg } from "../moment/moment-svg.ts";
import { h, iconButton, s, setAttribute, setText } from "./dom.ts";
import { timeText } from "./time.ts";
import type { LabView } from "./view.ts";

export interface ShareDialog {
  readonly element: HTMLDialogElement;
  /** `link` leads to the moment that is shown. */
  open(view: LabView, link: string): void;
}

/** `pictured` is what a picture of the moment shows; `choose` asks the reader for a file. */
export function shareDialog(pictured: () => HTMLElement, choose: () => void): ShareDialog {
  const said = h("p", { class: "share-said", role: "status" });
  const say = (text: string): void => setText(said, text);
  const address = h("input", {
    readonly: true,
    "aria-label": "Link to this moment",
    class: "share-link",
  });
  const copy = button("Copy link", () => void copied(address.value, "The link", say));
  const code = h("div", { class: "share-code" });
  const hint = h("p", { class: "hint" });
  let shown: LabView | undefined;
  const work = (make: (view: LabView) => Promise<string>): void => {
    if (shown === undefined) return;
    say("Being made …");
    make(shown).then(say, (error: unknown) => {
      say(`That did not work: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const picture = (ending: "svg" | "png"): HTMLButtonElement =>
    button(ending.toUpperCase(), () => work((view) => savedPicture(pictured(), view, ending)));
  const close = iconButton("cross", "Close", "Esc", () => element.close());
  const forms = h("ul", { class: "share-forms" }, ...formButtons(work));
  const element = h("dialog", { closedby: "any", class: "share-dialog", "aria-label": "Share" });
  const opened = h("div", { class: "share-row" });
  opened.append(
    button("Choose a file", () => {
      element.close();
      choose();
    }),
    h("span", {}, "a scenario, a trace, or your own records; or drop it on the lab"),
  );
  const left = h(
    "div",
    { class: "share-link-side" },
    h("div", { class: "share-row" }, address, copy),
    hint,
    h("h3", {}, "This moment as a picture"),
    h("div", { class: "share-row" }, picture("svg"), picture("png")),
  );
  element.append(
    h("header", { class: "share-head" }, h("h2", {}, "Share"), close),
    h("div", { class: "share-top" }, left, code),
    h("h3", {}, "This run in other programs"),
    forms,
    h("h3", {}, "Open a file"),
    opened,
    said,
  );
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  const open = (view: LabView, link: string): void => {
    shown = view;
    address.value = link;
    const isLong = isLongLink(link);
    setText(
      hint,
      isLong ? tooLong(link) : "Scenario, seed, time and view: whoever opens it sees this.",
    );
    code.replaceChildren(...(link.length > mostInCode ? [] : [qrCode(link)]));
    say("");
    element.showModal();
    address.setSelectionRange(0, link.length, "backward");
  };
  return { element, open };
}

/** More than that is too fine for a camera to read off a screen. */
const mostInCode = 900;

const tooLong = ({ length }: string): string =>
  `The link has ${Math.ceil(length / 1000)} kB, which many programs cut off: share the scenario's file instead, to be dropped on the lab.`;

const button = (label: string, press: () => void): HTMLButtonElement => {
  const element = h("button", { type: "button" }, label);
  element.addEventListener("click", press);
  return element;
};

function copied(text: string, what: string, say: (text: string) => void): Promise<void> {
  return navigator.clipboard.writeText(text).then(
    () => say(`${what} is copied.`),
    () => say("This page may not write to the clipboard: select the text and copy it."),
  );
}

/** Dark on light in either theme: cameras expect it. */
function qrCode(link: string): SVGSVGElement {
  const rows = encodeQR(link, "raw", { ecc: "low", border: 2 });
  const size = rows.length;
  const d = rows
    .flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x},${y}h1v1h-1z`] : [])))
    .join("");
  const svg = s("svg", { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img" });
  setAttribute(svg, "aria-label", "The link as a QR code");
  svg.append(s("rect", { width: size, height: size }), s("path", { d }));
  return svg;
}

type Work = (make: (view: LabView) => Promise<string>) => void;

function formButtons(work: Work): HTMLElement[] {
  return (Object.keys(exportForms) as ExportKind[]).map((kind) => {
    const { title, purpose } = exportForms[kind];
    const isCommand = kind === "command";
    const save = (view: LabView): Promise<string> =>
      isCommand ? copiedCommand(view.run.scenario) : savedRun(view.run.scenario, kind);
    const press = button(isCommand ? `Copy ${title.toLowerCase()}` : title, () => work(save));
    setAttribute(press, "data-form", kind);
    return h("li", {}, press, h("span", {}, purpose));
  });
}

async function savedRun(scenario: Scenario, kind: ExportKind): Promise<string> {
  const name = exportName(scenario, kind);
  download(await exportedFile(scenario, kind), name);
  return `${name} is saved.`;
}

async function copiedCommand(scenario: Scenario): Promise<string> {
  const command = (await (await exportedFile(scenario, "command")).text()).trim();
  let said = command;
  await copied(command, "The command line", (text) => {
    said = `${text} ${command}`;
  });
  return said;
}

async function savedPicture(
  lab: HTMLElement,
  { run: { scenario }, player }: LabView,
  ending: "svg" | "png",
): Promise<string> {
  const title = { scenario: scenario.name, seed: scenario.seed, time: timeText(player.at) };
  const svg = momentSvg(lab, title);
  const file = ending === "svg" ? blobOf(svg, "image/svg+xml") : await paintedSvg(svg);
  const name = `${runName(scenario)}-${(Math.floor(player.at) / 1000).toFixed(3)}ms.${ending}`;
  download(file, name);
  return `${name} is saved.`;
}
