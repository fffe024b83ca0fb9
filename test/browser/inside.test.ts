import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advance, createWorld, DiskView, kafkaMachines, newRuntime, type TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { fromLibrary } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A run as the simulation makes it, to compare with: frames by the event that sent them. */
function ran(name: string) {
  const world = createWorld(fromLibrary(name));
  const events: TraceEvent[] = [];
  const frames = new Map<number, Uint8Array>();
  const recorder = {
    listener: (event: TraceEvent): void => void events.push(event),
    frames: (seq: number, bytes: Uint8Array): void => void frames.set(seq, bytes),
  };
  advance(world, newRuntime(kafkaMachines), recorder, Infinity);
  return { world, events, frames };
}

async function openLab(path = "/", size?: { width: number; height: number }) {
  const { page, errors } = await openPage(browser, path, size);
  await page.locator(".fingerprint", { hasText: /^[0-9a-f]{8,}$/ }).waitFor();
  return { page, errors };
}

/** The inspector, by key, at one of its tabs. */
async function openTab(page: Page, name: string): Promise<void> {
  await page.locator(".lanes").focus();
  await page.keyboard.press("i");
  const tab = page.getByRole("tab", { name });
  await tab.click();
  // What it shows comes with the next frame.
  await expect.poll(() => tab.getAttribute("aria-selected")).toBe("true");
}

const spoken = (page: Page, name: RegExp): Promise<string | null> =>
  page.getByRole("treeitem", { name }).first().getAttribute("aria-label");

/** What is marked among the bytes. */
const marked = (page: Page): Promise<string[]> =>
  page.locator(".hex-rows .byte[data-lit]").evaluateAll((all) => all.map((b) => b.textContent));

