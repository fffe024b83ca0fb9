/*
 * <highwater-sim>: a lab in anybody's page. It is made when it comes near the screen, plays when somebody presses play,
 * stands still off the screen, and reaches for nothing around it: no globals, no network but its own worker.
 */
import { type Fault, type Scenario, ScenarioError, familyNames } from "#sim";
import { densities } from "./density.ts";
import { drawFamily, firstSeed } from "./draw-family.ts";
import { faultTypes } from "./model/fault-names.ts";
import { mountLab } from "./mount.ts";
import type { Lab, LabEvent, LabOptions } from "./options.ts";
import { parts } from "./panels/lab-panels.ts";
import { elementStyles } from "./theme/element-styles.ts";

const views: Readonly<Record<string, LabOptions["regions"]>> = {
  full: "all",
  stage: "stage",
  logs: "logs",
  time: "time",
};

/** Pixels before the screen's edge at which it is made. */
const nearPx = 300;

/**
 * Attributes: `scenario` (a name, or a family's), `seed`, `at` (virtual ms), `view` (full, stage, logs, time), `density`
 * (teach, lab, debug), `pace` (beat, even), `focus` (a partition), `controls` (all, minimal, none), `spoilers` (show,
 * hide), `theme` (auto, light, dark), `faults` (kinds that a reader may make by hand, with spaces between them; none if
 * empty), `print-at` (virtual ms shown on paper). Property `scenario` takes one as an object too. Slots: `fallback` until
 * it is there, `caption` below it. Events bubble: `hw-ready`, `hw-time`, `hw-beat`, `hw-violation`, `hw-fork`, `hw-error`,
 * each with `detail` `{ at, event?, message? }`. Its colours are `--hw-bg`, `--hw-ink` and the other names of
 * theme/tokens.css; its parts `frame` and those of the lab's regions.
 */
export class HighwaterSim extends HTMLElement {
  static readonly observedAttributes = [
    "scenario",
    "seed",
    "at",
    "view",
    "density",
    "pace",
    "focus",
    "controls",
    "spoilers",
    "theme",
    "faults",
  ];

  #lab: Lab | undefined;
  /** The draw that is waited for; another one, or none, is meant once something else is asked for. */
  #draw: Promise<Scenario> | undefined;
  #given: Scenario | undefined;
  #isNear = false;
  #frame = document.createElement("div");
  #problem = document.createElement("p");
  #fallback = document.createElement("slot");
  #watch: IntersectionObserver | undefined;
  #printedFrom: number | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const style = document.createElement("style");
    style.textContent = elementStyles;
    this.#frame.className = "frame";
    this.#frame.setAttribute("part", "frame");
    this.#frame.setAttribute("exportparts", parts.join(", "));
    this.#problem.className = "problem";
    this.#problem.setAttribute("role", "alert");
    this.#problem.hidden = true;
    this.#fallback.name = "fallback";
    const caption = document.createElement("slot");
    caption.name = "caption";
    root.append(style, this.#frame, this.#fallback, this.#problem, caption);
  }

