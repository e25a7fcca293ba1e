// Made by `witc emit`. Standard output and standard error of the component, as lines in the console.
import { cli, io } from "@bytecodealliance/preview2-shim";

/** A stream each time: a component closes the one that it has done with. */
const lines = (say) => {
  const decoder = new TextDecoder();
  let pending = "";
  const write = (bytes) => {
    const whole = (pending + decoder.decode(bytes, { stream: true })).split("\n");
    pending = whole.pop();
    whole.forEach((line) => say(line));
  };
  const drop = () => {
    if (pending !== "") say(pending);
    pending = "";
  };
  return () => io.outputStreamCreate({ write, flush() {}, blockingFlush() {}, drop });
};

/** `wasi:cli` with these streams. */
export const consoleCli = () => ({
  ...cli,
  stdout: { getStdout: lines((line) => console.log(line)) },
  stderr: { getStderr: lines((line) => console.error(line)) },
});
