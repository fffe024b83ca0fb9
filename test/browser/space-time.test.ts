import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { traceOf } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const name = "unclean-election";
/** The same run as on the page. */
const events = traceOf(name);

/** When a record is being copied: there is something to see. */
function busyMs(): number {
  const copied = events.find((event) => event.at > 1_000_000 && isCopy(event));
  if (copied === undefined) throw new RangeError("nothing is copied");
  return copied.at / 1000;
}

const isCopy = (event: TraceEvent): boolean =>
  event.type === "note" && event.event.type === "appended" && event.event.role === "follower";

/** The first record that was copied late enough, and what the trace says of it within its first milliseconds. */
function copiedRecord() {
  const copy = events.find((event) => event.at > 1_000_000 && isCopy(event));
  if (copy?.type !== "note" || copy.event.type !== "appended") throw new RangeError("no copy");
  const { base: offset, crc, partition } = copy.event;
  const appends = events.filter(
    (event) => event.type === "note" && event.event.type === "appended" && event.event.crc === crc,
  );
  const safe = events.find(
    (event) =>
      event.type === "note" &&
      event.event.type === "highWatermark" &&
      event.event.role === "leader" &&
      event.event.partition === partition &&
      event.event.offset > offset,
  );
  const told = events.find(
    (event) =>
      event.type === "result" &&
      event.outcome.type === "acknowledged" &&
      event.outcome.partition === partition &&
      event.outcome.offset === offset,
  );
  const called = events.find(({ seq, type }) => type === "called" && told?.causes.includes(seq));
  if (called?.type !== "called" || called.request.type !== "send" || told === undefined)
    throw new RangeError("nobody sent it");
  // Each of these steps began with the message that made it possible.
  const brought = [...appends, safe, told].flatMap((event) => {
    const got = events[(event?.causes[0] ?? -1) - (events[0]?.seq ?? 0)];
    return got?.type === "received" ? got.done : [];
  });
  return {
    offset,
    value: called.request.value.split(" ")[0],
    atMs: copy.at / 1000,
    messages: [...new Set(brought)].sort((a, b) => a - b),
    dots: appends.length + 2,
  };
}

const settle = (page: Page): Promise<void> => page.waitForTimeout(400);

async function openSpaceTime(viewport = { width: 1280, height: 720 }) {
  const opened = await openPage(browser, `/#scenario=${name}`, viewport);
  const { page } = opened;
  await page.waitForFunction(() => {
    const lab = document.querySelector("#lab")?.shadowRoot;
    return /^[0-9a-f]{8,}$/.test(lab?.querySelector(".fingerprint")?.textContent ?? "");
  });
  await page.locator(".lanes").focus();
  await page.keyboard.press("3");
  await page.locator(".st-plot").waitFor();
  return opened;
}

async function goTo(page: Page, atMs: number): Promise<void> {
  await page.locator(".clock").fill(String(atMs));
  await page.keyboard.press("Enter");
  await settle(page);
}

