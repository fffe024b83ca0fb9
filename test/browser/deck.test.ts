import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Opens the deck at a slide and waits until reveal.js has laid it out. */
async function openDeck(
  slide: string,
  size: { width: number; height: number } = sizes[0],
): Promise<{ page: Page; errors: readonly string[] }> {
  const opened = await openPage(browser, `/slides/#/${slide}`, size);
  await opened.page.waitForSelector(".reveal.ready");
  return opened;
}

/** Presses on until every fragment of every slide was shown, and returns what was found on each slide's last step. */
async function presentAll<Found>(page: Page, look: () => Promise<Found>): Promise<Found[]> {
  const found: Found[] = [];
  const slides = await page.locator(".slides > section").count();
  for (let slide = 0; slide < slides; slide++) {
    const steps = await page.locator("section.present .fragment").count();
    for (let step = 0; step < steps; step++) await page.keyboard.press("ArrowRight");
    found.push(await look());
    await page.keyboard.press("ArrowRight");
  }
  return found;
}

describe("the deck", () => {
  test("opens without an error and asks no other place for anything", async () => {
    const { page, errors } = await openDeck("title");
    // Of the slide itself: the lab in a slide has headings of its own.
    const titles = await presentAll(page, () =>
      page.locator("css:light=section.present :is(h1, h2)").innerText(),
    );
    expect(titles).toContain("What is Kafka?");
    expect(new Set(titles).size).toBe(titles.length);
    // It would hide the slides' text from the browse mode of screen readers.
    expect(await page.locator("[role=application]").count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("has speaker notes on every slide, and they cover what the talk is about", async () => {
    const { page } = await openDeck("title");
    const notes = await page
      .locator(".slides > section")
      .evaluateAll((slides) =>
        slides.map((slide) => slide.querySelector(":scope > aside.notes")?.textContent ?? ""),
      );
    expect(notes.length).toBeGreaterThanOrEqual(10);
    for (const note of notes) expect(note.trim().split(/\s+/).length).toBeGreaterThan(20);
    const all = notes.join(" ");
    for (const topic of [
      /key, a value and a\s+timestamp/,
      /Same key, same\s+partition/,
      /a bookmark/,
      /First promise/,
      /Second promise/,
      /Third promise/,
      /Scalable.*Durable.*Fast/s,
    ]) {
      expect(all).toMatch(topic);
    }
    await page.close();
  });

  test("strikes out the definition until one sentence is left, and can go back", async () => {
    const { page } = await openDeck("what-kafka-is");
    const definition = page.locator(".definition");
    const whole = await definition.innerText();
    const phrases = await definition.locator(".strike").count();
    for (let press = 0; press < phrases; press++) {
      expect(await definition.locator("[role=deletion]").count()).toBe(press);
      await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("ArrowRight");
    const left = (await definition.innerText()).replaceAll(/\s+/g, " ").trim();
    expect(left).toBe(
      "Apache Kafka is a distributed commit log and open-sourced streaming platform",
    );
    for (let press = 0; press <= phrases; press++) await page.keyboard.press("ArrowLeft");
    expect(await definition.innerText()).toBe(whole);
    await page.close();
  });

  test("keeps a prediction and reveals the answer with the next press", async () => {
    const { page } = await openDeck("keys");
    const question = page.locator("section.present .predict");
    await page.keyboard.press("a");
    await page.keyboard.press("b");
    expect(await question.locator("[aria-pressed=true]").innerText()).toContain("per partition");
    expect(await question.getAttribute("class")).not.toContain("revealed");
    // The records come first, one with each press.
    const presses = await page.locator("section.present .fragment").count();
    for (let press = 1; press < presses; press++) await page.keyboard.press("ArrowRight");
    expect(await question.getAttribute("class")).not.toContain("revealed");
    await page.keyboard.press("ArrowRight");
    expect(await question.getAttribute("class")).toContain("revealed");
    await question.getByText("none").click();
    expect(await question.locator("[aria-pressed=true]").innerText()).toContain("per partition");
    await page.close();
  });

  test.each(sizes)(
    "fits its slides at $width x $height, in letters to be read from afar",
    async (size) => {
      const { page } = await openDeck("title", size);
      const problems = await presentAll(page, () => page.evaluate(layoutProblems));
      expect(problems.flat()).toEqual([]);
      await page.close();
    },
  );

  test.each(["guarantees", "bookmarks"])(
    "gives the live log the width of a phone (%s)",
    async (slide) => {
      const { page } = await openDeck(slide, sizes[2]);
      const frame = await page.locator("section.present .lab-frame").boundingBox();
      const strip = page.locator("section.present .strip").first();
      const width = async (): Promise<number> => (await strip.boundingBox())?.width ?? 0;
      await expect.poll(width).toBeGreaterThan(0.9 * (frame?.width ?? Infinity));
      await page.close();
    },
  );

  test("runs a simulation on the guarantees slide and tells its hash", async () => {
    const { page, errors } = await openDeck("guarantees");
    const caption = page.locator("section.present .caption[data-hash]");
    await caption.waitFor({ timeout: 30_000 });
    const hash = (await caption.getAttribute("data-hash")) ?? "";
    expect(hash).toMatch(/^[0-9a-f]{8,}$/);
    expect(await caption.innerText()).toContain(hash);
    // It would stand on the caption.
    expect(await page.locator(".slide-number").isVisible()).toBe(false);

    // Keys are the lab's while it has the focus; Escape gives them back.
    await page.locator(".card[data-node=b2]").focus();
    await page.keyboard.press("k");
    await page.waitForFunction(
      (before) => {
        const now = document.querySelector("section.present .caption")?.getAttribute("data-hash");
        return typeof now === "string" && now !== before;
      },
      hash,
      { timeout: 30_000 },
    );
    const address = page.url();
    await page.keyboard.press("ArrowRight");
    expect(page.url()).toBe(address);
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowRight");
    expect(page.url()).not.toBe(address);
    expect(errors).toEqual([]);
    await page.close();
  });
});

/** In the page: what sticks out of the present slide, and what is written smaller than 28 px. */
function layoutProblems(): string[] {
  const slide = document.querySelector("section.present");
  if (slide === null) return ["no slide is shown"];
  const bounds = slide.getBoundingClientRect();
  const problems: string[] = [];
  for (const part of slide.querySelectorAll("*")) {
    if (part.closest(".notes, .lab-frame") !== null) continue;
    const box = part.getBoundingClientRect();
    const name = `${slide.id}: ${part.tagName} ${part.textContent.trim().slice(0, 30)}`;
    const outside =
      box.left < bounds.left - 1 || box.right > bounds.right + 1 || box.bottom > bounds.bottom + 1;
    if (box.width > 0 && outside) problems.push(`${name} sticks out`);
    const writes = [...part.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
    );
    const size = Number.parseFloat(getComputedStyle(part).fontSize);
    if (writes && size < 28) problems.push(`${name} is written in ${size} px`);
  }
  return problems;
}
