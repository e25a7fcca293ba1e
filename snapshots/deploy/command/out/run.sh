#!/bin/sh
# Made by `witc emit`. Change the composition or the policy, and make it anew.
cd "$(dirname "$0")" || exit
no_comma() {
  case $2 in *,*) echo "$1 has a comma, which -S cannot carry" >&2; exit 2 ;; esac
}
no_comma REGION "${REGION-}"
no_comma TIME_ZONE "${TIME_ZONE-}"
exec wasmtime run \
  --config wasmtime.toml \
  --env DB_PASSWORD \
  --env 'it'\''s; $(odd)' \
  --dir '../my data::/data' \
  --dir /tmp::/tmp \
  -S config-var=region="${REGION-}" \
  -S config-var=time-zone="${TIME_ZONE-}" \
  ./report.wasm \
  "$@"
