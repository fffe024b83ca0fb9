// The lab's own page, as browser tests wait for it.
import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";
import type { Frame } from "./sizes.ts";

/** Waits for a run to be whole, another one than that with the hash `not`, and returns its hash. */
export async function wholeHash(page: Page, not = ""): Promise<string> {
  await page.waitForFunction((before) => {
    const shown = document.querySelector("#lab")?.shadowRoot?.querySelector(".fingerprint");
    const text = shown?.textContent ?? "";
    return /^[0-9a-f]{16}$/.test(text) && text !== before;
  }, not);
  return page.locator(".fingerprint").innerText();
}

/** Types a virtual time in milliseconds into the clock, and waits until the lab stands there. */
export async function goTo(page: Page, atMs: number): Promise<void> {
  const clock = page.locator(".clock");
  // On a phone it lies on a sheet of its own.
  if (!(await clock.isVisible()))
    await page.getByRole("tab", { name: "Time", exact: true }).click();
  await clock.fill(String(atMs));
  await clock.press("Enter");
  await page.waitForFunction((shown) => {
    const now = document
      .querySelector("#lab")
      ?.shadowRoot?.querySelector<HTMLInputElement>(".clock");
    return now?.value.startsWith(shown);
  }, atMs.toLocaleString("en-US"));
  // Frames come and go; what stands still after a few of them is what is shown.
  await page.waitForTimeout(300);
}

/** Opens runs of the library one after the other, and shows moments of each (in milliseconds) to `visit`. */
export async function atMoments(
  browser: Browser,
  { theme, width, height }: Frame,
  moments: Readonly<Record<string, readonly number[]>>,
  visit: (page: Page, name: string, atMs: number) => Promise<void>,
): Promise<void> {
  for (const [name, times] of Object.entries(moments)) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    await page.goto(`${inject("pages")}/#scenario=${name}`);
    await wholeHash(page);
    for (const atMs of times) {
      await goTo(page, atMs);
      await visit(page, name, atMs);
    }
    await page.close();
  }
}

/** All that is drawn, attributes in the order of their names, so that equal pictures are equal texts. */
export function picture(page: Page): Promise<string> {
  return page.evaluate(() => {
    const lines = (element: Element): readonly string[] => {
      const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`);
      const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      const text = own.map(({ textContent }) => textContent).join("");
      const line = `${element.tagName} ${attributes.sort().join(" ")} ${text}`;
      // Which of how many sentences is told, depends on what comes later.
      const inner = [...element.children].filter((child) => !child.matches(".beat-pager"));
      return [line, ...inner.flatMap(lines)];
    };
    const lab = document.querySelector("#lab")?.shadowRoot;
    const drawn = lab?.querySelectorAll(".stage-svg, .logs, .narration, .guarantees .cards") ?? [];
    return [...drawn].flatMap(lines).join("\n");
  });
}
