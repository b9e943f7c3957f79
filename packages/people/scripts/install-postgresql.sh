#!/bin/sh
# Makes a PostgreSQL server available to the tests, from the distribution's packages. They use it from its folder,
# as a child process: the service that the package may start is not needed. Does nothing where a server is there.
set -eu
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo 'PostgreSQL is not installed and only root can install it; its tests will be skipped' >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends postgresql
