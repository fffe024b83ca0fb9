/* What must be true of the picture itself: it is the trace up to a moment, however one got there, and things stay where they are. */
import { group } from "d3";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { picture, wholeHash } from "../support/lab-page.ts";
import { traceOf } from "../support/library-runs.ts";
import { sizes } from "../support/sizes.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openLab(path: string, viewport?: { width: number; height: number }): Promise<Page> {
  const { page } = await openPage(browser, path, viewport);
  await wholeHash(page);
  return page;
}

/** Frames come and go; what stands still after a few of them is what is shown. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(400);

async function goTo(page: Page, atMs: number): Promise<void> {
  const clock = page.locator(".clock");
  // On a phone it lies on a sheet of its own.
  if (!(await clock.isVisible()))
    await page.getByRole("tab", { name: "Time", exact: true }).click();
  await clock.fill(String(atMs));
  await clock.press("Enter");
  await expect.poll(() => clock.inputValue()).toContain(atMs.toLocaleString("en-US"));
  await settle(page);
}

/** Where marks stand that must stay where they are. */
const places = (page: Page): Promise<readonly string[]> =>
  page.locator(".card, .replica .row-name").evaluateAll((marks) =>
    marks.map((mark) => {
      const box = mark.getBoundingClientRect();
      const name = mark.getAttribute("data-node") ?? mark.textContent ?? "";
      return `${name} ${Math.round(box.left)} ${Math.round(box.top)}`;
    }),
  );

/** In the page: what is drawn and belongs to no event, though it is none of what stands there all run long. */
function marksWithoutEvent(): readonly string[] {
  const lab = document.querySelector("#lab")!.shadowRoot!;
  const found = new Set<string>();
  const standing =
    ".offsets, .lane-names, .lane-name, .axis, .partition-name, .row-ground, .stub, .playhead, .reach, .unknown, .wire, .is-unborn, .heartbeats, .st-row > text, .stage-legend, .stage-words";
  for (const shape of lab.querySelectorAll(
    ":is(.stage-svg, .strip, .lanes-svg, .st-svg) :is(rect, path, circle, line, text)",
  )) {
    const { width, height } = shape.getBoundingClientRect();
    if (width + height === 0 || getComputedStyle(shape).visibility !== "visible") continue;
    if (shape.closest(`[data-event], defs, ${standing}`) !== null) continue;
    const names = [shape, shape.parentElement, shape.parentElement?.parentElement];
    found.add(names.map((one) => one?.getAttribute("class") ?? one?.tagName).join(" < "));
  }
  return [...found];
}

describe("the picture", () => {
  test.each(sizes)(
    "is the same at a moment, however one comes there, at $width x $height",
    async (size) => {
      const page = await openLab("/#scenario=acks-1&t=6000", size);
      await settle(page);
      const byLink = await picture(page);
      await goTo(page, 0);
      expect(await picture(page)).not.toBe(byLink);
      await goTo(page, 6000);
      expect(await picture(page)).toBe(byLink);
      await page.locator(".lanes").focus();
      await page.keyboard.press("End");
      await settle(page);
      await goTo(page, 6000);
      expect(await picture(page)).toBe(byLink);
      // Played there from a little before, and stopped: the clock stands somewhere behind, and seeking back is the same.
      await goTo(page, 5900);
      await page.keyboard.press("Escape");
      const play = page
        .getByRole("button", { name: /^(Play|Pause)/ })
        .filter({ visible: true })
        .first();
      await play.click();
      await page.waitForTimeout(300);
      await play.click();
      await goTo(page, 6000);
      expect(await picture(page)).toBe(byLink);
      await page.close();
    },
  );

  test("has an event of the trace behind each of its marks", async () => {
    const page = await openLab("/#scenario=acks-1&t=6500");
    await settle(page);
    const marks = await page
      .locator("[data-event]")
      .evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-event"))));
    const events = traceOf("acks-1");
    expect(marks.length).toBeGreaterThan(100);
    for (const seq of new Set(marks)) expect(events[seq]?.seq).toBe(seq);
    // In stage and logs nothing is shown of what comes later.
    const drawn = await page
      .locator(".stage-svg [data-event], .strips [data-event]")
      .evaluateAll((all) => all.map((mark) => Number(mark.getAttribute("data-event"))));
    expect(Math.max(...drawn.map((seq) => events[seq]?.at ?? Infinity))).toBeLessThanOrEqual(6.5e6);
    await page.close();
  });

  test.each(sizes)(
    "draws nothing but grounds, axes and names without an event, at $width x $height",
    async (size) => {
      for (const moment of ["acks-1&t=5520", "unclean-election&t=7500", "three-racks&t=2500"]) {
        const page = await openLab(`/#scenario=${moment}`, size);
        await page.locator(".lab").focus();
        await page.keyboard.press("3");
        await settle(page);
        expect([moment, ...(await page.evaluate(marksWithoutEvent))]).toEqual([moment]);
        await page.close();
      }
    },
  );

  test.each(sizes)(
    "has one column for an offset, in every row, at $width x $height",
    async (size) => {
      const page = await openLab("/#scenario=first-light&t=2000", size);
      await settle(page);
      const cells = await page.locator(".strip .cell").evaluateAll((all) =>
        all.map((cell) => {
          const body = cell.querySelector(".body")?.getBoundingClientRect();
          const strip = cell.closest("[data-partition]")?.getAttribute("data-partition");
          return { column: `${strip} ${cell.getAttribute("data-offset")}`, left: body?.left ?? 0 };
        }),
      );
      const columns = group(cells, ({ column }) => column);
      expect(columns.size).toBeGreaterThan(5);
      for (const column of columns.values()) {
        const lefts = column.map(({ left }) => left);
        expect(column.length).toBeGreaterThan(1);
        expect(Math.max(...lefts) - Math.min(...lefts)).toBeLessThanOrEqual(1);
      }
      await page.close();
    },
  );

  test.each(sizes)(
    "keeps cards and rows in their places all run long, at $width x $height",
    async (size) => {
      const page = await openLab("/#scenario=acks-1&t=1000", size);
      await settle(page);
      const before = await places(page);
      expect(before.length).toBeGreaterThan(2);
      for (const atMs of [5600, 7000]) {
        await goTo(page, atMs);
        expect(await places(page)).toEqual(before);
      }
      await page.close();
    },
  );
});

