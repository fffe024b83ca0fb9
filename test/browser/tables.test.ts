// Each region as a table, read through accessible names and compared with the trace.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { traceOf } from "../support/library-runs.ts";
import { goTo, wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const name = "unclean-election";
const events = traceOf(name);
const notes = (type: string) =>
  events.flatMap((event) => (event.type === "note" && event.event.type === type ? [event] : []));

async function opened(viewport = { width: 1280, height: 720 }) {
  const { page, errors } = await openPage(browser, `/#scenario=${name}`, viewport);
  await wholeHash(page);
  await goTo(page, 7500);
  await page.locator(".lanes").focus();
  await page.keyboard.press("a");
  return { page, errors };
}

/** The words of a row, by its column. */
async function row(page: Page, table: string | RegExp, named: string | RegExp) {
  const shown = page.getByRole("table", { name: table });
  await shown.waitFor();
  const columns = await shown.getByRole("columnheader").allInnerTexts();
  const line = shown.getByRole("row").filter({ has: page.getByRole("rowheader", { name: named }) });
  const header = await line.first().getByRole("rowheader").innerText();
  const cells = [header, ...(await line.first().getByRole("cell").allInnerTexts())];
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""]));
}

const choose = (page: Page, which: string) =>
  page.getByRole("button", { name: `${which} table`, exact: true }).click();

test("nodes, replicas, faults and promises are told in tables that follow the time", async () => {
  const { page, errors } = await opened();
  const at = "7,500.000 ms";
  const broker = await row(page, `Cluster at ${at}`, "b2");
  expect(broker).toMatchObject({ Kind: "broker", State: "up", Leads: "orders-0 (epoch 2)" });
  expect((await row(page, /^Cluster/, "b1"))["Follows"]).toBe("orders-0 (out)");
  expect((await row(page, /^Cluster/, "c1"))["Leads"]).toBe("the quorum, epoch 1");

  await choose(page, "Logs");
  const struck = notes("truncated")[0];
  if (struck?.event.type !== "truncated") throw new RangeError("nothing is struck");
  const replica = await row(page, `Logs at ${at}`, `orders-0 on ${struck.node}`);
  const from = String(struck.event.to);
  expect(replica).toMatchObject({ Role: "out of sync", "Log start": "0", "Log end": from });
  expect(replica["Epochs of its records"]).toBe(`e0 0–${struck.event.to - 1}`);
  const promised = events.filter(
    (event) =>
      event.at <= 7_500_000 && event.type === "result" && event.outcome.type === "acknowledged",
  ).length;
  expect(replica["Clients were told of"]).toBe(
    `${struck.event.to} kept, ${promised - struck.event.to} lost`,
  );
  // Back in time the rows tell of then.
  await goTo(page, 4500);
  await expect
    .poll(async () => (await row(page, /^Logs at 4,500/, "orders-0 on b3"))["Role"])
    .toBe("leader in epoch 0");
  expect((await row(page, /^Logs/, "orders-0 on b3"))["In sync with it"]).toBe("b3, b1");

  await choose(page, "Timeline");
  const timeline = page.getByRole("table", { name: /^Timeline/ });
  const seqs = await timeline
    .locator("tbody tr")
    .evaluateAll((all) => all.map((one) => Number(one.dataset["event"])));
  const faults = events.filter(({ type }) => type === "fault").map(({ seq }) => seq);
  expect(seqs).toEqual(expect.arrayContaining([...faults, struck.seq]));
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  const cut = await row(page, /^Timeline/, "3,000.000 ms");
  expect(cut).toMatchObject({ What: "fault", Until: "6,600.000 ms" });

  await page.locator(".lanes").focus();
  await page.keyboard.press("End");
  await choose(page, "Guarantees");
  await expect
    .poll(async () => (await row(page, /^Guarantees/, "N−1 of N may fail"))["Stands"])
    .toMatch(/^broken; not promised without clean elections/);
  expect(errors).toEqual([]);
  await page.close();
});

test("a row's name leads to the event that made it so, by keyboard", async () => {
  const { page } = await opened();
  const name = page.getByRole("rowheader", { name: "b2" }).getByRole("button");
  const seq = await page
    .locator(".region-table tbody tr", { has: name })
    .getAttribute("data-event");
  await name.focus();
  await page.keyboard.press("Enter");
  await page.locator(".why .event").first().waitFor();
  expect(await page.locator(".why .event").first().getAttribute("data-event")).toBe(seq);
  expect(events[Number(seq) - (events[0]?.seq ?? 0)]?.node).toBe("b2");
  await page.close();
});

test("a phone reaches them from its menu", async () => {
  const { page } = await openPage(browser, `/#scenario=${name}&t=7500`, {
    width: 390,
    height: 844,
  });
  await wholeHash(page);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Events", exact: true }).click();
  await page.getByRole("tab", { name: "Tables" }).click();
  await choose(page, "Timeline");
  await page.getByRole("rowheader", { name: "6,000.000 ms" }).getByRole("button").click();
  await expect
    .poll(() => page.getByRole("table", { name: /seen from 6,000.000 ms/ }).count())
    .toBe(1);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.close();
});
