// Made by `witc emit`. Answers each request with an instance of its own of the component that jco took apart.
import { http } from "@bytecodealliance/preview2-shim";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

import { instantiate } from "./build/component.mjs";
import { coreModule } from "./build/core-modules.mjs";
import { consoleCli } from "./console.mjs";
import { settings } from "./settings.mjs";

export default {
  async fetch(request, bindings) {
    const given = settings.environment.filter((name) => typeof bindings[name] === "string");
    const env = Object.fromEntries(given.map((name) => [name, bindings[name]]));
    const sandbox = { preopens: {}, env, args: [], enableNetwork: false };
    const shim = new WASIShim({ cli: consoleCli(), sandbox });
    const link = async (module, imports) => new WebAssembly.Instance(module, imports);
    const component = await instantiate(coreModule, shim.getImportObject(), link);
    const handler = component[settings.handler];
    return http.handleIncomingRequest(request, (incoming, response) => handler.handle(incoming, response));
  },
};
