#!/usr/bin/python3
"""Judges a folder of letters (.eml) and web pages (.page.html) by independent
programs and prints one line a judge and letter; called by the script beside it."""

import argparse
import concurrent.futures
import email
import email.policy
import json
import os
import pathlib
import re
import subprocess
import sys

import dkim

HERE = pathlib.Path(__file__).resolve().parent

# The points that speak against a letter. Those that speak for it are not
# counted: a list header must not pay for a fault.
MOST_SPAM = 1.0

# Fields that a signature has to cover where the letter has them (S3).
SIGNED = [
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
    "list-id", "list-unsubscribe", "list-unsubscribe-post",
]


class Verdicts:
    """Counts what the judges said, and says it."""

    def __init__(self, quiet=False):
        self.quiet, self.ok, self.failed = quiet, 0, {}

    def say(self, judge, letter, figure, details=()):
        if not details:
            self.ok += 1
            self.line(f"ok   {judge:13} {letter:14} {figure}")
            return
        self.failed.setdefault(letter, set()).add(judge)
        for d in details[:8]:
            self.line(f"FAIL {judge:13} {letter:14} {d}")
        if len(details) > 8:
            self.line(f"FAIL {judge:13} {letter:14} … and {len(details) - 8} more")

    def line(self, text):
        if not self.quiet:
            print(text, flush=True)


def html_part(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    part = message.get_body(("html",))
    return part.get_content() if part else ""


def spamassassin(work, path):
    """Asks SpamAssassin's local tests; the rules' points come as a list."""
    home = work / "spamassassin"
    home.mkdir(exist_ok=True)
    run = subprocess.run(
        ["spamassassin", "--local", "--test-mode", "--nocreate-prefs", "--cf=use_bayes 0", "--cf=use_txrep 0"],
        input=path.read_bytes(), capture_output=True, timeout=120, env={**os.environ, "HOME": str(home)},
    )
    report = run.stdout.decode("utf-8", "replace").rpartition(" pts rule name")[2]
    hits = [(float(points), rule) for points, rule in re.findall(r"^ *(-?\d+(?:\.\d+)?) ([A-Z][A-Z0-9_]+) ", report, re.M)]
    if run.returncode or not hits:
        raise RuntimeError(f"spamassassin on {path.name}: {run.stderr.decode()[-300:] or 'no report'}")
    return hits


def judge_spam(verdicts, work, letters):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, hits in zip(letters, pool.map(lambda p: spamassassin(work, p), letters)):
            against = sum(p for p, _ in hits if p > 0)
            score = sum(p for p, _ in hits)
            rules = " ".join(f"{rule}={points}" for points, rule in hits)
            figure = f"{against:.1f} against, {score:.1f} in all: {rules}"
            verdicts.say("spamassassin", path.stem, figure, [figure] if against >= MOST_SPAM else [])


def judge_dkim(verdicts, letters):
    """Verifies every signature with dkimpy, which gets the key's record from a
    file beside the letter in the stead of DNS: "name, tab, record" a line."""
    for path in letters:
        raw = path.read_bytes()
        count = len(email.message_from_bytes(raw).get_all("DKIM-Signature") or [])
        records = path.with_suffix(".dkim")
        if not records.exists():
            if count:
                verdicts.say("dkim", path.stem, "", ["signed, and no key to verify it with"])
            continue
        keys = dict(line.split("\t", 1) for line in records.read_text().splitlines())
        bad, told = ([] if count else ["not signed"]), []
        for i in range(count):
            signature = dkim.DKIM(raw)
            try:
                if not signature.verify(i, dnsfunc=lambda name, **_: keys.get(name.decode().rstrip("."), "").encode()):
                    bad.append(f"signature {i + 1} does not verify")
            except dkim.DKIMException as e:
                bad.append(f"signature {i + 1}: {e}")
            covered = {f.lower().decode() for f in signature.include_headers or []}
            have = {f.lower() for f in email.message_from_bytes(raw).keys()}
            open_ = [f for f in SIGNED if f in have and f not in covered]
            if open_:
                bad.append(f"signature {i + 1} leaves open {', '.join(open_)}")
            fields = signature.signature_fields or {}
            told.append(f"{fields.get(b'a', b'?').decode()}, {len(covered)} fields")
        verdicts.say("dkim", path.stem, "; ".join(told), bad)


def judge_pages(verdicts, opt, letters, pages):
    folder = opt.work / "html"
    folder.mkdir(exist_ok=True)
    jobs = []
    for path in letters:
        if path.with_suffix(".dkim").exists():
            continue  # made for the signature; it looks like the others
        file = folder / (path.stem + ".html")
        file.write_text(html_part(path.read_bytes()))
        jobs.append({"name": path.stem, "file": str(file), "page": False})
    jobs += [{"name": p.name.removesuffix(".html"), "file": str(p), "page": True} for p in pages]
    listing = opt.work / "jobs.json"
    listing.write_text(json.dumps({"jobs": jobs, "shots": str(opt.shots or ""), "browserOnly": opt.browser_only}))
    with subprocess.Popen([opt.node, HERE / "pages.mjs", opt.npm, listing], stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            said = json.loads(line)
            if "note" in said:
                verdicts.line("note " + said["note"])
            else:
                verdicts.say(said["judge"], said["letter"], said["figure"], said["details"])
    if run.returncode:
        raise RuntimeError(f"pages.mjs ended with {run.returncode}")


def judge(opt, folder, quiet=False, spam=None):
    """Has all judges judge a folder. SpamAssassin takes seconds a letter: spam
    says of which letters it is asked; without it, of all."""
    verdicts = Verdicts(quiet)
    letters, pages = sorted(folder.glob("*.eml")), sorted(folder.glob("*.page.html"))
    if not letters:
        raise RuntimeError(f"no letters in {folder}")
    if not opt.browser_only:
        judge_spam(verdicts, opt.work, [p for p in letters if spam is None or p.stem in spam])
        judge_dkim(verdicts, letters)
    judge_pages(verdicts, opt, letters, pages)
    return verdicts, len(letters), len(pages)


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    for name in "letters", "work", "npm", "shots":
        ap.add_argument("--" + name, type=pathlib.Path)
    ap.add_argument("--node")
    ap.add_argument("--browser-only", action="store_true")
    ap.add_argument("--self-test", action="store_true")
    opt = ap.parse_args()
    if opt.self_test:
        import selftest

        return selftest.run(opt, judge)
    verdicts, letters, pages = judge(opt, opt.letters)
    bad = sum(map(len, verdicts.failed.values()))
    print(f"{letters} letters, {pages} web pages: {verdicts.ok} ok, {bad} failed" + (f"; screenshots in {opt.shots}" if opt.shots and not opt.browser_only else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
