# Sourced by the scripts that need more than Go: puts programs in place.

# debian_packages NAME... installs what is missing of Debian's packages, as root.
debian_packages() {
	local p sudo= missing=()
	for p in "$@"; do
		# A machine may have its node from elsewhere, with npm inside.
		case $p in nodejs | npm) ! command -v npm >/dev/null || continue ;; esac
		dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update -q
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "${missing[@]}"
}

# npm_packages DIR installs what DIR's lock file pins into a cache folder, and sets
# npm to that folder and node to the pinned node: Debian's may be too old. There is a
# folder for each state of the lock file, so an old one is never half right.
npm_packages() {
	local lock
	lock=$(cat "$1/package.json" "$1/package-lock.json" | sha256sum | cut -c1-12)
	npm=${XDG_CACHE_HOME:-$HOME/.cache}/standpoint-$(basename "$1")/$lock
	if [ ! -e "$npm/complete" ]; then
		mkdir -p "$npm"
		cp "$1/package.json" "$1/package-lock.json" "$npm/"
		(cd "$npm" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
		touch "$npm/complete"
	fi
	node=$(ls "$npm"/node_modules/node-linux-*/bin/node)
}
