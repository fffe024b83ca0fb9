// Everything that can be done in the lab is done twice: by keys alone, and with a fingertip on a phone.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

type Act = (page: Page) => Promise<void>;
/** Something on the page that the action changes. */
type Sign = (page: Page) => Promise<unknown>;

interface Action {
  readonly name: string;
  readonly keys: Act;
  readonly touch: Act;
  readonly changes: Sign;
}

const textOf =
  (selector: string): Sign =>
  (page) =>
    page.locator(selector).first().textContent();
const clock: Sign = (page) => page.locator(".clock").inputValue();
const run = textOf(".fingerprint");
const told = textOf(".sentence");
const isPlaying: Sign = (page) => page.locator("button.play").first().getAttribute("aria-label");
const speed = textOf(".reached");
const dialog: Sign = (page) =>
  page.locator("dialog[open]").evaluateAll((all) => all.map((one) => one.ariaLabel));
const shown =
  (selector: string): Sign =>
  (page) =>
    page.locator(selector).first().isVisible();
const inspector = shown(".lab > .inspector");

/** With the focus in the lab, on nothing in it. */
const press =
  (...keys: readonly string[]): Act =>
  async (page) => {
    await page.locator(".lanes").focus();
    for (const key of keys) await page.keyboard.press(key);
  };
const onCard =
  (node: string, key: string): Act =>
  async (page) => {
    await page.locator(`.card[data-node=${node}]`).focus();
    await page.keyboard.press(key);
  };

const tap =
  (role: "button" | "tab", name: string | RegExp): Act =>
  (page) =>
    page.getByRole(role, { name, exact: true }).filter({ visible: true }).first().tap();
/** A tab of the sheet, pressed once: pressed again it would grow. */
const sheet =
  (name: string): Act =>
  async (page) => {
    const tab = page.getByRole("tab", { name, exact: true });
    if ((await tab.getAttribute("aria-selected")) !== "true") await tab.tap();
  };
const inTurn =
  (...acts: readonly Act[]): Act =>
  async (page) => {
    for (const act of acts) await act(page);
  };
const menu = (name: string | RegExp): Act => inTurn(tap("button", "Menu"), tap("button", name));
const onTime = (name: string | RegExp): Act => inTurn(sheet("Time"), tap("button", name));
const onFaults = (name: string | RegExp): Act => inTurn(sheet("Faults"), tap("button", name));
const onChip =
  (node: string, deed: string): Act =>
  async (page) => {
    await page.locator(`.chip[data-node=${node}]`).tap();
    await page.locator("dialog[open]").getByText(deed, { exact: true }).tap();
  };
const tapTimeline =
  (share: number): Act =>
  async (page) => {
    const box = await page.locator(".lanes").boundingBox();
    if (box === null) throw new RangeError("there is no timeline");
    await page.touchscreen.tap(box.x + box.width * share, box.y + box.height - 6);
  };

const deed = (name: string, key: string, node: string, label: string): Action => ({
  name,
  keys: onCard(node, key),
  touch: onChip(node, label),
  changes: run,
});

