# Installs the npm packages that package-lock.json names. Sourced by setup.sh.

# The lock file that node_modules was made from is kept inside it: comparing the two is instant.
modules_stamp=node_modules/.rondo-lock.json

modules_are_current() {
  cmp -s package-lock.json "$modules_stamp" && [ -x node_modules/.bin/node ]
}

setup_modules() {
  if modules_are_current; then return 0; fi
  # npm would empty what it points to.
  if [ -L node_modules ]; then
    fail 'node_modules is a link. Remove it, or run `npm ci` where it points to'
  fi
  say 'installing the npm packages'
  # Node 20 is enough to install, though not to run, some of them: hence no engine warnings.
  quietly npm ci --include=dev --loglevel=error || fail 'npm ci failed, see above'
  # The package `node` is a binary that only its install script puts in place.
  node_modules/.bin/node --version >/dev/null 2>&1 ||
    fail 'npm did not run the install scripts of its packages. Run: npm rebuild node workerd esbuild'
  cp package-lock.json "$modules_stamp"
}
