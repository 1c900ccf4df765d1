"""Deploys the templates of `deploy/` to an emulator of AWS and uses the API through its gateway.

Usage: aws.py BINARY ZIP FOLDER
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from emulator import REGION, Emulator, wait_for

ROOT = pathlib.Path(__file__).parents[2]
EMAIL = "ana@example.org"
PASSWORD = "correct horse battery"
AUDIENCE = "tintero"


class Site:
    """The stacks, and a client of the API."""

    def __init__(self, emulator: Emulator, binary: str, archive: str, folder: pathlib.Path):
        self.emulator, self.binary, self.archive, self.folder = emulator, binary, archive, folder
        self.url = ""

    def run(self, *arguments: str, **environment: str) -> str:
        """Runs the binary and returns its output."""
        environment = {"PATH": os.environ["PATH"], **environment}
        done = subprocess.run(
            [self.binary, *arguments], env=environment, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise SystemExit(f"tintero {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def database(self, name: str, policy: str) -> dict[str, str]:
        database = {"TINTERO_DYNAMODB": "aws", "TINTERO_S3_BUCKET": self.bucket}
        return {**database, **self.emulator.user(name, policy)}

    def create_data(self) -> dict[str, str]:
        data = self.emulator.deploy("tintero-data", ROOT / "deploy/data.yaml")
        self.bucket = data["ImageBucket"]
        self.migrator = self.database("migrator", data["MigratorPolicy"])
        self.auditor = self.database("auditor", data["AuditorPolicy"])
        return data

    def create_secret(self):
        self.signing_key = self.run("signing-key", "generate")
        secret = {
            "signing_keys": self.signing_key,
            "cursor_keys": self.run("cursor-key", "generate").strip(),
            "secret_keys": self.run("secret-key", "generate").strip(),
            "admin_password": PASSWORD,
        }
        secrets = self.emulator.client("secretsmanager")
        secrets.create_secret(Name="tintero-keys", SecretString=json.dumps(secret))

    def upload_code(self):
        s3 = self.emulator.client("s3")
        s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.upload_file(self.archive, "code", "tintero.zip")

    def deploy_api(self, **parameters: str) -> dict[str, str]:
        return self.emulator.deploy(
            "tintero",
            ROOT / "deploy/api.yaml",
            CodeBucket="code",
            CodeKey="tintero.zip",
            AdminEmail=EMAIL,
            PublicUrl=self.url,
            **parameters,
        )

    def call(self, method: str, path: str, body=None, **headers: str):
        """Sends a request and returns status, headers and body."""
        data = None if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            headers["content-type"] = "application/json"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def status(self, method: str, path: str, authorization: str | None = None, body=None) -> int:
        headers = {} if authorization is None else {"authorization": authorization}
        return self.call(method, path, body, **headers)[0]

    def sign_in(self) -> str:
        status, _, body = self.call("POST", "/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
        expect("signing in", status, 200)
        return json.loads(body)["access_token"]

    def token(self, of: str, key=None, **claims) -> str:
        """Signs the claims of another token with changes."""
        header, payload, _ = of.split(".")
        payload = {**json.loads(decoded(payload)), **claims}
        signed = f"{header}.{encoded(json.dumps(payload).encode())}"
        key = key or serialization.load_pem_private_key(self.signing_key.encode(), None)
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{encoded(signature)}"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


def expect(what: str, found, expected):
    if found != expected:
        raise SystemExit(f"FAILED {what}: {found!r} instead of {expected!r}")
    print(f"ok  {what}: {found}")


def main(binary: str, archive: str, folder: pathlib.Path):
    emulator = Emulator(folder)
    try:
        check(Site(emulator, binary, archive, folder), emulator)
    finally:
        emulator.stop()


def check(site: Site, emulator: Emulator):
    site.create_data()
    site.create_secret()
    site.upload_code()
    site.run("migrate", "up", **site.migrator)
    expect("tables", site.run("migrate", "verify", **site.migrator).strip(), "Every table is as declared.")
    outputs = site.deploy_api()
    site.url = f"{emulator.url}/_aws/execute-api/{outputs['ApiId']}/$default"
    site.deploy_api()
    check_public_reads(site)
    token = site.sign_in()
    check_publication(site, token)
    check_background_work(site, token)
    check_import(site, token)
    check_images(site, emulator, token)
    check_api_key(site, token)
    check_jwt_authorizer(site)
    check_lambda_authorizer(site)
    check_policies(site)


def check_public_reads(site: Site):
    expect("GET /readyz", site.status("GET", "/readyz"), 200)
    expect("GET /v1/posts", site.status("GET", "/v1/posts"), 200)
    expect("HEAD /v1/posts", site.status("HEAD", "/v1/posts"), 200)
    expect("GET /docs", site.status("GET", "/docs"), 200)
    expect("GET of an address without a route", site.status("GET", "/wp-login.php"), 404)
    expect("POST without credentials", site.status("POST", "/v1/posts", body={"title": "x"}), 401)
    _, _, body = site.call("GET", "/.well-known/openid-configuration")
    expect("issuer", json.loads(body)["issuer"], site.url)


def check_publication(site: Site, token: str):
    bearer = f"Bearer {token}"
    draft = {"title": "The inkwell", "slug": "the-inkwell", "body": "It *works*.", "tags": ["first", "second"]}
    status, headers, body = site.call("POST", "/v1/posts", draft, authorization=bearer)
    expect("create a post", status, 201)
    post = json.loads(body)["id"]
    expect("read the draft by its slug", site.status("GET", "/v1/posts/by-slug/the-inkwell"), 404)
    status, _, _ = site.call(
        "POST", f"/v1/posts/{post}/publish", authorization=bearer, if_match=headers["etag"]
    )
    expect("publish it", status, 200)
    status, _, body = site.call("GET", "/v1/posts/by-slug/the-inkwell")
    expect("read it by its slug", (status, json.loads(body)["html"]), (200, "<p>It <em>works</em>.</p>\n"))


def check_background_work(site: Site, token: str):
    """Merges a tag, which only the function for background work completes, started by its schedule."""
    bearer = f"Bearer {token}"
    status, _, body = site.call("POST", "/v1/tags/first/merge", {"into": "second"}, authorization=bearer)
    expect("merge a tag", status, 202)
    operation = json.loads(body)["id"]

    def ended():
        _, _, body = site.call("GET", f"/v1/operations/{operation}", authorization=bearer)
        found = json.loads(body)
        return found if found["state"] not in ("queued", "running") else None

    found = wait_for(ended, "the schedule does not complete the operation", 150)
    expect("the scheduled function completes the operation", found["state"], "succeeded")


def check_import(site: Site, token: str):
    command = ["import", str(ROOT / "examples/blog"), "--url", site.url]
    last = [site.run(*command, TINTERO_TOKEN=token).strip().splitlines()[-1] for _ in range(2)]
    expect("import the example blog, and again", last, ["blog, created: 7.", "blog, unchanged: 7. 0 changes."])
    _, _, body = site.call("GET", "/v1/posts?limit=100")
    expect("published posts", len(json.loads(body)["items"]), 6)


def check_images(site: Site, emulator: Emulator, token: str):
    """The function that served the upload need not be the one that serves the image."""
    _, _, body = site.call("GET", "/v1/images?limit=100", authorization=f"Bearer {token}")
    images = json.loads(body)["items"]
    objects = emulator.client("s3").list_objects_v2(Bucket=site.bucket, Prefix="objects/").get("Contents", [])
    expect("objects in the bucket", len(objects), len({image["sha256"] for image in images}))
    # Addresses are below the path of the public URL.
    paths = ["/media/" + image["url"].partition("/media/")[2] for image in images]
    statuses = [site.status("GET", path) for path in paths]
    expect("images from the bucket", statuses, [200] * len(images))
    expect("imported images", len(images) > 0, True)


def check_api_key(site: Site, token: str):
    key = {"name": "build", "scopes": ["posts:read"]}
    status, _, body = site.call("POST", "/v1/api-keys", key, authorization=f"Bearer {token}")
    expect("issue an API key", status, 201)
    site.key = json.loads(body)
    expect("without authorizer: API key", site.status("GET", "/v1/me", f"ApiKey {site.key['secret']}"), 200)


def check_jwt_authorizer(site: Site):
    site.deploy_api(Authorizer="jwt")
    token = site.sign_in()
    now = int(time.time())
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    header, payload, signature = token.split(".")
    tampered = {**json.loads(decoded(payload)), "sub": "01a22097-c283-7025-9813-dc405a828af6"}
    tampered = f"{header}.{encoded(json.dumps(tampered).encode())}.{signature}"
    for what, authorization, expected in [
        ("no token", None, 401),
        ("a token", f"Bearer {token}", 200),
        ("the same claims, signed again", f"Bearer {site.token(token)}", 200),
        ("another audience", f"Bearer {site.token(token, aud='other')}", 401),
        ("another issuer", f"Bearer {site.token(token, iss='https://example.org')}", 401),
        ("expired", f"Bearer {site.token(token, exp=now - 300, iat=now - 900)}", 401),
        ("another key", f"Bearer {site.token(token, key=foreign)}", 401),
        ("tampered", f"Bearer {tampered}", 401),
        ("API key", f"ApiKey {site.key['secret']}", 401),
    ]:
        expect(f"jwt authorizer: {what}", site.status("GET", "/v1/me", authorization), expected)
    expect("jwt authorizer: public read", site.status("GET", "/v1/posts"), 200)
    expect("jwt authorizer: page of the dashboard", site.status("GET", "/admin"), 404)


def check_lambda_authorizer(site: Site):
    site.deploy_api(Authorizer="lambda")
    token = site.sign_in()
    key = f"ApiKey {site.key['secret']}"
    expect("lambda authorizer: no token", site.status("GET", "/v1/me"), 401)
    expect("lambda authorizer: a token", site.status("GET", "/v1/me", f"Bearer {token}"), 200)
    expect("lambda authorizer: API key", site.status("GET", "/v1/me", key), 200)
    expect("lambda authorizer: not a key", site.status("GET", "/v1/me", "ApiKey tin_x"), 403)
    expect("lambda authorizer: public read", site.status("GET", "/v1/posts"), 200)


def check_policies(site: Site):
    print(site.run("doctor", **site.auditor), end="")
    refused = subprocess.run(
        [site.binary, "doctor"],
        env={"PATH": os.environ["PATH"], **site.migrator},
        cwd=site.folder,
        capture_output=True,
        text=True,
    )
    expect("the policy of migrations reads no posts", "AccessDenied" in refused.stderr, True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]))
