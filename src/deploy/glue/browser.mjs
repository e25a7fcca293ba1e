// Made by `witc emit`. Runs the component that jco took apart in a page: a command, or something for other code to call.
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

import { instantiate } from "./build/component.js";
import { consoleCli } from "./console.mjs";
import { settings } from "./settings.mjs";

const sandbox = { preopens: {}, env: {}, args: ["component"], enableNetwork: settings.network };
const shim = new WASIShim({ cli: consoleCli(), sandbox });
const core = async (name) => WebAssembly.compileStreaming(fetch(new URL(`./build/${name}`, document.baseURI)));

/** The component, for code that imports this file, and for the console of the page. */
export const component = await instantiate(core, shim.getImportObject());
globalThis.component = component;

if (settings.run !== "") {
  try {
    await component[settings.run].run();
  } catch (error) {
    const endedWell = error?.exitError === true && error.code === 0;
    if (!endedWell) console.error("the command failed:", error?.message ?? error);
  }
}