describe("a message", () => {
  test("tells in two presses which bytes carry a record's key", async () => {
    const { page, errors } = await openLab();
    await page.locator(".cell").last().click();
    const title = await page.locator(".inspector h3").first().innerText();
    await page.getByRole("button", { name: /^Bytes of the message: p\d sends it/ }).click();
    const key = page.getByRole("treeitem", { name: /^key / }).first();
    const name = (await key.getAttribute("aria-label")) ?? "";
    const [, text, at] = /^key "(\w+)", byte (\d+)$/.exec(name) ?? [];
    expect(title).toContain(`key ${text}`);
    await key.click();
    const codes = [...(text ?? "")].map((sign) => sign.charCodeAt(0).toString(16));
    await expect.poll(() => marked(page)).toEqual(codes);
    await expect.poll(() => page.locator(`.byte[data-at="${at}"]`).innerText()).toBe(codes.join());
    expect(errors).toEqual([]);
    await page.close();
  });

  test("shows the bytes that the run sent, and leads from a byte to its field and back", async () => {
    const { events, frames } = ran("acks-1");
    const { page, errors } = await openLab("/#scenario=acks-1");
    await openTab(page, "Message");
    const first = page.locator(".inspector .event").first();
    const seq = Number(await first.getAttribute("data-event"));
    expect(events[seq]?.type).toBe("sent");
    await first.click();
    await page.getByRole("treeitem").first().waitFor();
    const shown = await page.locator(".hex-rows .byte").allInnerTexts();
    expect(shown.join("")).toBe(Buffer.from(frames.get(seq)!).toString("hex"));

    // Beside it stands what of it ASCII can print.
    const signs = (await page.locator(".hex-signs").allInnerTexts())
      .join("")
      .replaceAll(/\s/g, " ");
    const printed = Buffer.from(frames.get(seq)!).toString("latin1");
    expect(signs).toBe(printed.replaceAll(/[^ -~]/g, "·"));

    // By pointer: a byte whose field is inside of the closed header, which is marked in its place.
    await page.locator('.byte[data-at="5"]').hover();
    await expect
      .poll(() => page.locator(".look-where").innerText())
      .toMatch(/^(correlationId|apiKey) /);
    const header = page.getByRole("treeitem", { name: /^header,/ });
    await expect.poll(() => header.getAttribute("data-lit")).toBe("true");
    await page.locator('.byte[data-at="5"]').click();
    const focused = page.locator("[role=treeitem]:focus");
    await expect.poll(() => focused.getAttribute("aria-label")).toMatch(/^(correlationId|apiKey) /);
    // By keyboard: arrows move through fields, and the bytes go along.
    await page.keyboard.press("Home");
    expect(await spoken(page, /^size /)).toBe(await focused.getAttribute("aria-label"));
    await expect.poll(() => marked(page)).toEqual(shown.slice(0, 4));
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => focused.getAttribute("aria-expanded")).not.toBeNull();
    await page.locator(".hex-rows").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".look-pane .said").innerText()).toMatch(/^size /);
    // The field of the byte under the cursor, and of one that is pressed, is in view.
    const isInView = (field: string) =>
      page.evaluate((marked) => {
        const lab = document.querySelector("#lab")!.shadowRoot!;
        const row = lab.querySelector(`${marked} > .tree-row`)?.getBoundingClientRect();
        const room = lab.querySelector(".look-fields")!.getBoundingClientRect();
        return row !== undefined && row.top >= room.top - 1 && row.bottom <= room.bottom + 1;
      }, field);
    await page.keyboard.press("End");
    await expect.poll(() => isInView(".tree [data-lit]")).toBe(true);
    await page.keyboard.press("Home");
    await expect.poll(() => isInView(".tree [data-lit]")).toBe(true);
    await page.locator(".sign").last().click();
    await expect.poll(() => isInView("[role=treeitem]:focus")).toBe(true);
    await expect.poll(() => marked(page)).toContain(shown.at(-1));
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe("a node", () => {
  test("shows its files and what is in them, and what of them is fsynced", async () => {
    const { page, errors } = await openLab("/#scenario=acks-1");
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await page.locator(".card[data-node=b2]").click();
    await page.getByRole("button", { name: "Look inside" }).click();
    await expect.poll(() => page.locator(".beliefs").innerText()).toMatch(/orders-0/);
    const { world } = ran("acks-1");
    const disk = new DiskView(world.nodes[world.names.get("b2")!]!.disk);
    await page.locator(".file").first().waitFor();
    const files = await page
      .locator(".file")
      .evaluateAll((all) => all.map((file) => (file as HTMLElement).dataset["path"] ?? ""));
    expect([...files].sort()).toEqual([...disk.paths()]);
    const path = files.find((file) => /^orders-0\/\d+\.log$/.test(file)) ?? "";
    const size = disk.size(path);
    const kept = disk.kept(path).ranges.reduce((sum, [from, to]) => sum + to - from, 0);
    const row = page.locator(`.file[data-path="${path}"]`);
    const name = (await row.getAttribute("aria-label")) ?? "";
    expect(name).toContain(`${size.toLocaleString("en")} bytes`);
    expect(name).toContain(kept === size ? "all fsynced" : kept === 0 ? "none" : String(kept));
    await row.click();
    expect(await spoken(page, /^batch 0 /)).toContain("offset 0");
    const bytes = await page.locator(".hex-rows .byte").allInnerTexts();
    const same = Buffer.from(disk.readAll(path)).toString("hex");
    expect(same.startsWith(bytes.join(""))).toBe(true);
    await expect
      .poll(() => page.locator(".hex-rows .byte.is-kept").count())
      .toBe(Math.min(bytes.length, kept));
    await page.getByRole("button", { name: "All files" }).click();
    await page.locator(".file[data-path='meta.properties']").click();
    expect(await spoken(page, /^node\.id /)).toContain('"2"');
    expect(errors).toEqual([]);
    await page.close();
  });

  test("shows the state of its process as a tree that keys open, and none while it is down", async () => {
    const { page, errors } = await openLab("/#scenario=acks-1");
    await openTab(page, "State");
    await page.getByLabel("Node", { exact: true }).selectOption("b3");
    await page.getByRole("treeitem", { name: /^partitions: / }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const focused = page.locator("[role=treeitem]:focus");
    await expect.poll(() => focused.getAttribute("aria-label")).toMatch(/^orders-0: /);
    await expect.poll(() => focused.getAttribute("aria-level")).toBe("2");
    await page.keyboard.press("ArrowRight");
    expect(await spoken(page, /^leaderEpoch: /)).toMatch(/^leaderEpoch: \d+$/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => focused.getAttribute("aria-label")).toMatch(/^partitions: /);

    const clock = await page.locator(".clock").inputValue();
    await page.locator(".card[data-node=b3]").focus();
    await page.keyboard.press("k");
    await expect.poll(() => page.locator(".inspector").innerText()).toContain("b3 is down");
    expect(await page.locator(".clock").inputValue()).toBe(clock);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe("a record", () => {
  test("that was lost is followed to the place, and to the fault behind it", async () => {
    const { events } = ran("acks-1");
    const { page, errors } = await openLab("/#scenario=acks-1");
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await openTab(page, "Record");
    await page.getByRole("combobox", { name: "Partition" }).selectOption("orders-0");
    await page.getByLabel("Offset or key").fill("31");
    await page.keyboard.press("Enter");
    const loss = page.getByRole("region", { name: "Where it was lost" });
    const rows = await loss
      .locator(".event")
      .evaluateAll((all) => all.map((row) => Number((row as HTMLElement).dataset["event"])));
    const [at, fault] = rows.map((seq) => events[seq]);
    expect(at?.type === "note" && at.event.type).toBe("partitionChanged");
    expect(fault?.type).toBe("fault");
    const life = page.getByRole("list", { name: "Life of the record" });
    const kinds = await life
      .locator("li")
      .evaluateAll((all) => all.map((step) => (step as HTMLElement).dataset["step"]));
    expect(kinds.slice(0, 5)).toEqual(["called", "batched", "sent", "received", "appended"]);
    expect(kinds).toContain("told");
    // Going back to its beginning leaves the life on the screen, what is to come with it.
    const first = life.locator(".event").first();
    const called = Number(await first.getAttribute("data-event"));
    await first.click();
    const ms = (events[called]!.at / 1000).toFixed(3).replace(/\B(?=(\d{3})+\.)/g, ",");
    await expect.poll(() => page.locator(".clock").inputValue()).toBe(`${ms} ms`);
    await expect.poll(() => first.getAttribute("aria-current")).toBe("step");
    await expect.poll(() => life.locator(".event.is-later").count()).toBe(kinds.length - 1);
    await expect.poll(() => page.locator(".standing").innerText()).toMatch(/^It is in no log/);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe("the inspector", () => {
  const sizes = [
    { width: 1280, height: 720 },
    { width: 1920, height: 1080 },
    { width: 390, height: 844 },
  ];

  test.each(sizes)("leaves the logs alone and cuts nothing off at $width", async (size) => {
    const { page, errors } = await openLab("/#scenario=acks-1", size);
    // On a phone the sheet answers Why.
    const whys = size.width < 760 ? [] : ["Why?"];
    for (const tab of ["Message", "Broker", "State", "Record", "Events", "Tables", ...whys]) {
      await openTab(page, tab);
      if (tab === "Message") await page.locator(".inspector .event").first().click();
      if (tab === "Broker") await page.locator(".file").first().waitFor();
      if (tab === "State") await page.getByRole("treeitem").first().waitFor();
      const problems = await page.evaluate(() => {
        const lab = document.querySelector("#lab")!.shadowRoot!;
        const box = (name: string): DOMRect => lab.querySelector(name)!.getBoundingClientRect();
        const [inspector, logs] = [box(".inspector"), box(".logs")];
        const found: string[] = [];
        const overlaps = inspector.right > logs.left + 1 && inspector.left < logs.right - 1;
        if (innerWidth >= 760 && overlaps) found.push("covers the logs");
        for (const part of lab.querySelectorAll<HTMLElement>(".inspector :not(.said, svg *)")) {
          const { scrollWidth, clientWidth } = part;
          if (clientWidth === 0 || part.matches("input, select, .look-where, .table-scroller"))
            continue;
          if (scrollWidth > clientWidth + 1) {
            found.push(`${part.className || part.tagName} ${part.textContent.slice(0, 30)}`);
          }
        }
        if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
        return found;
      });
      expect([tab, ...problems]).toEqual([tab]);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("keeps its height beside an open space–time diagram, which begins beside it", async () => {
    const { page } = await openLab("/#scenario=acks-1");
    await openTab(page, "Message");
    const box = (part: string) => page.locator(part).boundingBox();
    const before = await box(".inspector");
    await page.locator(".lanes").focus();
    await page.keyboard.press("3");
    await page.locator(".space-time").waitFor();
    expect(await box(".inspector")).toEqual(before);
    const [space, logs] = [await box(".space-time"), await box(".lab > .logs")];
    expect(space?.x).toBeGreaterThanOrEqual((before?.x ?? 0) + (before?.width ?? 0));
    expect(space?.x).toBeCloseTo(logs?.x ?? NaN, 0);
    // Alone it has the whole width.
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await box(".space-time"))?.width).toBeGreaterThan(1200);
    await page.close();
  });

  test("has tabs that arrows move along, and closes by key", async () => {
    const { page } = await openLab("/#scenario=acks-1");
    await openTab(page, "Why?");
    await page.keyboard.press("ArrowRight");
    const chosen = page.locator("[role=tab][aria-selected=true]");
    await expect.poll(() => chosen.innerText()).toBe("Record");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => chosen.innerText()).toBe("Tables");
    await page.keyboard.press("Escape");
    await page.locator(".inspector").waitFor({ state: "hidden" });
    await page.close();
  });
});
