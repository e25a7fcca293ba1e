#!/bin/sh
# Made by `witc emit`. Change the composition or the policy, and make it anew.
cd "$(dirname "$0")" || exit
exec wasmtime run \
  --config wasmtime.toml \
  ./linked.wasm \
  "$@"
