#!/bin/sh
# Made by `witc emit`. Change the composition or the policy, and make it anew.
cd "$(dirname "$0")" || exit
exec wasmtime serve \
  --config wasmtime.toml \
  -W timeout=5s \
  --env STRIPE_KEY \
  "$@" \
  ./payments.wasm