/** What is drawn: every message by its event, with the ends of its line in pixels. */
const drawnLines = (page: Page) =>
  page.locator(".st-line").evaluateAll((lines) =>
    lines.map((line) => {
      const way = line.querySelector(".st-way")?.getAttribute("d") ?? "";
      const [x1, y1, x2, y2] = [...way.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(Number);
      const number = (attribute: string): number => Number(line.getAttribute(attribute));
      return {
        event: number("data-event"),
        count: number("data-count"),
        lost: line.classList.contains("is-lost"),
        x1: x1 ?? NaN,
        y1: y1 ?? NaN,
        x2: x2 ?? NaN,
        y2: y2 ?? NaN,
      };
    }),
  );

/** Where rows are, by process. */
const rowsOf = async (page: Page): Promise<ReadonlyMap<string, number>> =>
  new Map(
    await page.locator(".st-row").evaluateAll((rows) =>
      rows.map((row): [string, number] => {
        const y = Number(row.querySelector("text")?.getAttribute("y"));
        return [row.getAttribute("data-node") ?? "", y - 4.5];
      }),
    ),
  );

const endOf = (message: number): TraceEvent | undefined =>
  events.find(
    (event) =>
      (event.type === "received" && event.done.includes(message)) ||
      (event.type === "lost" && event.message === message),
  );

describe("the space–time diagram on the page", () => {
  test("draws the trace: rows are processes, lines go from a sending to an end", async () => {
    const { page, errors } = await openSpaceTime();
    await goTo(page, busyMs());
    const lines = await drawnLines(page);
    const rows = await rowsOf(page);
    const single = lines.filter(({ count, lost }) => count === 1 && !lost);
    expect(single.length).toBeGreaterThan(5);
    // Two sendings give the scale; every other end has to lie where it puts it.
    const ends = single.map((line) => {
      const sent = events[line.event - (events[0]?.seq ?? 0)];
      const end = endOf(line.event);
      if (sent?.type !== "sent" || end === undefined) throw new RangeError("no such message");
      expect(line.y1).toBeCloseTo(rows.get(sent.node) ?? NaN, 1);
      expect(line.y2).toBeCloseTo(rows.get(sent.to) ?? NaN, 1);
      return { ...line, sentAt: sent.at, endAt: end.at };
    });
    const [first] = ends;
    const last = ends.at(-1);
    if (first === undefined || last === undefined) throw new RangeError("no lines");
    const scale = (last.x1 - first.x1) / (last.sentAt - first.sentAt);
    for (const { x1, x2, sentAt, endAt } of ends) {
      expect(x1).toBeCloseTo(first.x1 + (sentAt - first.sentAt) * scale, 0);
      expect(x2).toBeCloseTo(first.x1 + (endAt - first.sentAt) * scale, 0);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("in event order any two neighbours are as far apart, and a press means the time that stands there", async () => {
    const { page, errors } = await openSpaceTime();
    await goTo(page, busyMs());
    await page.getByRole("button", { name: "Event order" }).click();
    const times = async () => {
      const lines = (await drawnLines(page)).filter(({ count, x1 }) => count === 1 && x1 > 92);
      const sent = lines.map(({ event, x1 }) => ({
        x: x1,
        at: events[event - (events[0]?.seq ?? 0)]?.at ?? NaN,
      }));
      const ended = lines.flatMap(({ event, x2, lost }) => {
        const end = lost ? undefined : endOf(event);
        return end === undefined ? [] : [{ x: x2, at: end.at }];
      });
      return [...sent, ...ended].sort((a, b) => a.at - b.at || a.x - b.x);
    };
    // To scale the longest wait takes most of the room; in order none takes much more than another.
    const shares = async () => {
      const places = await times();
      const gaps = places.slice(1).map(({ x }, index) => x - (places[index]?.x ?? x));
      return Math.max(...gaps) / gaps.reduce((sum, gap) => sum + gap, 0);
    };
    await expect.poll(shares).toBeLessThan(0.25);
    const places = await times();
    expect(places.length).toBeGreaterThan(10);
    for (const [index, { x, at }] of places.entries()) {
      const before = places[index - 1];
      if (before === undefined) continue;
      if (at === before.at) expect(x).toBeCloseTo(before.x, 1);
      else expect(x).toBeGreaterThan(before.x);
    }
    // Where nothing is drawn a press goes to the time of that place.
    const { x, at } = places[3] ?? { x: NaN, at: NaN };
    await page.locator(".st-plot").click({ position: { x, y: 3 } });
    const ms = async () =>
      Number.parseFloat((await page.locator(".clock").inputValue()).replaceAll(",", ""));
    await expect.poll(ms).toBeGreaterThan((places[2]?.at ?? NaN) / 1000 - 0.001);
    expect(await ms()).toBeLessThanOrEqual((places[4]?.at ?? NaN) / 1000);
    expect(Math.abs((await ms()) - at / 1000)).toBeLessThan(3);
    const head = await page.locator(".space-time .playhead").getAttribute("d");
    expect(Math.abs(Number(/^M(-?[\d.]+),/.exec(head ?? "")?.[1]) + 5 - x)).toBeLessThan(2);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("a process that is down is a hatched gap, what was lost ends in ✗, a fault is a bar", async () => {
    const { page } = await openSpaceTime();
    const down = events.find(({ type }) => type === "down");
    const fault = events.find(({ type }) => type === "fault");
    if (down === undefined || fault?.type !== "fault") throw new RangeError("nothing breaks");
    await goTo(page, down.at / 1000);
    const gap = page.locator(`.st-row[data-node=${down.node}] .st-span[data-event="${down.seq}"]`);
    expect(await gap.evaluate((mark) => getComputedStyle(mark).fill)).toContain("st-hatch");
    await goTo(page, fault.at / 1000);
    const bars = page.locator(`.st-faults [data-event="${fault.seq}"]`);
    await expect.poll(() => bars.count()).toBe(fault.targets.length);

    const lost = events.find(({ type, at }) => type === "lost" && at > 4_000_000);
    if (lost?.type !== "lost") throw new RangeError("nothing is lost");
    await goTo(page, lost.at / 1000);
    const drawn = await drawnLines(page);
    expect(drawn.some((line) => line.lost)).toBe(true);
    await page.close();
  });

  test("the keyboard walks it, says what is there, and Enter asks why", async () => {
    const { page, errors } = await openSpaceTime();
    await goTo(page, busyMs());
    const before = await page.locator(".clock").inputValue();
    await page.locator(".st-plot").focus();
    await page.keyboard.press("ArrowRight");
    const said = page.locator(".space-time .said");
    const first = await said.innerText();
    expect(first).toMatch(/ ms (c|b|p)\d .*(sends|gets|copies|writes|hands over|is told)/);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => said.innerText()).not.toBe(first);
    expect(await page.locator(".clock").inputValue()).toBe(before);
    await page.keyboard.press("Enter");
    await page.locator(".why > li").first().waitFor();
    await expect
      .poll(() => page.locator(".st-hop").count())
      .toBe(await page.locator(".why > li").count());
    expect(errors).toEqual([]);
    await page.close();
  });

  test("the table has the same, and is walked by arrows", async () => {
    const { page } = await openSpaceTime();
    await goTo(page, busyMs());
    const lines = await drawnLines(page);
    await page.locator(".st-controls").getByText("Table", { exact: true }).click();
    const cells = page.locator(".st-table td");
    await cells.first().waitFor();
    const shown = await cells.evaluateAll((all) =>
      all.map((cell) => Number(cell.dataset["event"])),
    );
    for (const { event, x1 } of lines) if (x1 > 92) expect(shown).toContain(event);
    await cells.first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    const place = page.locator(".st-table td[tabindex='0']");
    await expect.poll(() => place.count()).toBe(1);
    expect(await place.evaluate((cell) => cell.matches(":focus"))).toBe(true);
    const chosen = await place.getAttribute("data-event");
    await page.keyboard.press("Enter");
    await settle(page);
    expect(await page.locator(".why .event").first().getAttribute("data-event")).toBe(chosen);
    await page.close();
  });

  test("filters hide lines and say so; zooming out folds and counts", async () => {
    const { page } = await openSpaceTime();
    await goTo(page, busyMs());
    const filters = page.locator(".st-controls").getByRole("button", { name: "Filters" });
    await filters.click();
    await page.getByLabel("API").selectOption("Produce");
    await settle(page);
    const lines = await drawnLines(page);
    for (const { event } of lines) {
      const sent = events[event - (events[0]?.seq ?? 0)];
      expect(sent?.type === "sent" ? sent.api : "").toBe("Produce");
    }
    await page.getByLabel("API").selectOption("");
    for (let zoom = 0; zoom < 8; zoom += 1) await page.getByLabel("Zoom out").click();
    await settle(page);
    const folded = await drawnLines(page);
    const told = await page.locator(".st-counted").innerText();
    const sum = folded.reduce((all, { count }) => all + count, 0);
    const hidden = /; [1-9]\d* heartbeats hidden$/;
    expect(told).toMatch(hidden);
    expect(told.replace(hidden, "")).toBe(`${sum} messages, as ${folded.length} lines`);
    expect(folded.length).toBeLessThan(sum);
    await page.close();
  });

  test("writes its filters and what it counts in full where there is least room", async () => {
    const { page } = await openSpaceTime();
    await page.getByText("Debug", { exact: true }).click();
    await goTo(page, 4005);
    await page.locator(".st-controls").getByRole("button", { name: "Filters" }).click();
    const cut = () =>
      page
        .locator(":is(.st-controls, .st-filters):visible :is(select, button, span)")
        .evaluateAll((all) =>
          (all as HTMLElement[]).flatMap((one) => {
            const { width, height } = one.getBoundingClientRect();
            one.style.cssText = "flex:none;width:max-content;min-width:0;max-width:none";
            const full = one.getBoundingClientRect();
            one.style.cssText = "";
            return full.width > width + 1 || height > 30 ? [one.textContent] : [];
          }),
        );
    await page.locator(".st-counted", { hasText: "hidden" }).waitFor();
    expect(await cut()).toEqual([]);
    const bar = page.locator(".st-controls");
    expect(await bar.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(0);
    await page.close();
  });

  test("one record alone: named by keyboard, told in words, walked step by step, and all again", async () => {
    const { page, errors } = await openSpaceTime();
    const record = copiedRecord();
    await goTo(page, record.atMs);
    const everything = (await drawnLines(page)).length;
    const opener = page.getByRole("button", { name: "Record…" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => opener.getAttribute("aria-expanded")).toBe("true");
    const group = page.getByRole("group", { name: "One record" });
    await group.getByLabel("The record to show alone").fill(String(record.offset));
    await page.keyboard.press("Enter");
    const status = group.getByRole("status").last();
    await expect
      .poll(() => status.innerText())
      .toMatch(
        new RegExp(`^Only ${record.value}(, key .*)?, in orders-0 at offset ${record.offset}:$`),
      );
    // What the trace says of it in this stretch: lines and dots.
    await expect
      .poll(async () => (await drawnLines(page)).map(({ event }) => event).sort((a, b) => a - b))
      .toEqual(record.messages);
    expect(everything).toBeGreaterThan(record.messages.length);
    const dots = page.locator(".st-dot");
    const drawn = await dots.evaluateAll((all) =>
      all.map((dot) => Number(dot.getAttribute("data-count"))),
    );
    expect(drawn.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(record.dots);

    await group.getByRole("button", { name: "Next step of its life" }).click();
    const clock = page.locator(".clock");
    const ms = async () => Number.parseFloat((await clock.inputValue()).replaceAll(",", ""));
    await expect.poll(ms).toBeGreaterThan(record.atMs);
    await group.getByRole("button", { name: "Step before in its life" }).press("Enter");
    await expect.poll(ms).toBeCloseTo(record.atMs, 3);
    await group.getByRole("button", { name: "All records" }).press("Enter");
    await expect.poll(async () => (await drawnLines(page)).length).toBe(everything);
    await expect.poll(() => group.isVisible()).toBe(false);
    expect(await opener.evaluate((button) => button.matches(":focus"))).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("the record that is looked into is shown alone from its own tab, and all again", async () => {
    const { page, errors } = await openSpaceTime();
    const record = copiedRecord();
    await goTo(page, record.atMs);
    await page.locator(".lanes").focus();
    await page.keyboard.press("3");
    await page.locator(`.logs .live .cell[data-offset="${record.offset}"]`).first().click();
    const only = page.getByRole("button", { name: "Only this on space–time" });
    await only.click();
    await expect.poll(() => only.getAttribute("aria-pressed")).toBe("true");
    await expect
      .poll(async () => (await drawnLines(page)).map(({ event }) => event).sort((a, b) => a - b))
      .toEqual(record.messages);
    await only.press("Enter");
    await expect.poll(() => only.getAttribute("aria-pressed")).toBe("false");
    await expect
      .poll(async () => (await drawnLines(page)).length)
      .toBeGreaterThan(record.messages.length);
    expect(await page.locator(".space-time").isVisible()).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("a broken promise leads over its evidence to the fault, hop by hop, lit where each was", async () => {
    const { page, errors } = await openSpaceTime();
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await settle(page);
    await page.locator("[data-guarantee=acknowledged-survives]").click();
    const evidence = page.locator("dialog[open] .evidence-event");
    const kinds = await evidence.evaluateAll((all) => all.map((one) => one.dataset["evidence"]));
    expect(new Set(kinds)).toEqual(new Set(["promised", "behind", "outOfReach", "gone", "showed"]));
    await page.locator("dialog[open] [data-evidence=outOfReach]").click();
    await settle(page);
    const hops = page.locator(".why > .hop > .event");
    const seqs = await hops.evaluateAll((all) => all.map((one) => Number(one.dataset["event"])));
    expect(seqs.length).toBeGreaterThan(1);
    await expect.poll(() => page.locator(".st-hop").count()).toBe(seqs.length);
    const first = events[0]?.seq ?? 0;
    for (const [index, seq] of seqs.entries()) {
      const event = events[seq - first];
      await expect
        .poll(() => page.locator(".hop-place").innerText())
        .toContain(`${index + 1} of ${seqs.length}`);
      expect(await page.locator(".st-hop.is-here text").innerHTML()).toBe(String(index + 1));
      const at = Number.parseFloat((await page.locator(".clock").inputValue()).replaceAll(",", ""));
      expect(at).toBeCloseTo((event?.at ?? NaN) / 1000, 3);
      const node = event?.type === "fault" ? event.targets[0] : event?.node;
      const card = page.locator(`.card[data-node="${node}"]`);
      expect(await card.getAttribute("data-lit")).toBe(String(index + 1));
      if (index < seqs.length - 1) await page.getByText("Cause ›").click();
      await settle(page);
    }
    expect(events[(seqs.at(-1) ?? 0) - first]?.type).toBe("fault");
    await page.locator(".lanes").focus();
    await page.keyboard.press("Shift+W");
    await settle(page);
    expect(await page.locator(".st-hop.is-here text").innerHTML()).toBe(String(seqs.length - 1));
    expect(errors).toEqual([]);
    await page.close();
  });

  test("what else a hop needed is told beside it, with a chain of its own, and the chain stays", async () => {
    const { page, errors } = await openSpaceTime();
    const cut = events.find((event) => event.type === "fault" && event.fault.type === "cut");
    const isStrike = (event: TraceEvent): boolean =>
      event.type === "note" && event.event.type === "truncated";
    const strike = events.find(isStrike);
    await page.locator(".lanes").focus();
    await page.keyboard.press("3");
    await goTo(page, (strike?.at ?? 0) / 1000);
    await page.locator(".lanes").focus();
    await page.keyboard.press("Shift+U");
    await page.keyboard.press("w");
    const chain = page.locator(".why > .hop > .event");
    await chain.first().waitFor();
    const before = await chain.count();
    // One reason leads to the next: struck because b2 leads, b2 out of sync because it was cut off.
    const reason = (words: string) =>
      page.locator(".also", { hasText: words }).last().locator("> .event");
    await reason("also because b2 leads since this:").click();
    await reason("also because b2 was not in sync since this:").click();
    const shrunk = await reason("also because b2 was not in sync").getAttribute("data-event");
    const at = events[Number(shrunk) - (events[0]?.seq ?? 0)]?.at ?? NaN;
    const ms = async () =>
      Number.parseFloat((await page.locator(".clock").inputValue()).replaceAll(",", ""));
    await expect.poll(ms).toBeCloseTo(at / 1000, 3);
    const root = page.locator(".also .also .why-more .event").last();
    expect(Number(await root.getAttribute("data-event"))).toBe(cut?.seq);
    expect(await chain.count()).toBe(before);
    expect(await chain.first().getAttribute("data-event")).toBe(String(strike?.seq));
    // Pressed again it folds.
    await reason("also because b2 leads since this:").click();
    await expect.poll(() => root.isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });

  test.each([
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 390, height: 844 },
  ])("has its place at $width x $height", async (size) => {
    const { page } = await openSpaceTime(size);
    const box = await page.locator(".space-time").boundingBox();
    const bar = await page.locator(".timeline").boundingBox();
    if (box === null || bar === null) throw new RangeError("it is not there");
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(size.width);
    if (size.width === 1280) {
      expect(box.height).toBe(260);
      expect(Math.round(box.y + box.height)).toBe(496);
    } else expect(box.y + box.height).toBeLessThanOrEqual(bar.y + 1);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await page.keyboard.press("3");
    await settle(page);
    // On a big screen it has a place of its own, and stays.
    const stays = size.width === 1920;
    await expect.poll(() => page.locator(".space-time").isVisible()).toBe(stays);
    await page.close();
  });
});
