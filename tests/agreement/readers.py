"""Those who verify: each says of a bundle whether it accepts it for this artifact and identity, and if not, why."""
import functools
import json
import os
import pathlib
import subprocess
from unittest import mock

from pypi_attestations import Attestation, Distribution
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from material import ISSUER, PREDICATES, REKOR, ROOT, run, sha256


def program(*command):
    done = run(*command)
    return done.returncode == 0, " ".join(done.stderr.split())


def library(read):
    """A reader from what raises when it rejects; a crash is a rejection too."""
    @functools.wraps(read)
    def verdict(*arguments):
        try:
            read(*arguments)
            return True, ""
        except Exception as error:
            return False, " ".join(f"{type(error).__name__}: {error}".split())
    return verdict


def waybill(kind, bundle, artifact, identity):
    return program(os.environ["CLIENT"], "verify-bundle", "--bundle", bundle, "--certificate-identity", identity,
                   "--certificate-oidc-issuer", ISSUER, "--trusted-root", ROOT, artifact)


def cosign(kind, bundle, artifact, identity):
    command = ["verify-blob-attestation", "--type", PREDICATES[kind][0]] if kind in PREDICATES else ["verify-blob"]
    return program(os.environ["C"], *command, "--bundle", bundle, "--trusted-root", ROOT, "--use-signed-timestamps",
                   "--certificate-identity", identity, "--certificate-oidc-issuer", ISSUER, artifact)


@library
def sigstore_python(kind, bundle, artifact, identity):
    verifier, policy = Verifier(trusted_root=TrustedRoot.from_file(ROOT)), Identity(identity=identity, issuer=ISSUER)
    read = Bundle.from_json(bundle.read_bytes())
    if kind in PREDICATES:
        _, payload = verifier.verify_dsse(read, policy)
        if all(subject["digest"].get("sha256") != sha256(artifact) for subject in json.loads(payload)["subject"]):
            raise ValueError("no subject is this artifact")
    else:
        verifier.verify_artifact(artifact.read_bytes(), read, policy)


@functools.cache
def node():
    script = pathlib.Path(__file__).with_name("read.js")
    return subprocess.Popen([os.environ["NODE"], script, ROOT, ISSUER], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True)


def sigstore_js(kind, bundle, artifact, identity):
    print(json.dumps([str(bundle), str(artifact), identity]), file=node().stdin, flush=True)
    answer = node().stdout.readline().strip()
    return answer == "accepts", answer


@library
def pypi_attestations(kind, bundle, artifact, identity):
    attestation = Attestation.model_validate(pep_740(json.loads(bundle.read_bytes())))
    verifier = Verifier(trusted_root=TrustedRoot.from_file(ROOT))
    with mock.patch.object(Verifier, "production", return_value=verifier):  # it takes no other trusted root
        attestation.verify(Identity(identity=identity, issuer=ISSUER), Distribution.from_file(artifact))


def pep_740(bundle):
    """The same attestation in the form in which PyPI takes and serves it, which has no place for timestamps."""
    material, envelope = bundle["verificationMaterial"], bundle["dsseEnvelope"]
    (signature,) = envelope["signatures"]
    return {"version": 1,
            "verification_material": {"certificate": material["certificate"]["rawBytes"],
                                      "transparency_entries": material["tlogEntries"]},
            "envelope": {"statement": envelope["payload"], "signature": signature["sig"]}}


READERS = {"waybill": waybill, "cosign": cosign, "sigstore-python": sigstore_python, "sigstore-js": sigstore_js,
           "pypi-attestations": pypi_attestations}


def unread(reader, writer, kind):
    """Why a reader does not read what this writer signs, tampered with or not; None when it does."""
    if reader == "pypi-attestations" and kind == "message":
        return "an attestation of PEP 740 is a statement"
    if reader == "pypi-attestations" and REKOR == "2":
        return "Rekor v2 gives no time, and PEP 740 has no place for a timestamp"
    if reader in ("pypi-attestations", "sigstore-python") and writer == "sigstore-js" and REKOR == "1":
        return "the local log keeps the writer's PEM, which ends without the newline that Rekor's own would have"
    return None
