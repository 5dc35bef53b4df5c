"""Holds the letters in the readers' maildirs: so many each, whole, and his own.

usage: letters.py FOLDER EDITIONS NAME[=EDITIONS]...   readers of these names have letters
"""

import email
import email.policy
import glob
import os
import re
import subprocess
import sys

import dkim


def key_record(folder):
    """The TXT record that the DNS would hold for the key that signs."""
    key = subprocess.run(["openssl", "rsa", "-in", f"{folder}/s1.pem", "-pubout"], capture_output=True, check=True, text=True).stdout
    return b"v=DKIM1; k=rsa; p=" + "".join(key.splitlines()[1:-1]).encode()


def faults(path, to, record):
    """What is wrong with one letter."""
    raw = open(path, "rb").read()
    m = email.message_from_bytes(raw, policy=email.policy.default)
    names = []

    def dns(name, timeout=5):
        names.append(name)
        return record

    if not dkim.verify(raw, dnsfunc=dns) or names != [b"s1._domainkey.digest.test."]:
        yield f"DKIM does not verify, asked for {names}"
    for field, want in {
        "From": "Žlutý kůň <digest@digest.test>",
        "To": to,
        "Auto-Submitted": "auto-generated",
    }.items():
        if m.get_all(field, []) != [want]:
            yield f"{field}: {m.get_all(field)}, want {want}"
    if not re.fullmatch(r"<mailto:digest\+unsubscribe\+[a-z2-7]{39}@digest\.test\?subject=unsubscribe>", m["List-Unsubscribe"] or ""):
        yield f"List-Unsubscribe: {m['List-Unsubscribe']}"
    for field in ("Date", "Subject", "List-ID", "Message-ID", "MIME-Version", "Content-Type"):
        if len(m.get_all(field, [])) != 1:
            yield f"{field}: {m.get_all(field)}, want one"
    if not re.fullmatch(r"<bounces\+[A-Za-z0-9_=-]+@digest\.test>", m["Return-Path"] or ""):
        yield f"Return-Path: {m['Return-Path']}"
    if m["Delivered-To"] != to:
        yield f"Delivered-To: {m['Delivered-To']}"
    received = m.get_all("Received", [])
    if len(received) != 1 or "ESMTPSA" not in received[0]:  # TLS and a log-in, RFC 3848
        yield f"Received: {received}"
    if m.get_content_type() != "multipart/alternative" or "Ukraine" not in m.get_body(("plain",)).get_content() or "Ukraine" not in m.get_body(("html",)).get_content():
        yield "the two parts are not there"


def forged(path, record):
    """A verifier that takes anything would hold nothing."""
    raw = open(path, "rb").read().replace(b"Ukraine", b"Atlantis")
    return dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)


def main():
    folder = sys.argv[1]
    editions = {name: int(n or sys.argv[2]) for name, _, n in (a.partition("=") for a in sys.argv[3:])}
    record, wrong, ids = key_record(folder), [], []
    readers = open(f"{folder}/readers.txt").read().split()
    for to in readers:
        user, domain = to.split("@")
        got = glob.glob(f"{folder}/mail/{domain}/{user}/*/*")
        want = next((n for name, n in editions.items() if to.startswith(name)), 0)
        if len(got) != want:
            wrong.append(f"{to}: {len(got)} letters, want {want}")
        of = []
        for path in got:
            wrong += [f"{to}: {w}" for w in faults(path, to, record)]
            ids.append(email.message_from_bytes(open(path, "rb").read())["Message-ID"])
            of.append(re.match(r"<standpoint\.(\d+)\.", ids[-1]).group(1))
        if len(set(of)) != len(of):
            wrong.append(f"{to}: editions {of}")
        if got and not ids[len(got):] and forged(got[0], record):
            wrong.append("DKIM verifies what was changed")
    if len(set(ids)) != len(ids):
        wrong.append("Message-IDs are not unique")
    total = sum(len(files) for _, _, files in os.walk(f"{folder}/mail/readers.test"))
    if total != len(ids):
        wrong.append(f"{total} letters, of which readers have {len(ids)}")
    print(f"{len(ids)} letters", *wrong[:10], sep="\n")
    sys.exit(bool(wrong))


main()
