// Many brokers and partitions: racks, chips and tiles, small multiples and the heat strip, compared with the trace.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fragmentOf, manyBrokers, type TraceEvent } from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";
import { fromLibrary, traceOf } from "../support/library-runs.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Decided {
  readonly seq: number;
  readonly leader: number;
  readonly inSync: number;
  readonly replicas: number;
}

/** What the controller decided last about each partition, up to a time. */
function decisions(events: readonly TraceEvent[], atMs: number): ReadonlyMap<string, Decided> {
  const last = new Map<string, Decided>();
  for (const { seq, at, ...event } of events) {
    if (at > atMs * 1000 || event.type !== "note") continue;
    if (event.event.type !== "partitionChanged") continue;
    const { partition, leader, isr, replicas } = event.event;
    last.set(partition, { seq, leader, inSync: isr.length, replicas: replicas.length });
  }
  return last;
}

/** The shape that the design gives to such a partition; both scenarios set min.insync.replicas to 2. */
const shapeOf = ({ leader, inSync, replicas }: Decided): string => {
  if (leader === -1) return "is-offline";
  if (inSync < 2) return "is-belowMin";
  return inSync < replicas ? "is-under" : "is-full";
};

interface Drawn {
  readonly name: string;
  readonly shape: string;
  readonly event: number;
  readonly words: string;
}

const drawnTiles = (page: Page): Promise<readonly Drawn[]> =>
  page.locator(".tiles .tile:visible").evaluateAll((tiles) =>
    tiles.map((tile) => ({
      name: tile.getAttribute("data-partition") ?? "",
      shape: tile.querySelector(".health")?.getAttribute("class")?.replace("health ", "") ?? "",
      event: Number(tile.getAttribute("data-event") ?? -1),
      words: tile.getAttribute("aria-label") ?? "",
    })),
  );

const told = (events: readonly TraceEvent[], atMs: number, names: readonly string[]) => {
  const decided = decisions(events, atMs);
  return names.map((name) => {
    const one = decided.get(name);
    return { name, shape: one === undefined ? "is-absent" : shapeOf(one), event: one?.seq ?? -1 };
  });
};

/** Goes to times in milliseconds, and sees `count` tiles there as the trace has them. */
async function expectTiles(
  page: Page,
  events: readonly TraceEvent[],
  count: number,
  times: readonly number[],
): Promise<void> {
  const shown = async () =>
    (await drawnTiles(page)).map(({ name, shape, event }) => ({ name, shape, event }));
  for (const atMs of times) {
    await goTo(page, atMs);
    await expect
      .poll(shown, { message: `at ${atMs} ms`, timeout: 90_000 })
      .toEqual(told(events, atMs, namesOf(count)));
  }
}

async function goTo(page: Page, atMs: number): Promise<void> {
  await page.locator(".clock").fill(String(atMs));
  await page.keyboard.press("Enter");
}

const namesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `orders-${index}`);

