#!/usr/bin/env bash
# Halves a number again and again: a trial of halving.json, in bash alone.
# halving.sh FACTOR
set -euo pipefail
factor=$1
state=$GLIMPSE_RUN_DIR/state

stopped=no
trap 'stopped=yes' TERM

tell() { echo "{\"epoch\": $1, \"metrics\": {\"loss\": $2}}" >&"$GLIMPSE_FD"; }

# One line per epoch. Saved epochs are told again: some may never have arrived.
epoch=0
value=$((100000 * GLIMPSE_SEED))
if [ -e "$state" ]; then
  while read -r saved; do
    value=$saved
    epoch=$((epoch + 1))
    tell "$epoch" "$value"
  done <"$state"
fi
while [ "$epoch" -lt 10 ]; do
  [ $stopped = no ] || exit 75
  epoch=$((epoch + 1))
  value=$((value / factor))
  sleep 0.05
  { [ ! -e "$state" ] || cat "$state"; echo "$value"; } >"$state.new"
  mv "$state.new" "$state"
  tell "$epoch" "$value"
done
