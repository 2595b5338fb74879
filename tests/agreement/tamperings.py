"""Ways to tamper with a bundle: each changes it in place, some with parts of another bundle about the same artifact, by the
same signer."""
import base64
import json
import time

from material import REKOR


def flipped(text):
    raw = bytearray(base64.b64decode(text))
    raw[-1] ^= 1
    return base64.b64encode(raw).decode()


def flip(holder, name):
    holder[name] = flipped(holder[name])


def add(holder, name, number):
    holder[name] = str(int(holder.get(name, "0")) + number)


# The signature and what it is over.

def signature_holder(bundle):
    return (bundle["dsseEnvelope"]["signatures"][0], "sig") if "dsseEnvelope" in bundle else (
        bundle["messageSignature"], "signature")


def signature(bundle, other):
    flip(*signature_holder(bundle))


def swapped_signature(bundle, other):
    (holder, name), (theirs, its) = signature_holder(bundle), signature_holder(other)
    holder[name] = theirs[its]


def no_signature(bundle, other):
    holder, name = signature_holder(bundle)
    holder[name] = ""


def second_signature(bundle, other):
    if "dsseEnvelope" in bundle:
        bundle["dsseEnvelope"]["signatures"].append(other["dsseEnvelope"]["signatures"][0])
    else:
        bundle["dsseEnvelope"] = {"payload": "", "payloadType": "x", "signatures": []}


def content(bundle, other):
    if "dsseEnvelope" in bundle:
        envelope = bundle["dsseEnvelope"]
        statement = json.loads(base64.b64decode(envelope["payload"]))
        statement["subject"].append({"name": "more", "digest": {"sha256": "0" * 64}})
        envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    else:
        flip(bundle["messageSignature"]["messageDigest"], "digest")


def content_type(bundle, other):
    if "dsseEnvelope" in bundle:
        bundle["dsseEnvelope"]["payloadType"] = "application/json"
    else:
        bundle["messageSignature"]["messageDigest"]["algorithm"] = "SHA2_512"


def media_type(bundle, other):
    bundle["mediaType"] = "application/vnd.dev.sigstore.bundle.v9.9+json"


# The certificate.

def certificate_holder(bundle):
    material = bundle["verificationMaterial"]
    return material["certificate"] if "certificate" in material else material["x509CertificateChain"]["certificates"][0]


def certificate(bundle, other):
    flip(certificate_holder(bundle), "rawBytes")


def swapped_certificate(bundle, other):
    certificate_holder(bundle)["rawBytes"] = certificate_holder(other)["rawBytes"]


def no_certificate(bundle, other):
    for form in ("certificate", "x509CertificateChain"):
        bundle["verificationMaterial"].pop(form, None)


def certificate_chain(bundle, other):
    holder = certificate_holder(bundle)
    no_certificate(bundle, other)
    bundle["verificationMaterial"]["x509CertificateChain"] = {"certificates": [holder]}
    bundle["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json"  # in which there is no chain


def public_key(bundle, other):
    no_certificate(bundle, other)
    bundle["verificationMaterial"]["publicKey"] = {"hint": "x"}


# The log entry.

def entries(bundle):
    return bundle["verificationMaterial"]["tlogEntries"]


def entry(bundle):
    return entries(bundle)[0]


def no_entry(bundle, other):
    entries(bundle).clear()


def swapped_entry(bundle, other):
    entries(bundle)[0] = entry(other)


def entry_twice(bundle, other):
    entries(bundle).append(entry(bundle))


def another_entry_before(bundle, other):
    entries(bundle).insert(0, entry(other))


def another_entry_after(bundle, other):
    entries(bundle).append(entry(other))


def swapped_body(bundle, other):
    entry(bundle)["canonicalizedBody"] = entry(other)["canonicalizedBody"]


def no_body(bundle, other):
    del entry(bundle)["canonicalizedBody"]


def kind_version(bundle, other):
    entry(bundle)["kindVersion"]["version"] = "0.0.9"


def log_id(bundle, other):
    flip(entry(bundle)["logId"], "keyId")


def log_index(bundle, other):
    add(entry(bundle), "logIndex", 1)


def integrated_time(bundle, other):
    add(entry(bundle), "integratedTime", 1)


def promise(bundle, other):
    flip(entry(bundle)["inclusionPromise"], "signedEntryTimestamp")


# Its inclusion proof.

def proof(bundle):
    return entry(bundle)["inclusionProof"]


def no_proof(bundle, other):
    del entry(bundle)["inclusionProof"]


def path(bundle, other):
    proof(bundle)["hashes"][0] = flipped(proof(bundle)["hashes"][0])


def index_in_proof(bundle, other):
    add(proof(bundle), "logIndex", -1)


def tree_size(bundle, other):
    add(proof(bundle), "treeSize", 1)


def root_hash(bundle, other):
    flip(proof(bundle), "rootHash")


def checkpoint(bundle, other):
    note = proof(bundle)["checkpoint"]
    head, mark, tail = note["envelope"].rstrip("\n").rpartition(" ")
    note["envelope"] = head + mark + flipped(tail) + "\n"


def origin(bundle, other):
    proof(bundle)["checkpoint"]["envelope"] = "x" + proof(bundle)["checkpoint"]["envelope"]


def swapped_checkpoint(bundle, other):
    proof(bundle)["checkpoint"] = proof(other)["checkpoint"]


def no_checkpoint(bundle, other):
    del proof(bundle)["checkpoint"]


# The time.

def timestamps(bundle):
    return bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]


def timestamp(bundle, other):
    flip(timestamps(bundle)[0], "signedTimestamp")


def swapped_timestamp(bundle, other):
    timestamps(bundle)[0] = timestamps(other)[0]


def timestamp_twice(bundle, other):
    timestamps(bundle).append(timestamps(bundle)[0])


def another_timestamp_after(bundle, other):
    timestamps(bundle).append(timestamps(other)[0])


def no_timestamp(bundle, other):
    del bundle["verificationMaterial"]["timestampVerificationData"]


def invented_time(bundle, other):
    no_timestamp(bundle, other)
    entry(bundle)["integratedTime"] = str(int(time.time()))


def invented_promise(bundle, other):
    invented_time(bundle, other)
    entry(bundle)["inclusionPromise"] = {"signedEntryTimestamp": signature_holder(bundle)[0][signature_holder(bundle)[1]]}


# Rekor v1 promises the time, v2 leaves it to timestamps.
TAMPERINGS = [
    signature, swapped_signature, no_signature, second_signature, content, content_type, media_type, certificate,
    swapped_certificate, no_certificate, certificate_chain, public_key, no_entry, swapped_entry, entry_twice,
    another_entry_before, another_entry_after, swapped_body, no_body, kind_version, log_id, log_index, integrated_time,
    no_proof, path, index_in_proof, tree_size, root_hash, checkpoint, origin, swapped_checkpoint, no_checkpoint, timestamp,
    swapped_timestamp, timestamp_twice, another_timestamp_after,
    *{"1": [promise], "2": [no_timestamp, invented_time, invented_promise]}[REKOR]]
