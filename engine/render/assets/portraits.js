// DiceBear without its styles, and one function: portrait(JSON of a style, JSON of
// options) gives a drawing as SVG text. It runs without a browser.
import { Avatar, Style } from "@dicebear/core";

// What goja's JavaScript lacks. Options and definitions are plain JSON.
globalThis.structuredClone = globalThis.structuredClone || ((x) => (x === undefined ? x : JSON.parse(JSON.stringify(x))));

globalThis.portrait = function (definition, options) {
  return new Avatar(new Style(JSON.parse(definition)), JSON.parse(options)).toString();
};
