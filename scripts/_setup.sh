# Sourced by the scripts beside it: finds Python, makes .venv once and keeps it up to date.
# Leaves PROJECT (the folder of the checkout) and BIN (the folder of .venv's programs).
# shellcheck shell=bash
set -euo pipefail

PROJECT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$PROJECT/.venv"
BIN="$VENV/bin"

say() { printf 'regrade: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Prints the first Python that is new enough; $PYTHON, if set, is the only one asked.
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v -- "$name"
      return
    fi
  done
  return 1
}

# What an environment was made from: the place, the interpreter, and the two files that say what is in it.
fingerprint() {
  "$1" - "$PROJECT" <<'PYTHON'
import hashlib, pathlib, sys

project = pathlib.Path(sys.argv[1])
digest = hashlib.sha256(f"{project}\n{sys.version}\n".encode())
for name in ("pyproject.toml", "constraints.txt"):
    digest.update((project / name).read_bytes())
print(digest.hexdigest())
PYTHON
}

make_venv() {
  local python
  python="$(find_python)" || fail "needs Python 3.11 or newer and found none. Install it (on Debian and Ubuntu:" \
    "apt-get install python3 python3-venv), or name one: PYTHON=/path/to/python3 $0"
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    fail "$python cannot make virtual environments. On Debian and Ubuntu: apt-get install" \
      "python3-venv (or python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv), then run this again."
  fi
  say "making .venv with $("$python" -V) ..."
  "$python" -m venv --clear "$VENV"
}

# Whether .venv was last made from what `$2` says (a fingerprint) with all of the extras `$1`.
is_set_up() {
  local stamp extra
  for stamp in "$VENV"/installed-*; do
    [[ -f "$stamp" && "$(<"$stamp")" == "$2" ]] || continue
    for extra in ${1//,/ }; do
      [[ ",${stamp##*/installed-}," == *",$extra,"* ]] || continue 2
    done
    return 0
  done
  return 1
}

# set_up EXTRAS: makes .venv hold regrade and the packages of the extras ("" for none, several joined by commas).
# Does nothing when it already does.
set_up() {
  local extras="$1" wanted
  # Some programs want to write to HOME: where that cannot be, they get a folder of their own.
  if [[ ! -d "${HOME:-}" || ! -w "${HOME:-}" ]]; then
    export HOME="$PROJECT/.venv/home"
  fi
  # A folder that was moved or copied still names its old place in every program's first line.
  if ! grep -qsF -- "$VENV" "$BIN/activate" || ! "$BIN/python" -c 'import pip' 2>/dev/null; then make_venv; fi
  mkdir -p "$HOME"
  wanted="$(fingerprint "$BIN/python")"
  if is_set_up "$extras" "$wanted"; then return; fi
  say "installing regrade${extras:+ and its test tools} into .venv (once; a minute or two) ..."
  "$BIN/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --constraint "$PROJECT/constraints.txt" --editable "$PROJECT${extras:+[$extras]}" \
    || fail "the installation failed; what pip said is above. It needs a package index that pip can reach."
  rm -f "$VENV"/installed-*
  printf '%s\n' "$wanted" > "$VENV/installed-${extras:-base}"
}
