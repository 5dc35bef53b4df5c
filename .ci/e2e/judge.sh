# Sourced by run: runs the program, and holds what came of it.

passed=0 failed=0

say() { echo "== $1"; }

# runs STATUS ARGS… runs the program and wants its exit status; what it says is in
# $work/out.
runs() {
	local want=$1 got=0
	shift
	"$STANDPOINT" "$1" --config "$work/config.yaml" "${@:2}" >"$work/out" 2>&1 || got=$?
	holds "standpoint $1: status $want" test "$got" = "$want"
}

# holds WHAT COMMAND… counts whether the command succeeds.
holds() {
	if "${@:2}" >"$work/why" 2>&1; then
		passed=$((passed + 1))
		echo "ok   $1"
		return
	fi
	failed=$((failed + 1))
	echo "FAIL $1"
	sed 's/^/     /' "$work/why"
	if [ -s "$work/out" ]; then tail -15 "$work/out" | sed 's/^/     | /'; fi
}

tally() {
	echo "$passed hold, $failed do not"
	[ $failed = 0 ]
}

# delivered N: so many letters are in maildirs, and none is on its way.
delivered() {
	local got
	got=$(find "$work/mail" "$work/queue"/{incoming,active,deferred} -type f | wc -l)
	echo "$got letters, want $1"
	[ "$got" = "$1" ]
}

# bounces N: so many came back to the envelope's sender.
bounces() {
	local got
	got=$(find "$work/mail/digest.test/bounces" -type f | wc -l)
	echo "$got bounces, want $1"
	[ "$got" = "$1" ]
}

# states EDITION STATE=N…: the ledger says so, and nothing else.
states() {
	"$STANDPOINT" editions show "$1" --config "$work/config.yaml" --json >"$work/show"
	/usr/bin/python3 - "$work/show" "${@:2}" <<-'PY'
		import json, sys
		got = {k: n for k, n in json.load(open(sys.argv[1]))["deliveries"].items() if n}
		want = {k: int(n) for k, n in (a.split("=") for a in sys.argv[2:])}
		print(got, "want", want)
		sys.exit(got != want)
	PY
}

# suppressed NAME N: of the readers of this name, so many are not written to again.
suppressed() {
	"$STANDPOINT" subscribers list --config "$work/config.yaml" --json >"$work/list"
	/usr/bin/python3 - "$work/list" "$@" <<-'PY'
		import json, sys
		rows = [json.loads(line) for line in open(sys.argv[1])]
		got = [(r["address"], r["state"]) for r in rows if r["address"].startswith(sys.argv[2]) and r["state"] != "active"]
		print(got, "want", sys.argv[3])
		sys.exit(len(got) != int(sys.argv[3]))
	PY
}

# letters EDITIONS NAME…: readers of these names have so many letters each, all
# others none, and each letter is as it was handed over.
letters() { /usr/bin/python3 -B "$here/letters.py" "$work" "$@"; }
