import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type Plugin, defineConfig } from "vite";
import { treeshake } from "./scripts/tree-shaking.mjs";

const page = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Pages of `viz` beside the lab, each served under its folder's name. */
const beside = ["embed", "gallery"];

/** The lab lives in `viz/index.html` and is served at `/`, so that a link is short; the deck is at `/slides/`. */
function labAtRoot(): Plugin {
  const rewrite = (request: { url?: string | undefined }, _: unknown, next: () => void): void => {
    const { pathname, search } = new URL(request.url ?? "", "http://localhost");
    const [, folder = ""] = /^\/(?:(\w+)\/)?(?:index\.html)?$/.exec(pathname) ?? [];
    if (pathname === "/" || pathname === "/index.html") request.url = `/viz/index.html${search}`;
    else if (beside.includes(folder)) request.url = `/viz/${folder}/index.html${search}`;
    next();
  };
  return {
    name: "lab-at-root",
    enforce: "post",
    // What the page names relative to its own folder is found from `/` as well.
    transformIndexHtml: {
      order: "pre",
      handler: (html, { path }) =>
        path.startsWith("/viz/")
          ? html.replaceAll('="./', `="${path.slice(0, path.lastIndexOf("/") + 1)}`)
          : html,
    },
    configureServer: (server) => void server.middlewares.use(rewrite),
    generateBundle(_options, bundle) {
      const lab = bundle["viz/index.html"];
      if (lab !== undefined) lab.fileName = "index.html";
      for (const name of beside) {
        const page = bundle[`viz/${name}/index.html`];
        if (page !== undefined) page.fileName = `${name}/index.html`;
      }
    },
  };
}

/** What a page loads that holds the element and nothing else, and how much of it that may be. */
const elementBudget = 200_000;

/** Says with each build how large the element has become, its worker and what is loaded when asked for apart. */
function elementSize(): Plugin {
  return {
    name: "element-size",
    generateBundle(_options, bundle) {
      const needed = new Set<string>();
      const need = (file: string): void => {
        const chunk = bundle[file];
        if (needed.has(file) || chunk?.type !== "chunk") return;
        needed.add(file);
        for (const other of chunk.imports) need(other);
      };
      need("highwater-sim.js");
      const bytes = [...needed].reduce((sum, file) => {
        const chunk = bundle[file];
        return sum + (chunk?.type === "chunk" ? gzipSync(chunk.code).length : 0);
      }, 0);
      const told = `The element: ${Math.round(bytes / 1000)} kB with gzip, of ${elementBudget / 1000} kB.`;
      if (bytes > elementBudget) this.warn(told);
      else this.info(told);
    },
  };
}

export default defineConfig({
  plugins: [labAtRoot(), elementSize()],
  build: {
    target: "es2023",
    rollupOptions: {
      treeshake,
      input: {
        lab: page("./viz/index.html"),
        deck: page("./slides/index.html"),
        embed: page("./viz/embed/index.html"),
        gallery: page("./viz/gallery/index.html"),
        "highwater-sim": page("./viz/embed/highwater-sim.ts"),
      },
      output: {
        // Others name it in their pages.
        entryFileNames: ({ name }) =>
          name === "highwater-sim" ? "highwater-sim.js" : "assets/[name]-[hash].js",
      },
    },
  },
  worker: { format: "es", rollupOptions: { treeshake } },
  server: { host: "localhost", port: 4173, strictPort: true },
  preview: { host: "localhost", port: 4173, strictPort: true },
});
