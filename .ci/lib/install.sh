# What a test run needs, installed when it is missing. Sourced by .ci/test.

step() { printf '\n== %s\n' "$1"; }

fail() {
  printf '.ci/test: %s\n' "$1" >&2
  exit 1
}

need_rust() {
  command -v cargo >/dev/null || fail "cargo is missing: install the Rust toolchain first"
  command -v cc >/dev/null || install_packages build-essential
  # For esewa-client's feature `native-tls`, which is off unless somebody asks for it.
  pkg-config --exists openssl 2>/dev/null || install_packages pkg-config libssl-dev
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || install_packages nodejs npm
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  [ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed for the browser tests; this is $(node --version)"
}

need_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
  if [ -z "$CHROMIUM" ]; then
    install_packages chromium
    CHROMIUM=$(command -v chromium) || fail "chromium is missing, and installing it did not help"
  fi
  export CHROMIUM
  # Letters for the pages, Devanagari too; Chromium brings none.
  command -v fc-list >/dev/null && fc-list :lang=ne family | grep -q . ||
    install_packages fontconfig fonts-liberation fonts-lohit-deva
}

need_python() {
  command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || install_packages python3 python3-venv
}

# Debian's packages; root, or somebody who may become root without a question.
install_packages() {
  command -v apt-get >/dev/null || fail "please install: $*"
  local as=()
  [ "$(id -u)" = 0 ] || as=(sudo -n)
  step "installing $*"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null || fail "can't update the list of packages"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    fail "can't install $*"
}
