// Made by `witc emit`. Runs the component that jco took apart: a command, a server, or something for other code to call.
import { readFile } from "node:fs/promises";
import process from "node:process";

import { HTTPServer } from "@bytecodealliance/preview2-shim/http";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

import { instantiate } from "./build/component.js";
import { settings } from "./settings.mjs";

const given = settings.environment.filter((name) => process.env[name] !== undefined);
const shim = new WASIShim({
  sandbox: {
    preopens: settings.preopens,
    env: Object.fromEntries(given.map((name) => [name, process.env[name]])),
    args: ["component", ...process.argv.slice(2)],
    enableNetwork: settings.network,
  },
});
const core = async (name) => WebAssembly.compile(await readFile(new URL(`./build/${name}`, import.meta.url)));

/** The component, for code that imports this file. */
export const component = await instantiate(core, shim.getImportObject());

if (settings.handler !== "") {
  const server = new HTTPServer(component[settings.handler]);
  const port = Number(process.env.PORT ?? 8080);
  server.listen(port, "127.0.0.1");
  console.error(`listening on http://127.0.0.1:${port}/`);
} else if (settings.run !== "") {
  try {
    component[settings.run].run();
  } catch (error) {
    console.error(String(error?.message ?? error));
    process.exitCode = 1;
  }
}
