// Files that are dropped on the lab, or chosen: a scenario, a trace, records of one's own.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  exportRun,
  fragmentOf,
  keyedBy,
  library,
  parseRecords,
  parseScenario,
  runScenario,
  type Scenario,
  withRecords,
} from "#sim";
import { launchBrowser, openPage } from "../support/browser.ts";
import { wholeHash } from "../support/lab-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const make = library.get("acks-1");
if (make === undefined) throw new Error("there is no scenario acks-1");
const short: Scenario = make();
const mine: Scenario = { ...short, name: "mine", seed: "9" };

async function openLab(viewport?: { width: number; height: number }) {
  const opened = await openPage(browser, `/${fragmentOf(short, { atMs: 1500 })}`, viewport);
  await wholeHash(opened.page);
  return opened;
}

/** Drags a file over the lab and lets it fall there. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([file, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], file));
      return data;
    },
    [name, content] as const,
  );
  const lab = page.locator(".lab");
  await lab.dispatchEvent("dragover", { dataTransfer: transfer });
  expect(await page.locator(".drop-hint").isVisible()).toBe(true);
  await lab.dispatchEvent("drop", { dataTransfer: transfer });
  expect(await page.locator(".drop-hint").isVisible()).toBe(false);
}

const notice = (page: Page) => page.locator(".notice");

describe("a file that is dropped on the lab", () => {
  test("may be a scenario", async () => {
    const { page, errors } = await openLab();
    await drop(page, "mine.json", JSON.stringify(mine, undefined, 2));
    const { hash } = runScenario(mine);
    await page.getByText(hash).waitFor();
    expect(await page.locator(".seed").inputValue()).toBe("9");
    expect(await notice(page).isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("may be a trace: the lab says whether its run is still the same", async () => {
    const { page } = await openLab();
    const trace = exportRun(mine, "ndjson").toString();
    await drop(page, "mine.ndjson", trace);
    await page.getByText("as in its trace").waitFor();
    await drop(
      page,
      "mine.ndjson",
      trace.replace(/"hash":"[0-9a-f]{16}"\}\n$/, '"hash":"0123456789abcdef"}\n'),
    );
    await expect
      .poll(() => notice(page).textContent())
      .toContain(
        "This trace was made by another version of Highwater. The run has another hash now.",
      );
    await page.close();
  });

  test("may hold records of one's own, once it is said which field is the key", async () => {
    const { page, errors } = await openLab();
    const text = "id,customer\n1,ada\n2,bob\n3,ada\n";
    await drop(page, "orders.csv", text);
    const dialog = page.getByRole("dialog", { name: "Your records" });
    await dialog.getByText("orders.csv has 3 records, with the fields id, customer.").waitFor();
    await dialog.getByLabel("Which field is the key?").selectOption("customer");
    const examples = await dialog.getByRole("listitem").allInnerTexts();
    expect(examples[0]).toBe('ada {"id":"1","customer":"ada"}');
    await dialog.getByRole("button", { name: "Send them" }).click();
    const table = parseRecords(text);
    const own = parseScenario(withRecords(short, keyedBy(table, "customer")));
    await page.getByText(runScenario(own).hash).waitFor();
    await expect
      .poll(() => notice(page).textContent())
      .toContain("orders.csv: all 3 records are sent.");
    // What is drawn says the keys, as far as a cell has room; the link has it all.
    await page.locator(".lab").focus();
    await page.keyboard.press("End");
    await expect
      .poll(() => page.locator(".strips text", { hasText: "ada" }).count())
      .toBeGreaterThan(0);
    await page.waitForTimeout(400);
    const there = await openPage(browser, new URL(page.url()).hash.replace("#", "/#"));
    await there.page.getByText(runScenario(own).hash).waitFor();
    expect([...errors, ...there.errors]).toEqual([]);
    await there.page.close();
    await page.close();
  });

  test("is told about if not all of its records could be sent", async () => {
    const { page } = await openLab();
    const rows = Array.from({ length: 2000 }, (_, i) => `{"n":${i}}`).join("\n");
    await drop(page, "many.ndjson", rows);
    const send = page.getByRole("button", { name: "Send them" });
    await send.click();
    await wholeHash(page, runScenario(short).hash);
    await expect
      .poll(() => notice(page).textContent())
      .toMatch(/^many\.ndjson: \d+ of 2000 records are sent, then the workload ends\.$/);
    await page.close();
  });

  test.each([
    ["a.csv", "a,b\n1", "a.csv: row 2: 1 cells; expected 2 (a, b)."],
    ["b.json", JSON.stringify({ ...mine, seed: 5 }), "b.json: seed: "],
    ["c.json", "[]", "c.json: line 1: a list begins here; expected one JSON object a line"],
    ["d.bin", "\0\0", "d.bin: this is no text; expected"],
  ])("that is wrong (%s) gets a sentence, and the run stays", async (name, content, told) => {
    const { page, errors } = await openLab();
    await drop(page, name, content);
    await expect.poll(() => notice(page).textContent()).toContain(told);
    expect(await wholeHash(page)).toBe(runScenario(short).hash);
    expect(errors).toEqual([]);
    await page.close();
  });
});

test("a file may be chosen instead, by keyboard", async () => {
  const { page, errors } = await openLab();
  await page.locator(".lab").focus();
  await page.keyboard.press("l");
  const choose = page.getByRole("button", { name: "Choose a file" });
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), choose.press("Enter")]);
  await chooser.setFiles({
    name: "mine.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(mine)),
  });
  await page.getByText(runScenario(mine).hash).waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

test.each([
  [1280, 720],
  [390, 844],
])("the question for the key fits at %i x %i", async (width, height) => {
  const { page } = await openLab({ width, height });
  const wide = Array.from(
    { length: 12 },
    (_, i) => `"field_with_a_long_name_${i}":"${"x".repeat(60)}"`,
  );
  await drop(page, "wide.ndjson", `{${wide.join(",")}}`);
  const dialog = page.getByRole("dialog", { name: "Your records" });
  const box = await dialog.boundingBox();
  expect((box?.x ?? -1) >= 0 && (box?.y ?? -1) >= 0).toBe(true);
  expect((box?.x ?? 0) + (box?.width ?? Infinity)).toBeLessThanOrEqual(width);
  expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(height);
  expect(await dialog.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(false);
  await page.close();
});