const actions: readonly Action[] = [
  { name: "play", keys: press(" "), touch: tap("button", "Play"), changes: isPlaying },
  { name: "pause", keys: press(" "), touch: tap("button", "Pause"), changes: isPlaying },
  { name: "step", keys: press("ArrowRight"), touch: tap("button", "On"), changes: clock },
  { name: "step back", keys: press("ArrowLeft"), touch: tap("button", "Back"), changes: clock },
  {
    name: "next beat",
    keys: press("Shift+ArrowRight"),
    touch: tap("button", "What is told next"),
    changes: told,
  },
  {
    name: "last beat",
    keys: press("Shift+ArrowLeft"),
    touch: tap("button", "What was told before"),
    changes: told,
  },
  {
    name: "speed",
    keys: press("."),
    touch: async (page) => {
      await page.getByLabel("How fast").selectOption({ index: 5 });
    },
    changes: speed,
  },
  { name: "scrub", keys: press("PageDown"), touch: tapTimeline(0.3), changes: clock },
  {
    name: "to the start",
    keys: press("Home"),
    touch: tap("button", "To the start"),
    changes: clock,
  },
  { name: "next fault", keys: press("f"), touch: onTime("Fault"), changes: clock },
  { name: "next election", keys: press("e"), touch: onTime("Election"), changes: clock },
  { name: "next truncation", keys: press("u"), touch: onTime("Truncation"), changes: clock },
  { name: "next broken promise", keys: press("v"), touch: onTime("Broken"), changes: clock },
  {
    name: "find a record",
    keys: press("/"),
    touch: inTurn(menu("Events"), tap("tab", "Record")),
    changes: shown(".inspector .finder"),
  },
  { name: "close", keys: press("Escape"), touch: tap("button", "Close"), changes: inspector },
  {
    name: "tables",
    keys: press("a"),
    touch: inTurn(menu("Events"), tap("tab", "Tables")),
    changes: shown(".region-table"),
  },
  {
    name: "close the tables",
    keys: press("Escape"),
    touch: tap("button", "Close"),
    changes: inspector,
  },
  {
    name: "scrub back",
    keys: press("Home", "PageDown", "PageDown"),
    touch: tapTimeline(0.25),
    changes: clock,
  },
  deed("kill", "k", "b2", "Kill"),
  deed("start again", "r", "b2", "Start again"),
  { name: "undo", keys: press("Control+z"), touch: onTime("Undo the last change"), changes: run },
  { name: "redo", keys: press("Control+Shift+Z"), touch: onTime("Redo"), changes: run },
  { name: "compare", keys: press("y"), touch: menu("Compare"), changes: shown(".compare") },
  {
    name: "end comparing",
    keys: press("y"),
    touch: tap("button", "Close"),
    changes: shown(".compare"),
  },
  deed("pause a node", "z", "b1", "Pause"),
  deed("slow a node", "s", "b3", "Slow down"),
  deed("isolate a node", "Shift+X", "b3", "Isolate"),
  { name: "heal", keys: press("h"), touch: onFaults("Heal everything"), changes: run },
  deed("cut the power", "Shift+K", "b3", "Cut the power"),
  deed("stop a node", "t", "b2", "Stop cleanly"),
  deed("empty a disk", "d", "b2", "Empty the disk"),
  { name: "send a record", keys: press("p"), touch: onFaults("Send a record"), changes: dialog },
  { name: "change settings", keys: press("g"), touch: onFaults("Settings"), changes: dialog },
  {
    name: "cut a link",
    keys: press("x"),
    touch: inTurn(onFaults("Cut a link"), tap("button", "b2")),
    changes: dialog,
  },
  {
    name: "edit the scenario",
    keys: press("j"),
    touch: async (page) => {
      await menu("Change …")(page);
      await page.locator("dialog[open]").getByText("Scenario as JSON").tap();
    },
    changes: dialog,
  },
  { name: "stop when", keys: press("n"), touch: onTime("Stop at …"), changes: dialog },
  {
    name: "share",
    keys: press("l"),
    touch: menu("Share: link, picture, exports"),
    changes: dialog,
  },
  { name: "help", keys: press("?"), touch: menu("?"), changes: dialog },
  {
    name: "why",
    keys: press("w"),
    touch: sheet("Why"),
    changes: (page) => page.locator(".hop").filter({ visible: true }).count(),
  },
  { name: "close again", keys: press("Escape"), touch: sheet("Log"), changes: shown(".hop") },
  {
    name: "lens",
    keys: onCard("b1", "o"),
    touch: onChip("b1", "What it knows"),
    changes: shown(".lens"),
  },
  {
    name: "all again",
    keys: press("Escape"),
    touch: tap("button", "All again"),
    changes: shown(".lens"),
  },
  {
    name: "what stands in the cells",
    keys: press("c"),
    touch: async (page) => {
      await tap("button", "Menu")(page);
      await page.getByLabel("Text of the cells").selectOption("size");
      await tap("button", "Menu")(page);
    },
    changes: (page) => page.getByLabel("Text of the cells").inputValue(),
  },
  { name: "space–time", keys: press("3"), touch: menu("Space–time"), changes: shown(".st-plot") },
];

/** Does one after the other, and returns the names of those that changed what they are to change. */
async function tried(page: Page, channel: "keys" | "touch"): Promise<readonly string[]> {
  const done: string[] = [];
  await page.goto(`${inject("pages")}/#scenario=acks-1&t=2000`);
  await wholeHash(page);
  await expect.poll(() => page.locator(".strip .cell").count()).toBeGreaterThan(0);
  for (const action of actions) {
    const before = await action.changes(page);
    await action[channel](page).catch((error: unknown) => {
      throw new Error(`${action.name} by ${channel}: ${String(error)}`);
    });
    await expect
      .poll(() => action.changes(page), {
        message: `${action.name} by ${channel}`,
        timeout: 20_000,
      })
      .not.toEqual(before);
    if (action.changes === run) await wholeHash(page);
    if (action.changes === dialog) {
      const open = page.locator("dialog[open]");
      const close = open.getByRole("button", { name: /^(Close|Cancel|Leave it alone)/ });
      if (channel === "touch") await close.tap();
      else await page.keyboard.press("Escape");
      await expect.poll(() => open.count()).toBe(0);
    }
    done.push(action.name);
  }
  return done;
}

const all = actions.map(({ name }) => name);

test("by keys alone", { timeout: 240_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  expect(await tried(page, "keys")).toEqual(all);
  await page.close();
});

test("with a fingertip on a phone", { timeout: 240_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true });
  expect(await tried(page, "touch")).toEqual(all);
  await page.close();
});
