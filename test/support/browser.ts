// A Chromium for the tests of the built pages. Serve `pages` through test/support/pages.ts.
import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";

export { launchBrowser } from "./chromium.ts";

/**
 * A page together with all that went wrong: what it threw or wrote to its console as an error, and every request that
 * left its own origin. A test expects `errors` to be empty.
 */
export interface OpenPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Opens `path` ("/" is the lab, "/slides/" the deck) of the built pages in a window of the given size. */
export async function openPage(
  browser: Browser,
  path: string,
  viewport = { width: 1280, height: 720 },
): Promise<OpenPage> {
  const page = await browser.newPage({ viewport });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== inject("pages")) {
      errors.push(`asked another place for ${request.url()}`);
    }
  });
  await page.goto(inject("pages") + path);
  return { page, errors };
}
