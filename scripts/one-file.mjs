/*
 * Makes pages of one file each, for whoever has no server: page, worker and families in one classic script, which is
 * also what its workers are made of, from a blob. A browser opens them by a double click.
 */
import { writeFileSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { root } from "./bootstrap.mjs";
import { treeshake } from "./tree-shaking.mjs";

/** The page it is made of, where that begins, and its name in dist/. */
export const oneFilePages = [
  { page: "viz/index.html", start: "viz/main.ts", file: "highwater.html" },
  { page: "slides/index.html", start: "slides/main.ts", file: "deck.html" },
];

/** What a blob's workers are called, and where each begins: the same as in viz/blob-workers.ts. */
const workers = { simulation: "viz/worker.ts", export: "viz/export-worker.ts" };

/**
 * Builds them into a folder.
 * @param {string} folder
 * @returns {Promise<{ file: string, bytes: number, zipped: number }[]>}
 */
export async function buildOneFiles(folder) {
  const made = [];
  for (const { page, start, file } of oneFilePages) {
    const { script, styles } = await bundle(start);
    const html = inlined(readFileSync(join(root, page), "utf8"), script, styles);
    writeFileSync(join(folder, file), html);
    made.push({ file, bytes: Buffer.byteLength(html), zipped: gzipSync(html).length });
  }
  return made;
}

/**
 * All that a page needs, as one classic script and one style sheet.
 * @param {string} start
 * @returns {Promise<{ script: string, styles: string }>}
 */
async function bundle(start) {
  const { build } = await import("vite");
  const entry = "virtual:one-file";
  const built = await build({
    configFile: false,
    root,
    logLevel: "error",
    plugins: [
      {
        name: "one-file",
        enforce: "pre",
        resolveId: (id) => {
          if (id === entry) return entry;
          return basename(id) === "workers.ts" ? join(root, "viz/blob-workers.ts") : undefined;
        },
        load: (id) => (id === entry ? entryFor(start) : undefined),
        transform: (code, id) =>
          id.endsWith(".html?raw")
            ? code.replaceAll('href=\\"/\\"', 'href=\\"highwater.html\\"')
            : undefined,
      },
    ],
    build: {
      write: false,
      target: "es2023",
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: Infinity,
      rollupOptions: { input: entry, output: { format: "iife", codeSplitting: false }, treeshake },
    },
  });
  const parts = (Array.isArray(built) ? built : [built]).flatMap((result) =>
    "output" in result ? result.output : [],
  );
  const scripts = parts.filter((part) => part.type === "chunk").map(({ code }) => code);
  const sheets = parts
    .filter((part) => part.type === "asset" && part.fileName.endsWith(".css"))
    .map((part) => ("source" in part ? String(part.source) : ""));
  if (scripts.length !== 1) throw new Error(`${start} came out as ${scripts.length} scripts`);
  return { script: scripts[0] ?? "", styles: sheets.join("\n") };
}

/**
 * The page where there is a document, else the worker that its name asks for. What is imported here runs only if asked.
 * @param {string} start
 */
function entryFor(start) {
  const roles = Object.entries(workers).map(
    ([name, path]) => `if (self.name === "${name}") void import("/${path}");`,
  );
  return `if (typeof document !== "undefined") void import("/${start}");\nelse { ${roles.join("\n")} }`;
}

/**
 * The page with script and styles inside; the script comes last, when all that it looks for is there.
 * @param {string} html
 * @param {string} script
 * @param {string} styles
 */
function inlined(html, script, styles) {
  const module = /[ \t]*<script type="module"[^>]*><\/script>\n/;
  if (!module.test(html)) throw new Error("the page has no module script");
  const safe = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const style =
    styles === "" ? "" : `<style>\n${styles.replaceAll("</style", "<\\/style")}</style>\n`;
  return html
    .replace(module, "")
    .replace("</head>", () => `${style}</head>`)
    .replace("</body>", () => `<script id="one-file">\n${safe}</script>\n</body>`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  for (const { file, bytes, zipped } of await buildOneFiles(join(root, "dist"))) {
    console.log(`dist/${file}  ${kB(bytes)}, gzip ${kB(zipped)}: opens from a disk`);
  }
}
