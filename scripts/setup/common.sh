# Helpers of the setup steps. Sourced, never run.

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# Runs a command silently; its output is shown when it fails.
quietly() {
  quiet_log=$(mktemp)
  if "$@" >"$quiet_log" 2>&1 </dev/null; then
    rm -f "$quiet_log"
    return 0
  fi
  cat "$quiet_log" >&2
  rm -f "$quiet_log"
  return 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Whether the first version is the second one or newer.
version_at_least() {
  [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# The first thing in a command's words that looks like a version.
version_in() {
  sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p' | head -n 1
}

# The prefix that makes a command run as root: nothing, `sudo -n`, or a failure when there is no way.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then return 0; fi
  if have sudo && sudo -n true 2>/dev/null; then
    printf 'sudo -n'
    return 0
  fi
  return 1
}
