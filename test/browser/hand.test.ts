// What a reader does to a run by hand, at the page itself: each is an edit of the scenario at the time at which it was done.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  fragmentOf,
  judge,
  library,
  limits,
  parseLink,
  parseScenario,
  type TraceEvent,
} from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function opened(path = "/#scenario=acks-1"): Promise<{ page: Page; hash: string }> {
  const { page } = await openPage(browser, path);
  const hash = await wholeHash(page);
  await page.locator(".lab").focus();
  return { page, hash };
}

/** The scenario that stands in the address, and what a run of it in Node comes to. */
async function fromAddress(page: Page) {
  await page.waitForTimeout(600);
  const { scenario } = parseLink(page.url());
  const events: TraceEvent[] = [];
  const { result } = judge(scenario, { listener: (event) => void events.push(event) });
  return { scenario, events, hash: result.hash };
}

test("a record sent by hand has its key in the log, and the link makes the same run", async () => {
  const { page, hash } = await opened();
  await page.keyboard.press("p");
  await page.getByRole("textbox", { name: "Key" }).fill("Zoe");
  await page.getByRole("textbox", { name: "Value" }).fill("from the front row");
  await page.keyboard.press("Enter");
  const after = await wholeHash(page, hash);
  const { scenario, events, hash: again } = await fromAddress(page);
  expect(scenario.faults.at(-1)).toMatchObject({ type: "produce", key: "Zoe" });
  expect(again).toBe(after);
  const told = events.find(
    (event) =>
      event.type === "called" && event.request.type === "send" && event.request.key === "Zoe",
  );
  const call = told?.type === "called" ? told.call : -1;
  const acked = events.find(
    (event) =>
      event.type === "result" &&
      event.node === told?.node &&
      event.call === call &&
      event.outcome.type === "acknowledged",
  );
  if (acked?.type !== "result" || acked.outcome.type !== "acknowledged")
    throw new Error("the record was not acknowledged");
  // What becomes of it is told without being asked for.
  const record = page.locator(".inspector");
  await expect.poll(() => record.getByText(/with key Zoe|, key Zoe/).count()).toBeGreaterThan(0);
  const toldAt = `${(acked.at / 1000).toLocaleString("en-US", { minimumFractionDigits: 3 })} ms`;
  await expect.poll(() => record.getByText(toldAt).count()).toBeGreaterThan(0);
  const clock = page.locator(".clock");
  await clock.fill(String(acked.at / 1000));
  await clock.press("Enter");
  const written = page.locator(`.lab > .logs .live .cell[data-offset="${acked.outcome.offset}"]`);
  await expect.poll(() => written.first().locator("text").textContent()).toBe("Zoe");
  await page.close();
});

test("settings change at this moment, and only those that were changed", async () => {
  const { page, hash } = await opened();
  await page.keyboard.press("g");
  await page.getByLabel("min.insync.replicas of orders").selectOption("2");
  await page.getByRole("button", { name: "Change them" }).click();
  const after = await wholeHash(page, hash);
  const { scenario, hash: again } = await fromAddress(page);
  expect(scenario.faults.at(-1)).toMatchObject({
    type: "configChange",
    topic: "orders",
    config: { "min.insync.replicas": 2 },
  });
  expect(again).toBe(after);
  await page.close();
});

test("a line drawn across links cuts them, both ways or one", async () => {
  const { page, hash } = await opened("/#scenario=first-light");
  const stage = await page.locator(".stage").boundingBox();
  if (stage === null) throw new RangeError("there is no stage");
  // Below the brokers, above the clients: across every link between them.
  const y = stage.y + stage.height * 0.72;
  await page.mouse.move(stage.x + 12, y);
  await page.mouse.down();
  await page.mouse.move(stage.x + stage.width / 2, y, { steps: 4 });
  await page.mouse.move(stage.x + stage.width - 12, y + 4, { steps: 4 });
  await page.mouse.up();
  const dialog = page.getByRole("dialog", { name: "Break the network" });
  const crossed = (await dialog.locator(".crossed").innerText()).split(", ");
  expect(crossed.length).toBeGreaterThan(2);
  await dialog.getByLabel("What").selectOption("forth");
  await dialog.getByRole("button", { name: "Do it" }).click();
  await wholeHash(page, hash);
  const { scenario, events } = await fromAddress(page);
  const cuts = scenario.faults.slice(-crossed.length);
  for (const cut of cuts) expect(cut).toMatchObject({ type: "cut", oneWay: true });
  expect(events.filter(({ type }) => type === "linkCut").length).toBeGreaterThanOrEqual(
    crossed.length,
  );
  await page.close();
});

