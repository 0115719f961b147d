# Private PostgreSQL and Redis servers for a test run. Sourced by .ci/test.

need_postgres() {
  # Also where a server is given: some tests kill one of their own.
  local bin
  bin=$(postgres_bin)
  if [ -z "$bin" ]; then
    install_packages postgresql
    bin=$(postgres_bin)
    [ -n "$bin" ] || fail "PostgreSQL is missing, and installing it did not help"
  fi
  if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    reachable "$TEST_POSTGRES_URL" 5432 || fail "TEST_POSTGRES_URL names a server that does not answer"
    return
  fi
  start_postgres "$bin"
}

need_redis() {
  # Also where a server is given: the test of several servers stops and kills one of its own.
  command -v redis-server >/dev/null || install_packages redis-server
  if [ -n "${TEST_REDIS_URL:-}" ]; then
    reachable "$TEST_REDIS_URL" 6379 || fail "TEST_REDIS_URL names a server that does not answer"
    return
  fi
  start_redis
}

start_postgres() {
  local bin=$1 dir port as=()
  dir=$(private_dir)
  port=$(free_port)
  # initdb refuses to run as root.
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as=(runuser -u postgres --)
  fi
  step "PostgreSQL on port $port"
  (cd "$dir" && "${as[@]}" "$bin/initdb" -D "$dir/data" -A trust -U postgres --no-sync --encoding=UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1) ||
    fail "PostgreSQL can't make a database: $(why "$dir/initdb.log")"
  at_exit "cd / && ${as[*]} $bin/pg_ctl -D $dir/data -m immediate stop >/dev/null 2>&1; rm -rf $dir"
  # With syncing, though the data live only as long as the run: the stores refuse a server that doesn't keep its word.
  (cd "$dir" && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -k $dir -c max_connections=300" start >/dev/null) ||
    fail "PostgreSQL does not start: $(why "$dir/log")"
  export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

start_redis() {
  local dir port
  dir=$(private_dir)
  port=$(free_port)
  step "Redis on port $port"
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --daemonize yes \
    --pidfile "$dir/redis.pid" --logfile "$dir/redis.log" --dir "$dir" >/dev/null || fail "Redis does not start"
  at_exit "kill \$(cat $dir/redis.pid) 2>/dev/null; rm -rf $dir"
  for _ in $(seq 100); do
    port_answers 127.0.0.1 "$port" && break
    sleep 0.05
  done
  port_answers 127.0.0.1 "$port" || fail "Redis does not answer on port $port"
  export TEST_REDIS_URL="redis://127.0.0.1:$port"
}

# why LOG: the line that names the cause; what comes last is only the clearing up.
why() { grep -m 1 -E 'FATAL|PANIC|ERROR|error:|could not|No space' "$1" || tail -n 1 "$1"; }

postgres_bin() {
  local dir
  if command -v pg_config >/dev/null && [ -x "$(pg_config --bindir)/initdb" ]; then
    pg_config --bindir
    return
  fi
  for dir in /usr/lib/postgresql/*/bin; do
    [ -x "$dir/initdb" ] && printf '%s\n' "$dir"
  done | tail -n 1
}

private_dir() { mktemp -d "${TMPDIR:-/tmp}/kotha-test.XXXXXX"; }

# A port that nobody listens on; somebody else may take it first, and then the start says so.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    port_answers 127.0.0.1 "$port" || break
  done
  printf '%s\n' "$port"
}

port_answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# reachable URL DEFAULT_PORT: whether the host and port of the URL take a connection.
reachable() {
  local authority=${1#*://}
  authority=${authority%%/*}
  authority=${authority##*@}
  local host=${authority%%:*} port=${authority##*:}
  [ "$port" != "$authority" ] || port=$2
  port_answers "${host:-127.0.0.1}" "$port"
}

# at_exit COMMAND: what was started is stopped, however the run ends.
AT_EXIT=()
at_exit() {
  AT_EXIT+=("$1")
  trap run_at_exit EXIT
}
run_at_exit() {
  local command
  for command in "${AT_EXIT[@]}"; do eval "$command" || true; done
}