describe("dozens", () => {
  const scenario = fromLibrary("three-racks");
  const events = traceOf(scenario);

  test("are chips in their racks and small multiples, as the trace has them", async () => {
    const { page, errors } = await openPage(browser, "/#scenario=three-racks");
    await wholeHash(page);
    await expectTiles(page, events, 24, [500, 1900, 3400, 3800]);
    await goTo(page, 2500);
    await page.locator(".mark[data-node=b2].is-down").waitFor();
    expect(await page.locator(".mark.is-chip.kind-broker").count()).toBe(12);
    const inB = await page
      .locator(".cards .mark.is-down")
      .evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-node")));
    expect(inB).toEqual(["b2", "b5", "b8", "b11"]);
    expect(await page.locator("[data-rack=rack-b]").textContent()).toBe("rack-b4 down");
    // In the legend the shapes of standings are seen, and each word stands clear of the next shape.
    const fills = await page
      .locator(".stage-legend rect.inline")
      .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).fill))]);
    expect(fills).toEqual(["none"]);
    const items = await page.locator(".stage-legend > g").evaluateAll((all) =>
      all.map((one) => {
        const { left, right } = one.getBoundingClientRect();
        return [left, right] as const;
      }),
    );
    for (const [index, [left]] of items.slice(1).entries())
      expect(left).toBeGreaterThan(items[index]?.[1] ?? NaN);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("stand still as they are, after time has flown and none of them kept up with it", async () => {
    const { page } = await openPage(browser, "/#scenario=three-racks&t=2000");
    await wholeHash(page);
    await page.locator(".lanes").focus();
    for (let i = 0; i < 7; i += 1) await page.keyboard.press(".");
    const clock = page.locator(".clock");
    const lines = page.locator(".tiles .tile:visible");
    const drawn = (): Promise<string> =>
      lines.evaluateAll((all) => all.map((one) => one.outerHTML).join("\n"));
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press(" ");
      await page.waitForTimeout(350);
      await page.keyboard.press(" ");
      await page.waitForTimeout(300);
      const flown = await drawn();
      const at = Number((await clock.inputValue()).replace(/[^0-9.]/g, ""));
      await page.keyboard.press("Home");
      await expect.poll(drawn).not.toBe(flown);
      await goTo(page, at);
      await expect.poll(drawn).toBe(flown);
      await page.locator(".lanes").focus();
    }
    await page.close();
  });

  test("a multiple opens its strip by pointer and by keys, and nothing changes its place", async () => {
    const { page } = await openPage(browser, "/#scenario=three-racks");
    await wholeHash(page);
    await goTo(page, 2500);
    const opened = (): Promise<string | null> =>
      page.locator(".strips .partition").getAttribute("data-partition");
    await page.locator(".tile[data-partition=orders-7]").click();
    await expect.poll(opened).toBe("orders-7");
    await page.keyboard.press("ArrowRight");
    await expect.poll(opened).toBe("orders-8");
    await page.keyboard.press("ArrowDown");
    await expect.poll(opened).toBe("orders-14");
    await page.keyboard.press("Home");
    await expect.poll(opened).toBe("orders-12");
    expect(await page.locator(".tile[tabindex='0']:visible").count()).toBe(1);
    const clock = await page.locator(".clock").inputValue();
    expect(clock).toContain("2,500");

    const places = async (): Promise<readonly string[]> =>
      page.locator(".tile:visible, .cards .mark").evaluateAll((marks) =>
        marks.map((mark) => {
          const { x, y } = mark.getBoundingClientRect();
          const name = mark.getAttribute("data-partition") ?? mark.getAttribute("data-node");
          return `${name} ${x} ${y}`;
        }),
      );
    const before = await places();
    await page.locator(".lanes").focus();
    await page.keyboard.press("End");
    await expect.poll(() => page.locator("[data-rack=rack-b]").textContent()).toBe("rack-b");
    expect(await places()).toEqual(before);
    await page.close();
  });

  test("the nodes are one tab stop with arrows, named in words, and keep their keys", async () => {
    const { page } = await openPage(browser, "/#scenario=three-racks");
    const first = await wholeHash(page);
    await goTo(page, 1500);
    await page.locator(".mark[data-node=b1].is-up").waitFor();
    expect(await page.locator(".card[tabindex='0']").count()).toBe(1);
    await page.locator(".card[tabindex='0']").focus();
    const focused = (): Promise<string | null> =>
      page.locator(".mark:focus").getAttribute("data-node");
    expect(await focused()).toBe("b1");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("b4");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("b10");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toBe("b4");
    const words = await page.locator(".mark:focus").getAttribute("aria-label");
    const leads = [...decisions(events, 1500).values()].filter(({ leader }) => leader === 4).length;
    expect(words).toContain(`b4, broker, up, rack-a, leads ${leads},`);
    expect(await page.locator(".stage-told").textContent()).toBe(words);
    await page.keyboard.press("k");
    await wholeHash(page, first);
    await page.locator(".mark[data-node=b4].is-down").waitFor();
    await page.close();
  });
});

