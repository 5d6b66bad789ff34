#!/bin/sh
# Prints the path of a Python 3.10, the newest that Rasa runs on: any on this machine, pyenv's
# folders included, else one that uv fetches. The first argument is uv's path.
uv=${1:-uv}

# A pyenv shim may exist and not run, and a Python built without these modules cannot run Rasa.
path_if_usable() {
    "$1" -c 'import ctypes, sqlite3, ssl, sys
sys.exit(1) if sys.version_info[:2] != (3, 10) else print(sys.executable)' 2>/dev/null
}

on_path=$(command -v python3.10)
for python in "$on_path" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python \
    "${on_path%/shims/*}"/versions/3.10.*/bin/python \
    "$("$uv" python find --no-project --system 3.10 2>/dev/null)"; do
    path_if_usable "$python" && exit
done

"$uv" python install --quiet 3.10 2>/dev/null && "$uv" python find --no-project --system 3.10 && exit
echo "The chatbot needs Python 3.10: none is on this machine and uv could not fetch one; install it (for example \`pyenv install 3.10\`), then try again." >&2
exit 1
