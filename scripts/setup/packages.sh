# Installs what is missing, by apt or Homebrew. Sourced by setup.sh.

# Takes needs, each of which is missing.
packages_install() {
  if have apt-get; then
    apt_install "$@"
  elif have brew; then
    brew_install "$@"
  else
    fail "these are missing, and there is neither apt-get nor brew to install them:
  $*
As Debian names them: $(named_by debian_name "$@")"
  fi
  packages_left=$(needs_missing "$@")
  if [ -n "$packages_left" ]; then
    fail "still missing, or too old, is: $packages_left. Is another one before it on PATH?"
  fi
}

apt_install() {
  apt_packages=$(named_by debian_name "$@")
  apt_root=$(root_prefix) || need_root "$apt_packages"
  # shellcheck disable=SC2086 # the prefix is meant to be split, here and below
  quietly $apt_root apt-get update -q || fail 'apt-get update failed, see above'
  for need in "$@"; do apt_offers "$need" || refuse_old "$need"; done
  say "installing Debian packages: $apt_packages"
  # shellcheck disable=SC2086
  quietly $apt_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $apt_packages ||
    fail 'apt-get install failed, see above'
}

# The version that apt would install, without what Debian adds to it; nothing when there is none.
apt_version() {
  apt-cache policy "$(debian_name "$1")" 2>/dev/null |
    sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9][0-9.]*\).*/\2/p'
}

apt_offers() { version_at_least "$(apt_version "$1")" "$(oldest_of "$1")"; }

# Says so before anything is installed.
refuse_old() {
  if [ "$1" = emscripten ]; then
    offer_emsdk "$(apt_version emscripten)"
  fi
  refused=$(apt_version "$1")
  refused_oldest=$(oldest_of "$1")
  if [ -z "$refused" ]; then
    fail "this system has no package $(debian_name "$1"). Install $1 by other means and put it on PATH, then repeat"
  fi
  fail "this system's $1 is $refused, and Rondo needs $refused_oldest. Nothing was installed.
Put a newer one on PATH, then repeat$(how_else "$1")"
}

how_else() {
  if [ "$1" = cmake ]; then printf '. One way without root:\n  pipx install cmake'; fi
}

need_root() {
  printf 'setup: these Debian packages are missing: %s\n' "$1" >&2
  printf 'setup: this needs root. Run the next line as root, then repeat your command:\n' >&2
  printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' "$1" >&2
  exit 1
}

brew_install() {
  for need in "$@"; do
    [ -n "$(homebrew_name "$need")$(pip_name "$need")" ] ||
      fail "$need is missing, and Homebrew has none that would do"
  done
  brew_formulae=$(named_by homebrew_name "$@")
  if [ -n "$brew_formulae" ]; then
    say "installing by Homebrew: $brew_formulae"
    # shellcheck disable=SC2086
    quietly brew install --quiet $brew_formulae || fail 'brew install failed, see above'
  fi
  brew_others=$(named_by pip_name "$@")
  # shellcheck disable=SC2086
  if [ -n "$brew_others" ]; then pip_install $brew_others; fi
  case " $* " in
    *' clang-format '*) keg_on_path llvm@19 clang-format ;;
  esac
}

# Beside the system, whose own Python takes no packages but its package manager's.
pip_install() {
  say "installing by pip into $python_home: $*"
  quietly python3 -m venv "$python_home" || fail 'python3 made no environment, see above'
  quietly "$python_home/bin/python3" -m pip install --quiet "$@" ||
    fail 'pip install failed, see above'
}

# Homebrew keeps a versioned formula off PATH.
keg_on_path() {
  have "$2" || fail "$2 is installed. Put it on PATH, then repeat your command:
  export PATH=\"\$(brew --prefix $1)/bin:\$PATH\""
}

# The browser that tests drive the operator's page with. They are left out, which they say, where there
# is none, so it is only installed where apt has it and may be asked.
browser_install() {
  if have chromium || [ -n "${CHROMIUM:-}" ] || ! have apt-get; then return 0; fi
  if [ -z "$(apt_version chromium)" ]; then return 0; fi
  browser_root=$(root_prefix) || return 0
  say 'installing Debian packages: chromium'
  # shellcheck disable=SC2086
  quietly $browser_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends chromium || say 'going on without chromium'
}
