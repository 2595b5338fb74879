"""Those who sign: each writes a bundle about the artifact, of one kind, by the signing config."""
import json
import os
import pathlib
import sys
import urllib.request

from sigstore.dsse import Statement
from sigstore.models import ClientTrustConfig
from sigstore.oidc import IdentityToken
from sigstore.sign import SigningContext

from material import ARTIFACT, CONFIG, ISSUER, PREDICATES, REKOR, ROOT, run, statement


def signed(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")


def token():
    request = urllib.request.Request(f"{ISSUER}/token?audience=sigstore", headers={"authorization": "bearer x"})
    return json.load(urllib.request.urlopen(request, timeout=10))["value"]


def by_waybill(kind, bundle):
    what = ["--in-toto", statement(kind)] if kind in PREDICATES else [ARTIFACT]
    signed(os.environ["CLIENT"], "sign-bundle", "--identity-token", token(), "--bundle", bundle, "--trusted-root", ROOT,
           "--signing-config", CONFIG, *what)


def by_cosign(kind, bundle):
    pathlib.Path("token.jwt").write_text(token())
    what = ["attest-blob", "--statement", statement(kind)] if kind in PREDICATES else ["sign-blob", ARTIFACT]
    signed(os.environ["C"], *what, "--yes", "--identity-token", "token.jwt", "--trusted-root", ROOT,
           "--signing-config", CONFIG, "--bundle", bundle)


def by_sigstore_python(kind, bundle):
    trust = ClientTrustConfig.from_json(json.dumps({
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": json.load(open(ROOT)), "signingConfig": json.load(open(CONFIG))}))
    with SigningContext.from_trust_config(trust).signer(IdentityToken(token())) as signer:
        if kind in PREDICATES:
            made = signer.sign_dsse(Statement(statement(kind).read_bytes()))
        else:
            made = signer.sign_artifact(ARTIFACT.read_bytes())
    pathlib.Path(bundle).write_text(made.to_json())


def by_sigstore_js(kind, bundle):
    what = ["dsseEnvelope", statement(kind)] if kind in PREDICATES else ["messageSignature", ARTIFACT]
    signed(os.environ["NODE"], pathlib.Path(__file__).with_name("write.js"), *what, bundle, CONFIG, token())


WRITERS = {"waybill": by_waybill, "cosign": by_cosign, "sigstore-python": by_sigstore_python,
           "sigstore-js": by_sigstore_js}


def unwritten(writer, kind):
    """Why a writer cannot sign this kind into this log; None when it can."""
    if writer == "sigstore-js" and kind in PREDICATES and REKOR == "2":
        return "it asks for a `dsse` entry, and Rekor v2 takes `hashedrekord` only"
    return None