describe("hundreds", () => {
  const scenario = manyBrokers({ brokers: 31, racks: 3, partitions: 101 });
  const events = traceOf(scenario);

  test("are tiles in their racks and a heat strip, as the trace has them", async () => {
    const { page, errors } = await openPage(browser, `/${fragmentOf(scenario)}`);
    await wholeHash(page);
    await expectTiles(page, events, 101, [1000, 1500, 2500, 2900]);
    await goTo(page, 2500);
    const under = [...decisions(events, 2500)].find(([, one]) => shapeOf(one) === "is-under");
    const [name, one] = under ?? ["", undefined];
    const tile = page.locator(`.tile[data-partition=${name}]`);
    await expect
      .poll(() => tile.getAttribute("aria-label"))
      .toMatch(
        new RegExp(
          `^${name}: under-replicated, led by b${one?.leader} in epoch \\d+, 2 of 3 in sync$`,
        ),
      );
    await tile.click();
    await expect
      .poll(() => page.locator(".strips .partition").getAttribute("data-partition"))
      .toBe(name);
    expect(await page.locator(".mark.is-tile.kind-broker").count()).toBe(31);
    expect(await page.locator(".rack").count()).toBe(3);
    expect(errors).toEqual([]);
    await page.close();
  });
});

test("a hundred brokers and a thousand partitions are drawn as the trace has them", async () => {
  const scenario = manyBrokers({ brokers: 100, racks: 5, partitions: 1000 });
  const atMs = 3750;
  const { page, errors } = await openPage(browser, `/${fragmentOf(scenario, { atMs })}`);
  const events = traceOf(scenario);
  await expectTiles(page, events, 1000, [atMs]);
  const down = page.locator(".mark.is-tile.kind-broker.is-down");
  const crashed = events.filter(
    (event) => event.type === "down" && event.how === "crash" && event.at <= atMs * 1000,
  );
  expect(crashed.length).toBe(20);
  expect(await down.count()).toBe(20);
  expect(await page.locator(".mark.is-tile.kind-broker").count()).toBe(100);
  expect(errors).toEqual([]);
  await page.close();
}, 180_000);

describe("messages on their way", () => {
  const scenario = fromLibrary("three-racks");
  const events = traceOf(scenario);

  /** Sent and neither received nor lost, by walking the trace. */
  function underWay(atMs: number): readonly Extract<TraceEvent, { type: "sent" }>[] {
    const open = new Map<number, Extract<TraceEvent, { type: "sent" }>>();
    for (const event of events) {
      if (event.at > atMs * 1000) break;
      if (event.type === "sent") open.set(event.seq, event);
      if (event.type === "received") for (const message of event.done) open.delete(message);
      if (event.type === "lost") open.delete(event.message);
    }
    return [...open.values()];
  }

  /** The first moment at which a heartbeat and something else are on their way. */
  function busyMoment(): number {
    const moment = events.find(({ at, type }) => {
      if (type !== "sent" || at < 1_200_000) return false;
      const apis = underWay(at / 1000).map(({ api }) => api);
      return apis.includes("BrokerHeartbeat") && apis.some((api) => api !== "BrokerHeartbeat");
    });
    return (moment?.at ?? NaN) / 1000;
  }

  test("are as many as the trace has, heartbeats only for who asks for them", async () => {
    const { page, errors } = await openPage(browser, "/#scenario=three-racks");
    await wholeHash(page);
    const atMs = busyMoment();
    await goTo(page, atMs);
    const all = underWay(atMs);
    const beats = all.filter(({ api }) => api === "BrokerHeartbeat").length;
    const canvas = page.locator(".stage canvas");
    const drawn = (name: string): Promise<number> =>
      canvas.getAttribute(`data-${name}`).then(Number);
    await expect.poll(() => drawn("under-way"), { timeout: 10_000 }).toBe(all.length);
    expect(await drawn("dots")).toBe(all.length - beats);
    const toggle = page.locator(".heartbeats");
    expect(await toggle.getAttribute("aria-label")).toBe(
      beats === 1 ? "1 heartbeat" : `${beats} heartbeats`,
    );
    await toggle.click();
    await expect.poll(() => drawn("dots"), { timeout: 10_000 }).toBe(all.length);
    expect(errors).toEqual([]);
    await page.close();
  });
});
