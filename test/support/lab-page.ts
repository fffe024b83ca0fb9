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
