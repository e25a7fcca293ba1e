// Made by `witc emit`. Bundles the worker, and lists its modules for workerd, which compiles no WebAssembly at run time.
import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { rolldown } from "rolldown";

const text = JSON.stringify;

// jco may write small core modules as bytes into its glue: they become files like the others.
let glue = await readFile("build/component.js", "utf8");
let inlined = 0;
for (const [code, bytes] of glue.matchAll(/new WebAssembly\.Module\(new Uint8Array\(\[([^\]]*)\]\)\)/g)) {
  const name = `inlined${inlined++}`;
  const numbers = bytes.split(",").map((byte) => byte.trim()).filter(Boolean);
  await writeFile(`build/${name}.wasm`, Uint8Array.from(numbers, Number));
  glue = `import ${name} from ${text(`./${name}.wasm`)};\n${glue.replace(code, () => name)}`;
}
await writeFile("build/component.mjs", glue);

const cores = (await readdir("build")).filter((name) => name.endsWith(".wasm")).sort();
await writeFile("build/core-modules.mjs", [
  ...cores.map((name, at) => `import core${at} from ${text(`./${name}`)};`),
  `const cores = { ${cores.map((name, at) => `${text(name)}: core${at}`).join(", ")} };`,
  "export const coreModule = (name) => cores[name];",
  "",
].join("\n"));

const module = (name, kind, file) => `(name = ${text(name)}, ${kind} = embed ${text(file)})`;
const lists = { app: cores.map((name) => module(`build/${name}`, "wasm", name)) };
for (const [list, input] of [["app", "worker.mjs"], ["outbound", "outbound.mjs"]]) {
  if (!existsSync(input)) continue;
  const bundle = await rolldown({ input, platform: "browser", external: [/\.wasm$/, /^node:/], logLevel: "silent" });
  await bundle.write({ file: `build/bundled-${input}`, format: "esm" });
  lists[list] = [module(input, "esModule", `bundled-${input}`), ...(lists[list] ?? [])];
}
await writeFile("build/modules.capnp", [
  'using Workerd = import "/workerd/workerd.capnp";',
  ...Object.entries(lists).map(([list, modules]) =>
    `\nconst ${list} :List(Workerd.Worker.Module) = [\n  ${modules.join(",\n  ")}\n];`),
  "",
].join("\n"));