test("heal ends what was cut, and undo and redo go through the edits", async () => {
  const { page, hash } = await opened();
  await page.locator('[data-node="b1"].card').focus();
  await page.keyboard.press("Shift+X");
  const cut = await wholeHash(page, hash);
  await page.keyboard.press("PageDown");
  await page.keyboard.press("h");
  const healed = await wholeHash(page, cut);
  const { events } = await fromAddress(page);
  const heal = events.find((event) => event.type === "fault" && event.fault.type === "heal");
  expect(
    events.filter(({ type, causes }) => type === "healed" && causes[0] === heal?.seq),
  ).not.toEqual([]);
  await page.keyboard.press("Control+z");
  expect(await wholeHash(page, healed)).toBe(cut);
  await page.keyboard.press("Control+z");
  expect(await wholeHash(page, cut)).toBe(hash);
  await page.keyboard.press("Control+Shift+Z");
  expect(await wholeHash(page, hash)).toBe(cut);
  await page.close();
});

test("the run that an edit leaves keeps a lane, and nothing moves for it", async () => {
  const { page, hash } = await opened("/#scenario=acks-1&t=3000");
  const eventsIn = (marks: string): Promise<readonly (string | null)[]> =>
    page.locator(marks).evaluateAll((all) => all.map((one) => one.getAttribute("data-event")));
  const boxOf = (part: string) => page.locator(part).first().boundingBox();
  const before = await eventsIn(".lanes-svg .turn");
  expect(before.length).toBeGreaterThan(2);
  const places = await Promise.all([".guarantees", ".axis", ".logs"].map(boxOf));
  await page.keyboard.press("h");
  await wholeHash(page, hash);
  await expect.poll(() => eventsIn(".other-lane .turn")).toEqual(before);
  expect(await Promise.all([".guarantees", ".axis", ".logs"].map(boxOf))).toEqual(places);
  await page.close();
});

test("two futures stand side by side, and the first event that differs is told", async () => {
  const { page, hash } = await opened("/#scenario=first-light");
  await page.locator('[data-node="b2"].card').focus();
  await page.keyboard.press("k");
  await wholeHash(page, hash);
  await page.getByRole("button", { name: "Compare" }).click();
  const other = page.getByRole("region", { name: "The other run" });
  await other.waitFor();
  const parts = await other.locator(".parts").innerText();
  const { scenario, events } = await fromAddress(page);
  const plain: TraceEvent[] = [];
  judge(
    { ...scenario, faults: scenario.faults.slice(0, -1) },
    { listener: (event) => void plain.push(event) },
  );
  const first = events.find((event, i) => JSON.stringify(event) !== JSON.stringify(plain[i]));
  expect(first?.type).toBe("fault");
  const told = ((first?.at ?? 0) / 1000).toLocaleString("en", { minimumFractionDigits: 3 });
  expect(parts).toContain(`They part at ${told} ms`);
  expect(parts).toContain("b2 crashes");
  // What the other run does next is named with its process, and with its time, which is later.
  const next = plain.find(({ seq }) => seq === first?.seq);
  const later = ((next?.at ?? 0) / 1000).toLocaleString("en", { minimumFractionDigits: 3 });
  expect(parts).toMatch(new RegExp(`Without: next, at ${later} ms, ${next?.node}\\b`));
  await expect.poll(() => page.locator(".compare .partition").count()).toBe(3);
  // Right behind the kill the two still hold the same records; at the end they do not.
  await page.keyboard.press("End");
  await page.waitForTimeout(400);
  const cells = (pane: string): Promise<string> => page.locator(`${pane} .strips`).innerHTML();
  expect(await cells(".lab > .logs")).not.toBe(await cells(".compare"));
  await other.getByRole("button", { name: "Turn to this one" }).click();
  await expect.poll(() => page.locator(".fingerprint").innerText()).toBe(hash);
  await page.close();
});

