/*
 * Six questions that somebody has in front of a run, answered through accessible names alone, each with at most three
 * actions, and compared with what the trace says.
 */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { traceOf } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const mostActions = 3;

/** A page whose run is whole, and a hand that counts what it does. */
async function opened(hash: string) {
  const { page, errors } = await openPage(browser, hash);
  await wholeHash(page);
  let actions = 0;
  const count = (): void => {
    actions += 1;
    expect(actions).toBeLessThanOrEqual(mostActions);
  };
  const press = async (on: Locator, key: string): Promise<void> => {
    count();
    await on.press(key);
  };
  const click = async (what: Locator): Promise<void> => {
    count();
    await what.click();
  };
  const close = async (): Promise<void> => {
    expect(errors).toEqual([]);
    await page.close();
  };
  return { page, press, click, close };
}

/** What the controllers last decided about a partition, up to a time in milliseconds. */
function decided(events: readonly TraceEvent[], partition: string, atMs: number) {
  const notes = events.flatMap((event) =>
    event.at <= atMs * 1000 && event.type === "note" && event.event.type === "partitionChanged"
      ? [event.event]
      : [],
  );
  const last = notes.findLast((note) => note.partition === partition);
  if (last === undefined) throw new RangeError(`nothing was decided about ${partition}`);
  return last;
}

/** Without its full stop. */
const stem = (sentence: string): string => sentence.replace(/\.$/, "");

const grid = (page: Page, partition: string): Locator =>
  page.getByRole("grid", { name: new RegExp(`^${partition}:`) });

const wordsOf = async (what: Locator): Promise<string> =>
  (await what.getAttribute("aria-label")) ?? "";

test("which broker leads partition 1?", async () => {
  const { page, close } = await opened("/#scenario=first-light&t=2000");
  const { leader } = decided(traceOf("first-light"), "orders-1", 2000);
  await expect.poll(() => wordsOf(grid(page, "orders-1"))).toContain(`led by b${leader} in epoch`);
  await close();
});

test("which acknowledged record was lost, and what killed it?", async () => {
  const { page, press, click, close } = await opened("/#scenario=unclean-election");
  await press(page.getByRole("group", { name: "Highwater, a simulated Kafka" }), "End");
  const card = page.getByRole("button", { name: /^N−1 of N may fail broken/ });
  await click(card);
  const dialog = page.getByRole("dialog", { name: "Guarantee" });
  const told = await dialog.innerText();
  const [, record, offset] =
    /(p1-\d+) was acknowledged .* at offset (\d+) of orders-0/.exec(told) ?? [];
  const events = traceOf("unclean-election");
  // The record was told to be there, and the verifier, which reads all that there is, did not get it.
  const isAcknowledged = events.some(
    (event) =>
      event.type === "result" &&
      event.outcome.type === "acknowledged" &&
      event.outcome.offset === Number(offset),
  );
  const read = events.flatMap((event) =>
    event.type === "result" && event.node === "v1" && event.outcome.type === "polled"
      ? event.outcome.records.map(({ value }) => value.split(" ")[0])
      : [],
  );
  expect(isAcknowledged).toBe(true);
  expect(read.length).toBeGreaterThan(20);
  expect(read).not.toContain(record);
  const crash = events.find((event) => event.type === "fault" && event.fault.type === "crash");
  const killer = dialog.getByRole("button", { name: /^behind it/ });
  expect(await killer.innerText()).toContain(crash?.type === "fault" ? stem(crash.sentence) : "?");
  await close();
});

test("who may be elected now?", async () => {
  const { page, close } = await opened("/#scenario=unclean-election&t=6500");
  const events = traceOf("unclean-election");
  const { isr, elr } = decided(events, "orders-0", 6500);
  const down = events.flatMap((event) =>
    event.type === "down" && event.at <= 6_500_000 ? [event.node] : [],
  );
  const may = [...isr, ...elr]
    .toSorted((a, b) => a - b)
    .map((id) => `b${id}`)
    .filter((name) => !down.includes(name));
  const told = may.length === 0 ? "nobody may lead" : `may lead: ${may.join(", ")}`;
  await expect.poll(() => wordsOf(grid(page, "orders-0"))).toContain(`; ${told}`);
  await close();
});

test("how far is consumer k1?", async () => {
  const { page, close } = await opened("/#scenario=first-light&t=2000");
  const read = traceOf("first-light").flatMap((event) =>
    event.type === "result" &&
    event.node === "k1" &&
    event.at <= 2_000_000 &&
    event.outcome.type === "polled"
      ? event.outcome.records
      : [],
  );
  for (const partition of ["orders-0", "orders-1", "orders-2"]) {
    const next = Math.max(
      ...read.filter((one) => one.partition === partition).map(({ offset }) => offset + 1),
    );
    await expect.poll(() => wordsOf(grid(page, partition))).toContain(`k1 reads on at ${next}`);
  }
  await close();
});

test("which bytes carry the key?", async () => {
  const { page, press, click, close } = await opened("/#scenario=first-light&t=2000");
  await press(grid(page, "orders-0"), "Enter");
  await click(page.getByRole("button", { name: /^Bytes of the message: p1 sends it/ }));
  const key = page.getByRole("treeitem", { name: /^key ".+", byte/ });
  await expect.poll(() => key.count()).toBe(1);
  const [, letter = "", at] = /^key "(.)", byte (\d+)/.exec(await wordsOf(key)) ?? [];
  // What is said of the bytes is in the bytes: rows of offset and eight bytes.
  const shown = await page.getByRole("group", { name: /^Bytes 0 to/ }).innerText();
  const bytes = shown.split(/\n/).flatMap((row) => row.match(/\b[0-9a-f]{2}\b/g) ?? []);
  expect(Number.parseInt(bytes[Number(at)] ?? "", 16)).toBe(letter.charCodeAt(0));
  await close();
});

test("at which event do these two futures part?", async () => {
  const { page, press, click, close } = await opened("/#scenario=first-light&t=2000");
  const before = await page.locator(".fingerprint").innerText();
  await click(page.getByRole("button", { name: /^b2,/ }));
  await click(page.getByRole("dialog").getByRole("button", { name: /^Kill/ }));
  await wholeHash(page, before);
  await press(page.getByRole("group", { name: "Highwater, a simulated Kafka" }), "y");
  const part = page.getByText(/^They part at/);
  await expect
    .poll(() => part.innerText())
    .toContain("They part at 2,000.000 ms. With: b2 crashes.");
  // What happens there without the change is the first event of the first run after the moment.
  const next = traceOf("first-light").find(({ at }) => at > 2_000_000);
  if (next === undefined || next.node === "") throw new RangeError("no process does anything more");
  expect(await part.innerText()).toMatch(
    new RegExp(`Without: next, at 2,000\\.\\d+ ms, ${next.node}[ ']`),
  );
  await close();
});
