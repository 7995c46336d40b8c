#!/usr/bin/env bash
# Runs a command with a throwaway Ceph, an independent implementation of S3:
#
#   scripts/with-ceph.sh npm run test:ceph
#
# It starts one monitor, one in-memory storage daemon and one gateway, on the loopback only, and keeps all their files in
# one temporary folder. The command gets the gateway's address and credentials in its environment (ARCHIVE_S3_…); they
# are also printed on standard error. Without a command it runs until it is interrupted. Whatever happens, it leaves no
# process running.
#
# Ceph's programs are unpacked from Debian packages into their own folder, which is kept for the next time (CEPH_ROOT).
# Only the tool that unpacks them is installed. That, and chroot into the folder, needs root.
set -euo pipefail

# The first Debian whose Ceph (20) checks conditions in versioned buckets, and accepts an ETag in quotes, as it returns
# them; earlier ones (16 and 18) overwrite an object there in spite of `If-None-Match: *`.
readonly SUITE=forky
readonly PACKAGES=radosgw,ceph-mon,ceph-osd

readonly UNPACK_SECONDS=600
readonly START_SECONDS=120
readonly GRACE_SECONDS=5

export ARCHIVE_S3_REGION=default
export ARCHIVE_S3_BUCKET=archive
export ARCHIVE_S3_ACCESS_KEY_ID=THROWAWAYCEPHACCESSKEY
export ARCHIVE_S3_SECRET_ACCESS_KEY=throwaway-ceph-secret-access-key

here="$(cd "$(dirname "$0")" && pwd)"
root="${CEPH_ROOT:-/var/cache/ceph-$SUITE}"
unpacking=''
folder=''
daemons=()
command_pid=''

say() { printf 'with-ceph: %s\n' "$*" >&2; }

