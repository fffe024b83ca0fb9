// What is pressed in the logs, and which marks say what of a record, compared with the trace.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Scenario, type TraceEvent, fragmentOf, parseScenario } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { goTo, wholeHash } from "../support/lab-page.ts";
import { fromLibrary, traceOf } from "../support/library-runs.ts";
import { sizes } from "../support/sizes.ts";
import { toldInTrace } from "../support/told-in-trace.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A scenario of the library, by name, or one of the test's own. */
async function opened(
  scenario: string | Scenario,
  atMs: number,
  size?: { width: number; height: number },
) {
  const run = typeof scenario === "string" ? fromLibrary(scenario) : scenario;
  const { page, errors } = await openPage(browser, `/${fragmentOf(run)}`, size);
  await wholeHash(page);
  await goTo(page, atMs);
  return { page, errors };
}

const logs = ".lab > .logs";

/** Cells as `b1/28`, by a selector. */
const cellsWith = (page: Page, mark: string): Promise<readonly string[]> =>
  page
    .locator(`${logs} .cell${mark}`)
    .evaluateAll((cells) =>
      cells
        .map(
          (cell) =>
            `${cell.closest(".replica")?.getAttribute("data-node")}/${cell.getAttribute("data-offset")}`,
        )
        .sort(),
    );

/** Logs of orders-0 as the trace tells them up to a time: the batch at each offset. */
function heldAt(events: readonly TraceEvent[], atMs: number) {
  const held = new Map<string, Map<number, number>>();
  for (const event of events) {
    if (event.at > atMs * 1000) break;
    if (event.type !== "note" || !("partition" in event.event)) continue;
    const { node, event: note } = event;
    if (note.partition !== "orders-0") continue;
    const log = held.get(node) ?? new Map<number, number>();
    held.set(node, log);
    const cut =
      note.type === "truncated" ? note.to : note.type === "logOpened" ? note.end : Infinity;
    for (const offset of log.keys()) if (offset >= cut) log.delete(offset);
    if (note.type !== "appended") continue;
    for (let offset: number = note.base; offset < note.next; offset += 1) log.set(offset, note.crc);
  }
  return held;
}

/** Whose log holds at an offset what one of them has there. */
function holders(held: ReturnType<typeof heldAt>, node: string, offset: number) {
  const crc = held.get(node)?.get(offset);
  return [...held]
    .filter(([, log]) => crc !== undefined && log.get(offset) === crc)
    .map(([name]) => `${name}/${offset}`)
    .sort();
}

