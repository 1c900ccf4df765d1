"""Starts the emulator of AWS (ministack) on a free port of the loopback interface."""

import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

REGION = "eu-central-1"
TLS = "aws:SecureTransport"
PROJECTION = "Projection: { ProjectionType: ALL }"
TEMPLATES = "templates"


class Emulator:
    """A running emulator. Verifies signatures and enforces policies."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(folder / "emulator.log", "wb")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "STATE_DIR": str(folder / "state"),
            "S3_DATA_DIR": str(folder / "s3"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "IOT_MTLS_ENABLED": "0",
            "CLOUDTRAIL_RECORDING": "1",
            "CLOUDTRAIL_MAX_EVENTS": "100000",
            # Functions call this address.
            "AWS_ENDPOINT_URL": self.url,
        }
        program = pathlib.Path(sys.executable).with_name("ministack")
        self.process = subprocess.Popen([program], env=environment, stdout=self.log, stderr=self.log)
        wait_for(self.is_up, "the emulator does not answer", 60)

    def is_up(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit(f"the emulator ended, see {self.log.name}")
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def client(self, service: str, key="test", secret="test"):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 1}),
        )

    def deploy(self, stack: str, template: pathlib.Path, **parameters: str) -> dict[str, str]:
        """Creates or updates a stack and returns its outputs."""
        # Indexes of tables of a stack have no status in the emulator. AWS always returns one.
        body = template.read_text().replace(PROJECTION, f"{PROJECTION}\n          IndexStatus: ACTIVE")
        # The emulator has no TLS, which the policy of the bucket requires. A test of the templates reads that policy.
        body = body.replace(f'{TLS}: "false"', f'{TLS}: "true"')
        cloudformation = self.client("cloudformation")
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        stacks = [it["StackName"] for it in cloudformation.describe_stacks()["Stacks"]]
        request = cloudformation.update_stack if stack in stacks else cloudformation.create_stack
        request(
            StackName=stack,
            TemplateURL=self.store_template(stack, body),
            Parameters=given,
            Capabilities=["CAPABILITY_IAM"],
        )

        def ended():
            found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
            return None if found["StackStatus"].endswith("_IN_PROGRESS") else found

        found = wait_for(ended, f"the stack {stack} does not get ready", 120)
        if found["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
            reasons = [
                f"{it['LogicalResourceId']}: {it['ResourceStatusReason']}"
                for it in events
                if it.get("ResourceStatusReason") and "FAILED" in it["ResourceStatus"]
            ]
            raise SystemExit("\n".join([f"{stack}: {found['StackStatus']}", *reasons]))
        return {it["OutputKey"]: it["OutputValue"] for it in found.get("Outputs", [])}

    def store_template(self, stack: str, body: str) -> str:
        """Stores a template in a bucket and returns its URL, because CloudFormation takes at most 51,200 bytes inline."""
        storage = self.client("s3")
        if TEMPLATES not in [it["Name"] for it in storage.list_buckets()["Buckets"]]:
            storage.create_bucket(Bucket=TEMPLATES, CreateBucketConfiguration={"LocationConstraint": REGION})
        storage.put_object(Bucket=TEMPLATES, Key=stack, Body=body.encode())
        return f"{self.url}/{TEMPLATES}/{stack}"

    def user(self, name: str, policy: str) -> dict[str, str]:
        """Creates a user with one policy and returns the environment of its programs."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(done, failure: str, seconds: float):
    """Waits until `done` returns a true value, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := done():
            return found
        time.sleep(0.2)
    raise SystemExit(failure)