fail() {
  say "$*"
  if [[ -n $folder ]]; then tail -n 20 -- "$folder"/*.log >&2 || true; fi
  exit 1
}

tear_down() {
  trap '' INT TERM HUP
  if [[ -n $command_pid ]] && kill -TERM -- "-$command_pid" 2>/dev/null; then
    local grace_ends=$((SECONDS + GRACE_SECONDS))
    while kill -0 -- "-$command_pid" 2>/dev/null && ((SECONDS < grace_ends)); do sleep 0.1; done
    kill -KILL -- "-$command_pid" 2>/dev/null || true
  fi
  # They hold nothing of value, so there is no need for a clean shutdown.
  for pid in "${daemons[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in "${daemons[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [[ -n $folder ]]; then rm -rf -- "$folder"; fi
  if [[ -n $unpacking ]]; then rm -rf -- "$unpacking"; fi
}
trap tear_down EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

unpack() {
  if [[ -d $root ]]; then return; fi
  say "unpacking $PACKAGES of Debian $SUITE into $root"
  if ! command -v mmdebstrap >/dev/null; then
    if ! command -v apt-get >/dev/null; then fail 'mmdebstrap is missing, and there is no apt-get to install it with'; fi
    local apt=(timeout "$UNPACK_SECONDS" apt-get -qq -o DPkg::Lock::Timeout=60)
    "${apt[@]}" update >&2 || fail 'the package lists could not be updated'
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends mmdebstrap >&2 ||
      fail 'mmdebstrap could not be installed'
  fi
  # The mirror that this machine gets its own packages from.
  local mirror
  mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1)"
  if [[ -z $mirror ]]; then fail 'apt knows no mirror to unpack from'; fi
  mkdir -p "$(dirname "$root")"
  unpacking="$(mktemp -d "$root.XXXXXX")"
  # Use this machine's apt settings for reaching a mirror and for how fresh it must be. As root, since apt's own user
  # could not read the folder. The packages are unpacked, not installed: none of their scripts run.
  timeout "$UNPACK_SECONDS" mmdebstrap --quiet --mode=root --variant=extract --include="$PACKAGES" \
    --aptopt=<(apt-config dump Acquire) --aptopt='APT::Sandbox::User "root"' \
    --setup-hook='for name in bin lib lib64 sbin; do mkdir -p "$1/usr/$name"; ln -s "usr/$name" "$1/$name"; done' \
    "$SUITE" "$unpacking" "$mirror" >&2 || fail "$PACKAGES could not be unpacked"
  # It gets its final name only when it is complete.
  mv -T "$unpacking" "$root"
  unpacking=''
}

# Runs a step of the start, within the time that is left for it.
step() {
  local left=$((deadline - SECONDS))
  if ((left < 1)); then fail "Ceph was not ready after $START_SECONDS s"; fi
  timeout "$left" "$@" >>"$folder/steps.log" 2>&1 || fail "failed, or took too long: $*"
}

ceph_step() { step chroot "$root" "$@"; }

# A daemon must not outlive this script, even if the script is killed and can't tear anything down.
daemon() {
  setpriv --pdeathsig KILL chroot "$root" "$@" >>"$folder/$1.log" 2>&1 &
  daemons+=("$!")
}

free_ports() {
  node -e '
    const { createServer } = require("node:net");
    const servers = [0, 1].map(() => createServer().listen(0, "127.0.0.1"));
    Promise.all(servers.map((server) => new Promise((ready) => server.once("listening", ready)))).then(() => {
      console.log(...servers.map((server) => server.address().port));
      servers.forEach((server) => server.close());
    });
  '
}

write_configuration() {
  # By default a proposal waits a second for others to join it, and the start needs many in a row.
  cat >"$folder/ceph.conf" <<END
[global]
fsid = $1
mon host = [v2:127.0.0.1:$2]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
keyring = $inside/keyring
run dir = $inside
crash dir = $inside
log file = $inside/\$name.log
admin socket =
mon data = $inside/mon
mon data avail warn = 0
mon data avail crit = 0
mon allow pool size one = true
auth allow insecure global id reclaim = false
paxos propose interval = 0.05
paxos min wait = 0.01
osd data = $inside/osd
osd objectstore = memstore
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
rgw frontends = beast endpoint=127.0.0.1:$3
END
}

write_keys() {
  local all=(--cap mon 'allow *' --cap osd 'allow *')
  ceph_step ceph-authtool "$inside/keyring" --create-keyring --gen-key -n mon. --cap mon 'allow *'
  ceph_step ceph-authtool "$inside/keyring" --gen-key -n client.admin "${all[@]}"
  ceph_step ceph-authtool "$inside/keyring" --gen-key -n osd.0 "${all[@]}"
}

wait_for_gateway() {
  until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    if ! kill -0 "${daemons[-1]}" 2>/dev/null; then fail 'the gateway has ended'; fi
    if ((SECONDS >= deadline)); then fail "the gateway was not ready after $START_SECONDS s"; fi
    sleep 0.1
  done
}

start() {
  deadline=$((SECONDS + START_SECONDS))
  folder="$(mktemp -d "$root/tmp/XXXXXXXX")"
  # The folder's path inside the chroot.
  inside="${folder#"$root"}"
  export CEPH_CONF="$inside/ceph.conf"
  unset CEPH_ARGS
  mkdir "$folder/mon" "$folder/osd"
  local cluster osd ports
  cluster="$(</proc/sys/kernel/random/uuid)"
  osd="$(</proc/sys/kernel/random/uuid)"
  ports="$(free_ports)"
  local monitor_port="${ports% *}" gateway_port="${ports#* }"
  write_configuration "$cluster" "$monitor_port" "$gateway_port"
  write_keys
  ceph_step monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor_port]" "$inside/monmap"
  ceph_step ceph-mon --mkfs -i a --monmap "$inside/monmap" --keyring "$inside/keyring"
  daemon ceph-mon -f -i a
  ceph_step ceph osd new "$osd" 0
  ceph_step ceph-osd --mkfs -i 0 --osd-uuid "$osd"
  daemon ceph-osd -f -i 0
  ceph_step radosgw-admin user create --uid archive --display-name archive \
    --access-key "$ARCHIVE_S3_ACCESS_KEY_ID" --secret-key "$ARCHIVE_S3_SECRET_ACCESS_KEY"
  daemon radosgw -f -n client.admin
  wait_for_gateway "$gateway_port"
  export ARCHIVE_S3_ENDPOINT="http://127.0.0.1:$gateway_port"
  step node "$here/create-archive-bucket.mjs"
}

if ((EUID != 0)); then fail 'needs root, to unpack Ceph and to chroot into it'; fi
unpack
unpacked_after=$SECONDS
start
say "$(chroot "$root" radosgw --version), ready after $((SECONDS - unpacked_after)) s"
for name in "${!ARCHIVE_S3_@}"; do say "export $name=${!name}"; done
unset CEPH_CONF

if (($# == 0)); then set -- sleep infinity; fi
# In its own process group, so that tear_down also reaches its children.
setpriv --pdeathsig TERM setsid "$@" &
command_pid=$!
status=0
wait "$command_pid" || status=$?
exit "$status"