describe("a record that is looked into", () => {
  const name = "unclean-election";
  /** b2 leads, though it lacks what b1 and b3 have. */
  const atMs = 7425;

  test("is the one that was pressed: focus and marks are on it, on every replica that holds it", async () => {
    const held = heldAt(traceOf(name), atMs);
    const { page, errors } = await opened(name, atMs);
    const counts = new Set<number>();
    const rows = await cellsWith(page, "");
    for (const node of ["b1", "b3"]) {
      const own = rows.filter((cell) => cell.startsWith(node));
      for (const pressed of [own.at(-1)!, own[0]!]) {
        const offset = Number(pressed.split("/")[1]);
        await page
          .locator(`${logs} .replica[data-node=${node}] .live .cell[data-offset="${offset}"]`)
          .click();
        const wanted = holders(held, node, offset);
        expect(wanted).toContain(pressed);
        await expect.poll(() => cellsWith(page, "[aria-selected=true]")).toEqual(wanted);
        expect(await cellsWith(page, ".is-walked")).toEqual([pressed]);
        expect(await page.getByLabel("Offset or key").inputValue()).toBe(String(offset));
        counts.add(wanted.length);
      }
    }
    // Some are on all of them, some are not.
    expect(counts.size).toBeGreaterThan(1);
    // Keys go on from there.
    const [before] = await cellsWith(page, ".is-walked");
    await page.locator(`${logs} svg.strip`).first().press("ArrowRight");
    await expect
      .poll(() => cellsWith(page, ".is-walked"))
      .toEqual([before?.replace(/\d+$/, (offset) => String(Number(offset) + 1))]);
    // What is pressed beside the records points at none of them.
    await page.locator(`${logs} .epochs [data-event]`).first().click();
    await expect.poll(() => cellsWith(page, ".is-walked")).toEqual([]);
    expect(await cellsWith(page, "[aria-selected=true]")).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("is marked however it was named, and comes into the window; not once it is closed", async () => {
    const events = traceOf(name);
    const { page, errors } = await opened(name, 4000);
    const offset = 2;
    const wanted = holders(heldAt(events, 4000), "b1", offset);
    expect(await page.locator(`${logs} .cell[data-offset="${offset}"]`).count()).toBe(0);
    await page.locator(".lanes").focus();
    await page.keyboard.press("/");
    await page.getByLabel("Offset or key").fill(String(offset));
    await page.keyboard.press("Enter");
    await expect.poll(() => cellsWith(page, "[aria-selected=true]")).toEqual(wanted);
    expect(wanted.length).toBe(3);
    const told = page.locator(`${logs} .told rect.ring`);
    const seq = Number(await told.getAttribute("data-event"));
    expect(events[seq]).toMatchObject({
      type: "result",
      outcome: { type: "acknowledged", offset },
    });
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await expect.poll(() => page.locator(`${logs} .ring`).count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });
});

/** No broker's word reaches the producer for a while, and it gives up on records that are written all the same. */
function unanswered(): Scenario {
  const steady = fromLibrary("steady");
  const config = { "request.timeout.ms": 400, "delivery.timeout.ms": 800 };
  const producers = steady.workload.producers.map((one) => ({ ...one, config }));
  const between = [{ role: "brokers" }, { node: "p1" }];
  const cut = { type: "cut", atMs: 2000, forMs: 1500, between, oneWay: true };
  const workload = { ...steady.workload, producers };
  return parseScenario({ ...steady, name: "unanswered", workload, faults: [cut] });
}

describe("what clients were told", () => {
  test.each(sizes)(
    "says ? where a record stands of which its client does not know, at $width",
    async (size) => {
      const scenario = unanswered();
      const { page, errors } = await opened(scenario, 3200, size);
      const signs = [...toldInTrace(traceOf(scenario), "orders-0", 3200)];
      const unknown = signs.flatMap(([offset, sign]) => (sign === "?" ? [offset] : []));
      expect(unknown.length).toBeGreaterThan(2);
      const lane = page.locator(`${logs} .partition[data-partition=orders-0] .told`);
      const titles = lane.locator(".told-unknown title");
      await expect.poll(() => titles.count()).toBe(unknown.length);
      expect(new Set(await titles.allTextContents())).toEqual(
        new Set(["p1 was told that nobody knows whether it is written"]),
      );
      const columns = await lane.locator(".told-unknown").evaluateAll((marks) =>
        marks.map((mark) => {
          const middle = (one: Element): number => {
            const { left, right } = one.getBoundingClientRect();
            return (left + right) / 2;
          };
          const cells = [...mark.closest(".partition")!.querySelectorAll(".live .cell")];
          const above = cells.find((cell) => Math.abs(middle(cell) - middle(mark)) < 2);
          return Number(above?.getAttribute("data-offset"));
        }),
      );
      expect(columns.toSorted((a, b) => a - b)).toEqual(unknown.toSorted((a, b) => a - b));
      if (size.width > 760) {
        const shown = await page.locator(`${logs} .legend`).innerText();
        expect(shown).toContain("told: unknown");
      }
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  test("says by title who lacks a record that is not lost yet", async () => {
    const { page } = await opened("unclean-election", 7425);
    const lane = page.locator(`${logs} .told`);
    await expect.poll(() => lane.locator(".told-broken").count()).toBe(0);
    expect(await lane.locator("title").allTextContents()).toContain(
      "p1 was told that it is written; b2 lacks it, others have it",
    );
    await page.locator(`${logs} .replica[data-node=b1] .live .cell[data-offset="33"]`).click();
    const standing = page.locator(".standing");
    await expect.poll(() => standing.innerText()).toBe("The leader lacks it. Held by b1, b3.");
    await page.locator(`${logs} .told [data-event]`).last().click();
    await page
      .getByRole("button", { name: "The leader does not have the record by now. Why?" })
      .click();
    await expect
      .poll(() => page.locator(".why .event-told").first().innerText())
      .toContain("b2 now leads orders-0");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await goTo(page, 8500);
    await expect
      .poll(() => lane.locator(".told-broken title").first().textContent())
      .toBe("p1 was told that it is written, and no broker that is up has it");
    await page.close();
  });
});

describe("a row", () => {
  test("that differs says from whom, and which epoch its records are of", async () => {
    const atMs = 7425;
    const events = traceOf("unclean-election");
    const held = heldAt(events, atMs);
    const { page, errors } = await opened("unclean-election", atMs);
    const rows = await page.locator(`${logs} .replica`).evaluateAll((all) =>
      all.map((one) => ({
        node: one.querySelector(".row-name")!.textContent,
        word: one.querySelector(".row-word")!.firstChild!.textContent,
        title: one.querySelector(".row-word title")?.textContent,
        tags: [...one.querySelectorAll(".stray-epoch text")].map((tag) => tag.textContent),
        events: [...one.querySelectorAll(".stray-epoch")].map((tag) =>
          Number(tag.getAttribute("data-event")),
        ),
      })),
    );
    const leader = held.get("b2");
    for (const { node, word, title, tags, events: own } of rows) {
      const extra = [...(held.get(node) ?? [])].filter(
        ([offset, crc]) => leader?.get(offset) !== crc,
      );
      const differs = extra.length > 0;
      expect([node, word]).toEqual([node, node === "b2" ? "leader" : differs ? "≠ b2" : word]);
      expect(title).toBe(differs ? "differs from b2" : undefined);
      expect(tags).toEqual(differs ? ["e0"] : []);
      for (const seq of own)
        expect(events[seq]).toMatchObject({
          node,
          event: { type: "appended", base: extra[0]?.[0] },
        });
    }
    expect(rows.filter(({ tags }) => tags.length > 0).map(({ node }) => node)).toEqual([
      "b1",
      "b3",
    ]);
    const meaning = page.locator(`${logs} .legend li`, { hasText: "≠ differs" });
    await expect.poll(() => meaning.count()).toBe(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(sizes)("is torn where its log begins, at $width", async (size) => {
    const steady = fromLibrary("steady");
    const letGo = { type: "deleteRecords", atMs: 1000, partition: "orders-0", before: 5 };
    const scenario = parseScenario({ ...steady, name: "let-go", faults: [letGo] });
    const events = traceOf(scenario);
    const { page, errors } = await opened(scenario, 1100, size);
    const edges = page.locator(`${logs} .partition[data-partition=orders-0] .log-start`);
    await expect.poll(() => edges.count()).toBe(3);
    const drawn = await edges.evaluateAll((all) =>
      all.map((edge) => {
        const cells = [...edge.closest(".replica")!.querySelectorAll(".live .cell")];
        const [first] = cells;
        const { right } = edge.getBoundingClientRect();
        return {
          seq: Number(edge.getAttribute("data-event")),
          title: edge.querySelector("title")!.textContent,
          offset: Number(first?.getAttribute("data-offset")),
          apart: (first?.getBoundingClientRect().left ?? 0) - right,
        };
      }),
    );
    for (const { seq, title, offset, apart } of drawn) {
      expect(events[seq]).toMatchObject({
        type: "note",
        event: { type: "logStartRaised", partition: "orders-0", to: 5 },
      });
      expect(title).toMatch(/^The log of b[123] begins at 5: what was before is let go$/);
      expect(offset).toBe(5);
      expect(Math.abs(apart)).toBeLessThan(4);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each(["Teach", "Lab", "Debug"])(
    "has room for a star and “paused” in %s",
    async (density) => {
      const steady = fromLibrary("steady");
      const pause = { type: "pause", atMs: 2000, forMs: 500, target: { leaderOf: "orders-0" } };
      const scenario = parseScenario({ ...steady, name: "leader-pauses", faults: [pause] });
      const { page } = await opened(scenario, 2100);
      await page.getByRole("button", { name: density, exact: true }).click();
      const row = page.locator(`${logs} .replica`, { hasText: "paused" }).first();
      const star = row.locator(".row-star");
      await expect.poll(() => star.getAttribute("visibility")).toBe("visible");
      const [one, other] = [
        await star.boundingBox(),
        await row.locator(".row-word.is-bad").boundingBox(),
      ];
      if (one === null || other === null) throw new RangeError("star and word are not drawn");
      const isBeside = one.x + one.width <= other.x;
      const isAbove = one.y + one.height <= other.y;
      expect(isBeside || isAbove).toBe(true);
      await page.close();
    },
  );
});