  connectedCallback(): void {
    this.#watch = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: `${nearPx}px`,
    });
    this.#watch.observe(this);
    addEventListener("beforeprint", this.#print);
    addEventListener("afterprint", this.#printed);
  }

  disconnectedCallback(): void {
    this.#watch?.disconnect();
    removeEventListener("beforeprint", this.#print);
    removeEventListener("afterprint", this.#printed);
    this.#take();
    this.#isNear = false;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.#isWanted()) return;
    if (name === "at" && this.#lab !== undefined) this.seek(this.#number("at") ?? 0);
    else this.#make();
  }

  /** The run's hash once it is whole. */
  get hash(): string | undefined {
    return this.#lab?.hash;
  }

  /** Virtual milliseconds at which it stands. */
  get at(): number {
    return this.#lab?.at ?? this.#number("at") ?? 0;
  }

  /** A scenario as data instead of a name. */
  get scenario(): Scenario | undefined {
    return this.#given;
  }

  set scenario(scenario: Scenario | undefined) {
    this.#given = scenario;
    if (this.#isWanted()) this.#make();
  }

  play(): void {
    this.#lab?.play();
  }

  pause(): void {
    this.#lab?.pause();
  }

  step(events = 1): void {
    this.#lab?.step(events);
  }

  /** To a virtual time in milliseconds; `overMs`: real milliseconds in which it glides there. */
  seek(at: number, overMs?: number): void {
    this.#lab?.seek(at, overMs);
  }

  /** Adds faults at the shown time: the run goes its own way from there. */
  fork(faults: readonly Fault[]): void {
    this.#lab?.fork(faults);
  }

  /** The picture that is shown, as text; empty before there is one. */
  snapshot(): string {
    return this.#lab?.snapshot() ?? "";
  }

  /** It has been near the screen: it is there, is being drawn, or could not be made. */
  #isWanted(): boolean {
    return this.#lab !== undefined || this.#draw !== undefined || this.#isNear;
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    const isNear = entries.at(-1)?.isIntersecting === true;
    this.#isNear = isNear;
    if (!isNear) this.#lab?.pause();
    else if (this.#lab === undefined && this.#draw === undefined) this.#make();
  }

  #number(name: string): number | undefined {
    const text = this.getAttribute(name);
    if (text === null || text.trim() === "") return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0)
      throw new ScenarioError(name, `a number of milliseconds from 0 on, not ${text}`);
    return value;
  }

  #choice<T extends string>(name: string, known: readonly T[]): T | undefined {
    const value = this.getAttribute(name);
    if (value === null) return undefined;
    const found = known.find((one) => one === value);
    if (found === undefined)
      throw new ScenarioError(name, `one of ${known.join(", ")}, not ${value}`);
    return found;
  }

  /** Names with spaces between them. */
  #choices<T extends string>(name: string, known: readonly T[]): readonly T[] | undefined {
    const value = this.getAttribute(name);
    if (value === null) return undefined;
    return value
      .split(/\s+/)
      .filter((one) => one !== "")
      .map((one) => {
        const found = known.find((other) => other === one);
        if (found !== undefined) return found;
        throw new ScenarioError(name, `some of ${known.join(", ")}, not ${one}`);
      });
  }

  #options(): LabOptions {
    const at = this.#number("at");
    const seed = this.getAttribute("seed");
    const scenario = this.#given ?? this.getAttribute("scenario");
    const view = this.#choice("view", ["full", "stage", "logs", "time"]);
    const density = this.#choice("density", densities) ?? "teach";
    const pace = this.#choice("pace", ["beat", "even"]);
    const focus = this.getAttribute("focus");
    const controls = this.#choice("controls", ["all", "minimal", "none"]);
    const spoilers = this.#choice("spoilers", ["show", "hide"]);
    const theme = this.#choice("theme", ["auto", "light", "dark"]);
    const faults = this.#choices("faults", faultTypes);
    return {
      density,
      ...(view === undefined ? {} : { regions: views[view] ?? "all" }),
      ...(scenario === null ? {} : { scenario }),
      ...(seed === null ? {} : { seed }),
      ...(at === undefined ? {} : { at }),
      ...(pace === undefined ? {} : { pace }),
      ...(focus === null ? {} : { focus }),
      ...(controls === undefined ? {} : { controls }),
      ...(spoilers === undefined ? {} : { spoilers }),
      ...(theme === undefined ? {} : { theme }),
      ...(faults === undefined ? {} : { faults }),
      hear: (event) => this.#tell(event),
    };
  }

  /** Makes the lab anew; what is wrong with what was asked for is said in its place. */
  #make(): void {
    this.#take();
    try {
      const options = this.#options();
      const { scenario, seed = firstSeed } = options;
      if (typeof scenario === "string" && familyNames.includes(scenario))
        void this.#makeDrawn(scenario, seed);
      else this.#mount(options);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      this.#complain(error.message);
    }
  }

  /** The same, once a family has drawn what runs. */
  async #makeDrawn(family: string, seed: string): Promise<void> {
    const draw = drawFamily(family, seed);
    this.#draw = draw;
    try {
      const scenario = await draw;
      if (this.#draw !== draw) return;
      this.#mount({ ...this.#options(), scenario, family });
      this.#draw = undefined;
    } catch (error) {
      if (this.#draw !== draw) return;
      this.#draw = undefined;
      this.#complain(error instanceof Error ? error.message : String(error));
    }
  }

  #mount(options: LabOptions): void {
    this.#lab = mountLab(this.#frame, options);
    this.#problem.hidden = true;
    this.#fallback.hidden = true;
  }

  #complain(message: string): void {
    this.#problem.textContent = message;
    this.#problem.hidden = false;
    this.#tell({ type: "error", at: 0, message });
  }

  #take(): void {
    this.#draw = undefined;
    this.#lab?.unmount();
    this.#lab = undefined;
  }

  #tell({ type, ...detail }: LabEvent): void {
    this.dispatchEvent(new CustomEvent(`hw-${type}`, { detail, bubbles: true, composed: true }));
  }

  /** On paper it stands where the page says. */
  readonly #print = (): void => {
    const at = this.#number("print-at");
    if (at === undefined || this.#lab === undefined) return;
    this.#printedFrom = this.#lab.at;
    this.#lab.seek(at);
    this.#lab.snapshot();
  };

  readonly #printed = (): void => {
    if (this.#printedFrom !== undefined) this.#lab?.seek(this.#printedFrom);
    this.#printedFrom = undefined;
  };
}

/** Makes the element known to the page; a second time changes nothing. */
export function defineElement(): void {
  if (customElements.get("highwater-sim") === undefined)
    customElements.define("highwater-sim", HighwaterSim);
}
