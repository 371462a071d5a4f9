# Sourced by the other scripts: `prepare FILE` makes .venv hold what FILE (a requirements file) pins.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv="$root/.venv"

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "This needs Python 3.11 or newer, and none was found; install one or set PYTHON to it." >&2
  return 1
}

prepare() {
  local requirements="$root/$1" stamp python
  stamp="$venv/.installed-$1"
  if [ -x "$venv/bin/python" ] && cat "$root"/requirements*.txt | cmp -s - "$stamp"; then
    return
  fi
  python=$(find_python) || return 1
  if [ ! -x "$venv/bin/python" ]; then
    echo "Making a virtual environment in .venv with $("$python" --version) ..."
    if ! "$python" -m venv "$venv"; then
      echo "The virtual environment could not be made; on Debian or Ubuntu: apt install python3-venv." >&2
      return 1
    fi
  fi
  echo "Installing what $1 pins ..."
  if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"; then
    echo "The packages of $1 could not be installed; see the lines above." >&2
    return 1
  fi
  cat "$root"/requirements*.txt > "$stamp"
}