test("a reader who asked for less motion sees nothing travel or glide", async () => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${inject("pages")}/#scenario=acks-1&t=5000`);
  await wholeHash(page);
  await settle(page);
  await page.locator(".play").click();
  await page.waitForTimeout(600);
  const running = await page.evaluate(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    const all = [...(lab?.querySelectorAll("*") ?? [])];
    return all.flatMap((element) => element.getAnimations()).length;
  });
  expect(running).toBe(0);
  // Playing stands at one beat after the other: between two of them the clock does not move.
  const clock = page.locator(".clock");
  const stood = await clock.inputValue();
  await page.waitForTimeout(300);
  expect(await clock.inputValue()).toBe(stood);
  await expect.poll(() => clock.inputValue(), { timeout: 10_000 }).not.toBe(stood);
  await context.close();
});

describe("a cell", () => {
  interface Sent {
    readonly key: string | null;
    readonly value: string;
    readonly bytes: number;
    readonly at: number;
    readonly node: string;
  }

  /** What was sent and stands on the leader of orders-0 by 4 s, by offset. */
  function standing(): ReadonlyMap<number, Sent> {
    const calls = new Map<string, Sent>();
    const batches = new Map<number, readonly (Sent | undefined)[]>();
    const records = new Map<number, Sent>();
    for (const event of traceOf("first-light")) {
      if (event.at > 4_000_000) break;
      const { node, at } = event;
      if (event.type === "called" && event.request.type === "send")
        calls.set(`${node} ${event.call}`, { ...event.request, at, node });
      if (event.type !== "note") continue;
      const { event: note } = event;
      if (note.type === "batched")
        batches.set(
          note.crc,
          note.calls.map((call) => calls.get(`${node} ${call}`)),
        );
      if (note.type !== "appended" || note.partition !== "orders-0") continue;
      for (const [index, record] of (batches.get(note.crc) ?? []).entries())
        if (record !== undefined) records.set(note.base + index, record);
    }
    return records;
  }

  const wanted: Readonly<Record<string, (sent: Sent) => string>> = {
    key: ({ key }) => key ?? "none",
    value: ({ value }) => (/\d+$/.exec(value)?.[0] ?? "none").slice(-3),
    time: ({ at }) => (at / 1_000_000).toFixed(1),
    from: ({ node }) => node,
    size: ({ bytes }) => `${bytes}`,
  };

  test("holds the key, and whatever else of its record one asks for, as the trace has it", async () => {
    const page = await openLab("/#scenario=first-light&t=4000");
    const records = standing();
    const choice = page.getByLabel("Text of the cells");
    for (const [name, text] of Object.entries(wanted)) {
      await expect
        .poll(() => choice.locator("option:checked").textContent())
        .toBe(`cells: ${name}`);
      await settle(page);
      const drawn = await page
        .locator('[data-partition="orders-0"] .cell')
        .evaluateAll((cells) =>
          cells.map((cell) => [cell.getAttribute("data-offset"), cell.textContent] as const),
        );
      expect(drawn.length).toBeGreaterThan(20);
      const told = drawn.map(([offset]) => {
        const record = records.get(Number(offset));
        return [offset, record === undefined ? "nothing" : text(record)];
      });
      expect(drawn).toEqual(told);
      await page.locator(".lanes").focus();
      await page.keyboard.press("c");
    }
    await expect.poll(() => choice.locator("option:checked").textContent()).toBe("cells: key");
  });
});
