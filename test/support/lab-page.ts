// The lab's own page, as browser tests wait for it.
import type { Page } from "playwright-core";

/** Waits for a run to be whole, another one than that with the hash `not`, and returns its hash. */
export async function wholeHash(page: Page, not = ""): Promise<string> {
  await page.waitForFunction((before) => {
    const shown = document.querySelector("#lab")?.shadowRoot?.querySelector(".fingerprint");
    const text = shown?.textContent ?? "";
    return /^[0-9a-f]{16}$/.test(text) && text !== before;
  }, not);
  return page.locator(".fingerprint").innerText();
}

/** All that is drawn, attributes in the order of their names, so that equal pictures are equal texts. */
export function picture(page: Page): Promise<string> {
  return page.evaluate(() => {
    const lines = (element: Element): readonly string[] => {
      const attributes = [...element.attributes].map(({ name, value }) => `${name}=${value}`);
      const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      const text = own.map(({ textContent }) => textContent).join("");
      const line = `${element.tagName} ${attributes.sort().join(" ")} ${text}`;
      return [line, ...[...element.children].flatMap(lines)];
    };
    const lab = document.querySelector("#lab")?.shadowRoot;
    const drawn = lab?.querySelectorAll(".stage-svg, .logs, .narration, .guarantees .cards") ?? [];
    return [...drawn].flatMap(lines).join("\n");
  });
}
