#!/usr/bin/env bash
# Ten years of a weekly letter, 520 editions of 60 pieces, served by the real
# daemon over loopback and asked by wrk: latency of each kind of page, and the
# most memory that the process ever had. Installs nothing; wrk is a package of
# Debian's. SECONDS_EACH is how long each kind is asked for.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 2; }
each=${SECONDS_EACH:-10}
port=${PORT:-18080}
work=$(mktemp -d)
daemon=
finish() {
	[ -z "$daemon" ] || { kill "$daemon" 2>/dev/null; wait "$daemon" 2>/dev/null || true; }
	rm -rf "$work"
}
trap finish EXIT

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
mkdir "$work/state"
ARCHIVE_DIR=$work/state go test ./digest/web -run TestGrowArchive -count=1 -timeout 10m >"$work/grow.log" 2>&1 || { cat "$work/grow.log"; exit 1; }
go build -trimpath -o "$work/standpoint" ./cmd/standpoint
cat >"$work/config.yaml" <<CONFIG
state: state
public_url: https://digest.example.org
mail: {from: "Standpoint <digest@example.org>", delivery: outbox}
subscribers: [reader0@example.org]
sources: [{name: Outlet, country: BE, url: "https://outlet.example/feed"}]
web: {listen: "127.0.0.1:$port"}
CONFIG
# It gathers at most once in the time; nobody answers there.
(cd "$work" && exec ./standpoint --config config.yaml) >"$work/daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
	curl -sfo /dev/null "http://127.0.0.1:$port/robots.txt" && break
	kill -0 "$daemon" 2>/dev/null || { cat "$work/daemon.log"; exit 1; }
	sleep 0.1
done

# Each request of the last two kinds is for another page: more of them than the
# daemon keeps.
cat >"$work/editions.lua" <<'LUA'
local n = 0
request = function() n = n + 7; return wrk.format("GET", "/editions/" .. (1 + n % 520)) end
LUA
cat >"$work/pieces.lua" <<'LUA'
local n = 0
request = function() n = n + 61; return wrk.format("GET", "/pieces/" .. (1 + n % 31200)) end
LUA
ask() { # ask NAME PATH [SCRIPT]
	local script=()
	[ $# -lt 3 ] || script=(-s "$3")
	wrk -t1 -c1 -d"${each}s" --latency "${script[@]}" "http://127.0.0.1:$port$2" >"$work/wrk.log"
	printf '%-22s %s\n' "$1" "$(awk '
		$1 == "50%" { median = $2 } $1 == "99%" { most = $2 }
		/Requests\/sec/ { rate = $2 } /Non-2xx/ { bad = "  " $0 }
		END { print "median " median ", 99 % within " most ", " rate " a second" bad }' "$work/wrk.log")"
}
curl -so /dev/null -w 'index, first time       %{time_total} s, %{size_download} bytes\n' "http://127.0.0.1:$port/editions"
curl -so /dev/null -w 'edition, first time     %{time_total} s, %{size_download} bytes\n' "http://127.0.0.1:$port/editions/520"
ask index /editions
ask "one edition" /editions/520
ask "all editions in turn" /editions/1 "$work/editions.lua"
ask "all pieces in turn" /pieces/1 "$work/pieces.lua"
ask method /method
awk '$1 == "VmHWM:" { printf "memory at most          %.0f MB\n", $2 / 1024 }' "/proc/$daemon/status"
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
