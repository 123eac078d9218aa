// Bundles what the pages are drawn and tested with: `make assets` runs it after
// `npm ci`. The same lock file gives the same bytes.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const common = { bundle: true, format: "iife", minify: true, legalComments: "none", charset: "ascii", logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' } };

// Charts: Apache ECharts, with zrender and tslib inside.
mkdirSync("../charts/licences", { recursive: true });
await build({ ...common, entryPoints: ["charts.js"], target: "es2015", outfile: "../charts/echarts.js" });
copyFileSync("node_modules/echarts/LICENSE", "../charts/licences/echarts.txt");
copyFileSync("node_modules/echarts/NOTICE", "../charts/licences/echarts-NOTICE.txt");
copyFileSync("node_modules/zrender/LICENSE", "../charts/licences/zrender.txt");
copyFileSync("node_modules/tslib/LICENSE.txt", "../charts/licences/tslib.txt");

// Portraits: DiceBear, and those styles that are in the public domain (CC0 1.0).
const styles = ["notionists", "lorelei", "open-peeps", "pixel-art", "thumbs", "shapes"];
mkdirSync("../portraits/styles", { recursive: true });
mkdirSync("../portraits/licences", { recursive: true });
// The styles are those of this folder and the options are written by us: checking them
// against schemas, each time, takes four times as long as the drawing.
const trusting = { name: "trusting", setup: (b) => b.onLoad({ filter: /Validator\/(Style|Options)Validator\.js$/ }, (file) => ({
  contents: `export class ${file.path.match(/(\w+)\.js$/)[1]} { static validate() {} }` })) };
await build({ ...common, plugins: [trusting], entryPoints: ["portraits.js"], target: "es2017", outfile: "../portraits/dicebear.js" });
copyFileSync("node_modules/@dicebear/core/LICENSE", "../portraits/licences/dicebear-core.txt");
copyFileSync("node_modules/@dicebear/styles/LICENSE", "../portraits/licences/dicebear-styles.txt");
let credits = "The styles in ../styles are in the public domain. Each holds its own licence; in short:\n\n";
for (const name of styles) {
  const style = JSON.parse(readFileSync(`node_modules/@dicebear/styles/dist/${name}.min.json`, "utf8"));
  if (style.meta.license.name !== "CC0 1.0") throw new Error(`${name} is not CC0`);
  credits += `${name}: ${style.meta.license.text}\n`;
  writeFileSync(`../portraits/styles/${name.replaceAll("-", "_")}.json`, JSON.stringify(style) + "\n");
}
writeFileSync("../portraits/licences/styles.txt", credits);

// The browser tests look for what keeps people from reading a page.
mkdirSync("../browsertest/axe", { recursive: true });
copyFileSync("node_modules/axe-core/axe.min.js", "../browsertest/axe/axe.min.js");
copyFileSync("node_modules/axe-core/LICENSE", "../browsertest/axe/LICENSE");
