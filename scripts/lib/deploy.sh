# shellcheck shell=bash
# Installs the Python tools of tests/deploy. Source this file from the root folder.

# install_deploy_tools NAME: installs tests/deploy/NAME.txt in target/deploy/NAME. Does nothing if it is installed.
install_deploy_tools() {
    local given=tests/deploy/$1.txt venv=$PWD/target/deploy/$1
    command -v python3 >/dev/null || refuse "Python 3.11 or newer is missing. Debian, Ubuntu:" \
        "    sudo apt-get install python3-venv"
    if ! cmp -s "$given" "$venv/requirements.txt"; then
        python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --requirement "$given"
        cp "$given" "$venv/requirements.txt"
    fi
}
