#!/usr/bin/env bash
# Builds aws-lambda-ric, the client with which Node runs functions in Lambda, and prints the path of its program:
#
#   LAMBDA_RIC="$(scripts/lambda-runtime.sh)" npm test -- test/lambda-runtime
#
# It is in its own folder (RIC_ROOT), kept for the next time, as the native build takes a minute. The build needs cmake,
# g++, make, python3 and xz; if one is missing, Debian's packages are installed, which needs root.
set -euo pipefail

here="$(cd "$(dirname "$0")/../test/lambda-runtime/client" && pwd)"
version="$(sha256sum "$here/package-lock.json" | cut -c1-12)"
root="${RIC_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/video-cost-report/lambda-runtime-$version}"
program="$root/node_modules/aws-lambda-ric/index.mjs"
building=''

say() { printf 'lambda-runtime: %s\n' "$*" >&2; }

tear_down() { if [[ -n $building ]]; then rm -rf -- "$building"; fi; }
trap tear_down EXIT

install_tools() {
  local missing=()
  for tool in cmake g++ make python3 xz; do command -v "$tool" >/dev/null || missing+=("${tool/%xz/xz-utils}"); done
  if ((${#missing[@]} == 0)); then return; fi
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    say "missing, and can't be installed without root and apt-get: ${missing[*]}"
    exit 1
  fi
  apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2
}

if [[ ! -f $root/done ]]; then
  install_tools
  say "building aws-lambda-ric into $root"
  mkdir -p "$(dirname "$root")"
  building="$(mktemp -d "$root.XXXXXX")"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$building"
  (cd "$building" && npm ci --foreground-scripts --no-audit >"$building/build.log" 2>&1) || {
    tail -n 20 "$building/build.log" >&2
    say 'the build failed'
    exit 1
  }
  touch "$building/done"
  # It gets its final name only when it is complete.
  rm -rf -- "$root"
  mv -T "$building" "$root"
  building=''
fi
printf '%s\n' "$program"
