# shellcheck shell=bash
# Installs the Python tools of tests/clients in target/clients/python. Source this file from the root folder.

install_python() {
    local given=tests/clients/python/requirements.txt venv=$PWD/target/clients/python
    command -v python3 >/dev/null || refuse "Python 3.11 or newer is missing. Debian, Ubuntu:" \
        "    sudo apt-get install python3-venv"
    if ! cmp -s "$given" "$venv/requirements.txt"; then
        mkdir -p "$PWD/target/clients"
        python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --requirement "$given"
        cp "$given" "$venv/"
    fi
}
