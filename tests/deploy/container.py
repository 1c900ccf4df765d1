"""Runs the server as a container would, without an engine: user 65532, a root folder that is read-only and has only the
binary, its libraries and the certificates, and a folder for data. Checks that it serves, and that it answers every
request in flight after SIGTERM. Needs root and util-linux.

Usage: container.py BINARY
"""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

USER = 65532
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
REQUESTS = 20

# Makes the root read-only and changes to the user of the image.
ENTER = f"""
mount --bind "$ROOT" "$ROOT"
mount -t tmpfs -o uid={USER},gid={USER},mode=0755 tmpfs "$ROOT/data"
mount -t proc proc "$ROOT/proc"
mount -o remount,bind,ro "$ROOT"
exec chroot --userspec={USER}:{USER} --groups= "$ROOT" "$@"
"""


def assemble(binary: pathlib.Path, root: pathlib.Path):
    """Copies the files of the image."""
    libraries = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    files = re.findall(r"(/\S+) \(", libraries)
    for path in [*files, CERTIFICATES]:
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    shutil.copy(binary, root / "tintero")
    for folder in ("data", "proc"):
        (root / folder).mkdir()


def enter(root: pathlib.Path, port: int, *command: str) -> list[str]:
    settings = {
        "TINTERO_LISTEN": f"127.0.0.1:{port}",
        "TINTERO_DATA_DIR": "/data",
        "TINTERO_ADMIN_PASSWORD": "correct horse battery",
        "TINTERO_LOG_FORMAT": "json",
        "ROOT": str(root),
        "PATH": os.environ["PATH"],
    }
    environment = [f"{name}={value}" for name, value in settings.items()]
    return ["env", "-i", *environment, "unshare", "--mount", "sh", "-ec", ENTER, "sh", *command]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def begin(port: int) -> socket.socket:
    """Sends a sign-in without the last byte of its body."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    body = b'{"email": "admin@localhost", "password": "correct horse battery"}'
    head = f"POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body[:-1])
    return connection


def finish(connection: socket.socket) -> int:
    connection.sendall(b"}")
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer.status


def write_posts(port: int):
    """Creates posts in batches. SQLite would keep the undo data of such writes in temporary files."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(path: str, body, **headers: str):
        headers = {"content-type": "application/json", **headers}
        connection.request("POST", path, json.dumps(body), headers)
        return json.loads(connection.getresponse().read())

    sign_in = {"email": "admin@localhost", "password": "correct horse battery"}
    token = post("/v1/auth/login", sign_in)["access_token"]
    for batch in range(5):
        posts = [{"title": f"Post {batch} {at}", "body": "A text. " * 500} for at in range(100)]
        operations = [{"op": "create", "value": value} for value in posts]
        answer = post("/v1/posts:batch", {"operations": operations}, authorization=f"Bearer {token}")
        expect("failed writes of a batch of 100", answer.get("failed", answer), 0)


def expect(what: str, found, expected):
    if found != expected:
        raise SystemExit(f"FAILED {what}: {found!r} instead of {expected!r}")
    print(f"ok  {what}: {found}")


def check(server: subprocess.Popen, root: pathlib.Path, port: int):
    end = time.monotonic() + 60
    while not is_ready(port):
        if server.poll() is not None or time.monotonic() > end:
            raise SystemExit("the server does not get ready")
        time.sleep(0.1)
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    for name in ("Uid", "Gid"):
        ids = re.search(rf"^{name}:\s+(.*)$", status, re.MULTILINE).group(1).split()
        expect(name, set(ids), {str(USER)})
    expect("Groups", re.search(r"^Groups:(.*)$", status, re.MULTILINE).group(1).strip(), "")
    mounts = pathlib.Path(f"/proc/{server.pid}/mountinfo").read_text().splitlines()
    options = {line.split()[4]: line.split()[5].split(",") for line in mounts}
    expect("root is read-only", "ro" in options["/"], True)
    expect("data can be written", "rw" in options["/data"], True)
    write_posts(port)
    connections = [begin(port) for _ in range(REQUESTS)]
    # Each answer proves that the server read what was sent before on other connections.
    expect("serves", is_ready(port), True)
    server.send_signal(signal.SIGTERM)
    while is_ready(port):
        time.sleep(0.05)
    expect("new requests are refused while the server drains, which runs", server.poll(), None)
    statuses = [finish(connection) for connection in connections]
    expect(f"{REQUESTS} requests in flight are answered", set(statuses), {200})
    expect("exit code", server.wait(60), 0)


def main(binary: str):
    if os.geteuid() != 0:
        raise SystemExit("container.py needs root to change to another user")
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "root"
        root.mkdir(mode=0o755)
        os.chmod(folder, 0o755)
        assemble(pathlib.Path(binary), root)
        files = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
        print("files:", *files, sep="\n    ")
        port = free_port()
        subprocess.run(enter(root, port, "/tintero", "--version"), check=True)
        server = subprocess.Popen(enter(root, port, "/tintero", "serve"))
        try:
            check(server, root, port)
        finally:
            server.kill()


if __name__ == "__main__":
    main(sys.argv[1])
