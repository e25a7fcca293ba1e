// Made by `witc emit`. Runs the component that jco took apart in a page: a command, or something for other code to call.
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

import { instantiate } from "./build/component.js";
import { settings } from "./settings.mjs";

const shim = new WASIShim({ sandbox: { preopens: {}, env: {}, args: ["component"], enableNetwork: settings.network } });
const core = async (name) => WebAssembly.compileStreaming(fetch(new URL(`./build/${name}`, document.baseURI)));

/** The component, for code that imports this file, and for the console of the page. */
export const component = await instantiate(core, shim.getImportObject());
globalThis.component = component;

if (settings.run !== "") {
  await component[settings.run].run();
}