test("the scenario can be edited as JSON, and what is wrong is said at its line", async () => {
  const { page, hash } = await opened();
  await page.keyboard.press("j");
  const text = page.getByRole("textbox", { name: "Scenario as JSON" });
  const before = await text.inputValue();
  await text.fill(before.replace('"replicationFactor": 3', '"replicationFactor": "three"'));
  const state = page.locator(".schema-state");
  const line = before.split("\n").findIndex((one) => one.includes("replicationFactor")) + 1;
  await expect
    .poll(() => state.innerText())
    .toMatch(new RegExp(`^Line ${line}: topics\\.0\\.replicationFactor`));
  await text.fill(before.replace('"replicationFactor"', '"replicas"'));
  await expect
    .poll(() => state.innerText())
    .toBe(
      `Line ${line}: topics.0.replicas: unknown key "replicas"; expected one of name, partitions, replicationFactor, config`,
    );
  await text.fill(before.replace('"seed": "1"', '"seed": "1'));
  await expect.poll(() => state.innerText()).toMatch(/^Line \d+: not JSON/);
  await page.getByRole("button", { name: "Run it" }).click();
  await expect
    .poll(() => page.locator(".scenario-dialog .problem").innerText())
    .toContain("Mend it first");
  await text.fill(before.replace('"seed": "1"', '"seed": "77"'));
  await page.keyboard.press("Control+Enter");
  const after = await wholeHash(page, hash);
  expect((await fromAddress(page)).hash).toBe(after);
  await page.locator(".lab").focus();
  await page.keyboard.press("Control+z");
  expect(await wholeHash(page, after)).toBe(hash);
  await page.close();
});

test("one change more than a scenario can hold is refused with a sentence", async () => {
  const scenario = parseScenario({
    ...library.get("acks-1")?.(),
    faults: Array.from({ length: limits.faults }, () => ({
      type: "restart",
      atMs: 5000,
      target: { node: "b1" },
    })),
  });
  const { page, hash } = await opened(`/${fragmentOf(scenario, { atMs: 1500 })}`);
  await page.locator('[data-node="b1"].card').focus();
  await page.keyboard.press("k");
  await expect.poll(() => page.locator(".notice").innerText()).toContain("at most 64 faults");
  expect(await page.locator(".fingerprint").innerText()).toBe(hash);
  await page.close();
});

test("playing stops right behind what was waited for", { timeout: 120_000 }, async () => {
  const { page } = await opened("/#scenario=first-light");
  await page.keyboard.press("n");
  await page.getByRole("combobox", { name: "What" }).selectOption("election");
  await page.getByRole("button", { name: "Stop there" }).click();
  await expect.poll(() => page.locator(".stop-chips button").count()).toBe(1);
  await page.locator(".lab").focus();
  for (let i = 0; i < 6; i += 1) await page.keyboard.press(".");
  await page.keyboard.press("Space");
  const events: TraceEvent[] = [];
  const { scenario } = parseLink("#scenario=first-light");
  judge(scenario, { listener: (event) => void events.push(event) });
  const elected = events.find(
    (event) =>
      event.at > 3_002_500 &&
      event.type === "note" &&
      event.event.type === "partitionChanged" &&
      event.event.why !== "isr" &&
      event.event.why !== "created",
  );
  const clock = async (): Promise<number> => {
    const text = await page.locator(".clock").inputValue();
    return Math.round(Number(text.replace(/[^\d.]/g, "")) * 1000);
  };
  await expect.poll(clock, { timeout: 50_000 }).toBe(elected?.at);
  // It stands there.
  await page.waitForTimeout(500);
  expect(await clock()).toBe(elected?.at);
  await page.close();
});
