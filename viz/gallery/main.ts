/*
 * The gallery: every mark in its telling states, as the lab draws it, and the panels at moments of real runs. Each mark
 * can be had as an SVG file that needs no style sheet; tests compare those files with stored ones.
 */
import { defaultScenario } from "#sim";
import { styled } from "../moment/styled.ts";
import { h, s } from "../panels/dom.ts";
import { styles } from "../theme/styles.ts";
import type { Chapter, MarkExample, PanelExample } from "./example.ts";
import "./gallery.css";
import { many } from "./many.ts";
import { nodes } from "./nodes.ts";
import { panels } from "./panel-examples.ts";
import { showPanel, wholeRun } from "./panels.ts";
import { strips } from "./strips.ts";
import { iconSheet, times } from "./times.ts";

const chapters: readonly Chapter[] = [strips, nodes, many, times, iconSheet];
const margin = 12;

function open(main: HTMLElement): void {
  const stages: HTMLElement[] = [];
  for (const { id, title, marks } of chapters) {
    const section = h("section", { id }, h("h2", {}, title));
    main.append(section);
    for (const mark of marks) {
      const { figure, host } = frameOf(mark, mark.dark === true);
      section.append(figure);
      if (mark.dark !== true) stages.push(host);
      drawMark(figure, host, mark);
    }
  }
  const section = h("section", { id: "panels" }, h("h2", {}, "Panels"));
  main.append(section);
  for (const panel of panels) {
    const { figure, host } = frameOf(panel, false);
    section.append(figure);
    stages.push(host);
    later(() => drawPanel(figure, host, panel));
  }
  // Once what was drawn last has been laid out, and drawn again where that gave it another size.
  later(() => requestAnimationFrame(() => later(() => main.setAttribute("data-whole", ""))));
  contents(main);
  themeButton(stages);
}

/** One after the other, so that the page can be looked at meanwhile. */
const later = (work: () => void): void => void setTimeout(work, 0);

/** A figure with a shadow root in it, where only the lab's own styles are known. */
function frameOf(
  { id, title, says }: MarkExample | PanelExample,
  isDark: boolean,
): { readonly figure: HTMLElement; readonly host: HTMLElement } {
  const host = h("div", { class: "drawing" });
  host.dataset["theme"] = isDark ? "dark" : "light";
  const name = h("a", { href: `#${id}` }, title);
  const figure = h("figure", { id }, host, h("figcaption", {}, h("strong", {}, name), ` ${says}`));
  return { figure, host };
}

/** A lab fills what it is put into; here each part is as high as it is, or as its figure says. */
const ownBox = `
  :host { container: none; }
  .lab { display: block; height: auto; padding: 0; }
  .lab > svg { max-width: 100%; height: auto; margin: 0 auto; }
  .lab > section { height: var(--room); min-width: 760px; }
  .lab > section.message-shapes { min-width: 1495px; }
  .message-shapes ol { display: flex; margin: 0; padding: 0; list-style: none; }
  .message-shapes li { width: 115px; flex: none; text-align: center; }
  .lab > dialog { position: static; max-height: none; }
`;

function insideOf(host: HTMLElement, ...inner: readonly Node[]): HTMLElement {
  const lab = h("div", { class: "lab" }, ...inner);
  host.attachShadow({ mode: "open" }).append(h("style", {}, styles + ownBox), lab);
  return lab;
}

function drawMark(figure: HTMLElement, host: HTMLElement, mark: MarkExample): void {
  const { width, height, density = "lab" } = mark;
  const [w, v] = [width + 2 * margin, height + 2 * margin];
  const group = s("g");
  const moved = s("g", { transform: `translate(${margin},${margin})` }, group);
  const ground = s("rect", { width: w, height: v, fill: "var(--bg)" });
  const svg = s("svg", { viewBox: `0 0 ${w} ${v}`, width: w, height: v, role: "img" });
  svg.setAttribute("aria-label", `${mark.title}: ${mark.says}`);
  svg.append(ground, ...(mark.defs === undefined ? [] : [mark.defs()]), moved);
  const lab = insideOf(host, svg);
  lab.dataset["density"] = density;
  mark.draw(group);
  const href = `data:image/svg+xml,${encodeURIComponent(svgFile(svg, mark))}`;
  const link = h("a", { class: "file", href, download: `${mark.id}.svg` }, "SVG");
  figure.querySelector("figcaption")?.append(" ", link);
}

/** The drawing as a file: looks as attributes, numbers to two places, an element a line. */
function svgFile(svg: SVGSVGElement, { title, says }: MarkExample): string {
  const copy = styled(svg);
  if (copy === undefined) throw new Error(`${title} is not to be seen`);
  copy.setAttribute("font-family", "system-ui, sans-serif");
  const name = s("title");
  name.textContent = `${title}: ${says}`;
  copy.prepend(name);
  const text = new XMLSerializer()
    .serializeToString(copy)
    .replaceAll(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100))
    .replaceAll("><", ">\n<");
  return `${text}\n`;
}

/** Runs that were made, by name. */
const runs = new Map<string, ReturnType<typeof wholeRun>>();

function drawPanel(figure: HTMLElement, host: HTMLElement, panel: PanelExample): void {
  const name = panel.run ?? defaultScenario;
  const run = runs.get(name) ?? wholeRun(name);
  runs.set(name, run);
  // A whole lab brings a shadow root of its own.
  const lab = panel.panel === "phone" ? host : insideOf(host);
  if (panel.height !== undefined) lab.style.setProperty("--room", `${panel.height}px`);
  showPanel(lab, panel, run);
  if (panel.run === undefined) return;
  figure.querySelector("figcaption")?.append(h("span", { class: "run" }, ` Run: ${panel.run}.`));
}

function contents(main: HTMLElement): void {
  const list = document.querySelector("nav");
  for (const section of main.querySelectorAll("section")) {
    list?.append(
      h("a", { href: `#${section.id}` }, section.querySelector("h2")?.textContent ?? ""),
    );
  }
}

function themeButton(stages: readonly HTMLElement[]): void {
  const button = document.querySelector<HTMLButtonElement>("button#theme");
  button?.addEventListener("click", () => {
    const isDark = document.documentElement.classList.toggle("is-dark");
    button.setAttribute("aria-pressed", String(isDark));
    for (const stage of stages) stage.dataset["theme"] = isDark ? "dark" : "light";
  });
}

const main = document.querySelector("main");
if (main !== null) open(main);
