#!/bin/sh
# Made by `witc emit`. Change the composition or the policy, and make it anew.
cd "$(dirname "$0")" || exit
if [ $# -ne 1 ]; then
  echo "name what to call: 'NAME(ARGUMENTS)'" >&2
  exit 2
fi
exec wasmtime run \
  --config wasmtime.toml \
  --invoke "$1" \
  ./rates.wasm
