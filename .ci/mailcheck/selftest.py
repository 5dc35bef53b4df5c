"""Proves that the judges can say no: each gets the demo's letter broken in one
way that it has to see, and the letter unbroken, at which it has to say less."""

import email
import email.policy
import subprocess

import dkim

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


def rebuilt(raw, html=lambda s: s, text=lambda s: s):
    """The letter with its parts changed, encoded anew."""
    old = email.message_from_bytes(raw, policy=email.policy.SMTP)
    new = email.message.EmailMessage(policy=email.policy.SMTP)
    for name, value in old.items():
        if name.lower() not in ("content-type", "content-transfer-encoding", "mime-version", "dkim-signature"):
            new[name] = str(value)
    new.set_content(text(old.get_body(("plain",)).get_content()), cte="quoted-printable")
    new.add_alternative(html(old.get_body(("html",)).get_content()), subtype="html", cte="quoted-printable")
    return new.as_bytes()


def swap(old, new):
    def change(s):
        if old not in s:
            raise RuntimeError(f"the letter has no {old!r} to break")
        return s.replace(old, new, 1)

    return change


def before_end(markup):
    return swap("</body>", markup + "</body>")


def last_ghost_end(html):
    """Drops the end of the last table that only Outlook sees."""
    at = html.rindex("<!--[if mso]>")
    end = html.index("<![endif]-->", at) + len("<![endif]-->")
    return html[:at] + html[end:]


def broken(raw, signed):
    """Letters by name, each with the judge that must refuse it; None: nobody."""
    return {
        "whole": (rebuilt(raw), None),
        "signed": (signed(rebuilt(raw)), None),
        "spam": (rebuilt(raw, text=lambda s: s + GTUBE + "\n"), "spamassassin"),
        "flex": (rebuilt(raw, html=before_end('<div style="display:flex">x</div>')), "caniemail"),
        "video": (rebuilt(raw, html=before_end("<video controls></video>")), "caniemail"),
        "nesting": (rebuilt(raw, html=before_end("<p><span>x</p></span>")), "html"),
        "attribute": (rebuilt(raw, html=before_end('<p align="center">x</p>')), "html"),
        "ghost-table": (rebuilt(raw, html=last_ghost_end), "html-outlook"),
        "tampered": (swap(b"Content-Type: text/html", b"Content-type: text/html")(signed(rebuilt(raw))), "dkim"),
        "uncovered": (signed(rebuilt(raw), [b"from", b"to", b"subject", b"date"]), "dkim"),
        "unsigned": (rebuilt(raw), "dkim"),
        "wide": (rebuilt(raw, html=before_end('<div style="width:900px">x</div>')), "overflow"),
        "pale": (rebuilt(raw, html=before_end('<p style="color:#bbbbbb;background-color:#ffffff">pale words</p>')), "axe"),
        "pale-dark": (
            rebuilt(raw, html=lambda s: before_end('<p class="x" style="color:#111111;background-color:#eeeeee">words</p>')(
                swap("</head>", "<style>@media (prefers-color-scheme: dark) {.x {background-color: #222222 !important}}</style></head>")(s))),
            "axe",
        ),
        "empty-link": (rebuilt(raw, html=before_end('<a href="https://standpoint.example/"></a>')), "axe"),
        "pixel": (rebuilt(raw, html=before_end('<img src="https://standpoint.example/o.gif" width="1" height="1" alt="">')), "remote"),
    }


def run(opt, judge):
    folder = opt.work / "broken"
    folder.mkdir()
    key, public = opt.work / "key.pem", opt.work / "public.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", key, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
    record = "v=DKIM1; k=rsa; p=" + "".join(public.read_text().splitlines()[1:-1])

    def signed(raw, fields=None):
        names = [n.lower().encode() for n in email.message_from_bytes(raw).keys()]
        return dkim.sign(raw, b"s1", b"standpoint.example", key.read_bytes(), include_headers=fields or names) + raw

    letters = broken((opt.letters / "demo.eml").read_bytes(), signed)
    for name, (raw, _) in letters.items():
        (folder / (name + ".eml")).write_bytes(raw)
        if name in ("signed", "tampered", "uncovered", "unsigned"):
            (folder / (name + ".dkim")).write_text("s1._domainkey.standpoint.example\t" + record + "\n")
    verdicts, _, _ = judge(opt, folder, quiet=True, spam=("whole", "signed", "spam"))
    always = verdicts.failed.get("whole", set())  # faults of today's letter, which `run` tells
    bad = 0
    for name, (_, want) in letters.items():
        got = verdicts.failed.get(name, set()) - always
        ok = want in got if want else not got
        bad += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name:14} wanted a no from {want or 'nobody':14} got it from {', '.join(sorted(got)) or 'nobody'}")
    for judge_ in sorted(always & {want for _, want in letters.values()}):
        bad += 1
        print(f"FAIL {judge_}: refuses the unbroken letter too, which proves nothing; mend that first")
    print(f"{len(letters)} letters: {len(letters) - bad} as wanted, {bad} not")
    return 1 if bad else 0
