"""What is signed and by whom, with the trust material of the local Sigstore, in whose folder this runs."""
import hashlib
import json
import os
import pathlib
import subprocess

ISSUER = os.environ["ISS"]
REKOR = os.environ["RV"]  # the version of the transparency log, 1 or 2
IDENTITY = "https://github.com/octo/charts/.github/workflows/release.yml@refs/heads/main"
ROOT, CONFIG = "trusted-root.json", "signing-config.json"
ARTIFACT = pathlib.Path("octo_charts-1.0.0-py3-none-any.whl")  # PyPI wants the name of a distribution
OTHER = pathlib.Path("other", ARTIFACT.name)

# What is signed: statements with these predicates, in an envelope, and the artifact itself, as a message.
PREDICATES = {
    "provenance": ("https://slsa.dev/provenance/v1", {
        "buildDefinition": {"buildType": "https://example.com/build/v1", "externalParameters": {}},
        "runDetails": {"builder": {"id": "https://example.com/builder"}}}),
    "publish": ("https://docs.pypi.org/attestations/publish/v1", None),
}
KINDS = [*PREDICATES, "message"]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def statement(kind):
    return pathlib.Path(f"{kind}.statement.json")


def make():
    ARTIFACT.write_text("hello waybill\n")
    OTHER.parent.mkdir()
    OTHER.write_text("another artifact\n")
    for kind, (predicate_type, predicate) in PREDICATES.items():
        statement(kind).write_text(json.dumps({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": ARTIFACT.name, "digest": {"sha256": sha256(ARTIFACT)}}],
            "predicateType": predicate_type, "predicate": predicate}, separators=(",", ":")))


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120)
