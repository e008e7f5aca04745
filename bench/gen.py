"""The benchmark's records: neutral, the same for every size and every run (a fixed seed).

    python -m bench.gen --kind people --count 100000 [--start 0] [--format neutral|copper|csv]

With `copper` it prints request bodies, one JSON object a line; links stand as indexes under "_company", "_person",
"_user" and "_tags", for the loader to put the server's ids there.
"""

import argparse
import csv
import json
import random
import sys

SEED = 20261123
N_USERS, N_TAGS, N_COMPANIES, N_PEOPLE, N_OPPS = 20, 50, 10_000, 100_000, 20_000
STAGES = ["Prospecting", "Qualification", "Proposal", "Negotiation", "Won", "Lost"]
FIRST = [
    "Ada",
    "Alan",
    "Amir",
    "Anna",
    "Bela",
    "Bruno",
    "Carla",
    "Chen",
    "Dana",
    "Diego",
    "Elif",
    "Emil",
    "Fatma",
    "Felix",
    "Gina",
    "Goran",
    "Hana",
    "Hugo",
    "Ida",
    "Igor",
    "Jana",
    "Juan",
    "Kaya",
    "Kofi",
    "Lena",
    "Luca",
    "Mara",
    "Milo",
    "Nadia",
    "Noah",
    "Olga",
    "Omar",
    "Petra",
    "Paul",
    "Rosa",
    "Ravi",
    "Sara",
    "Sven",
    "Tara",
    "Tomas",
    "Uma",
    "Uri",
    "Vera",
    "Viktor",
    "Wanda",
    "Wim",
    "Xenia",
    "Yara",
    "Yusuf",
    "Zoe",
]
SYL = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "di",
    "fa",
    "fe",
    "ga",
    "go",
    "ha",
    "he",
    "ja",
    "jo",
    "ka",
    "ke",
    "ki",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mi",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "ta",
    "te",
    "to",
    "va",
    "ve",
    "vi",
    "za",
    "ze",
]


def _rng(kind, i):
    return random.Random(f"{SEED}:{kind}:{i}")


def last_name(r):
    return "".join(r.choice(SYL) for _ in range(r.choice((3, 3, 4)))).capitalize()


def user(i):
    return {"i": i, "name": f"User {i:02d}", "email": f"user{i:02d}@example.test"}


def tag(i):
    return f"tag-{i:02d}"


def company(i):
    r = _rng("c", i)
    w = last_name(r)
    return {
        "i": i,
        "name": f"{w} Company {i:05d}",
        "domain": f"{w.lower()}{i:05d}.example.test",
        "city": last_name(r),
        "user": r.randrange(N_USERS),
        "tags": sorted(r.sample(range(N_TAGS), 2)),
    }


def person(i):
    r = _rng("p", i)
    f, last = r.choice(FIRST), last_name(r)
    c = r.randrange(N_COMPANIES)
    return {
        "i": i,
        "first": f,
        "last": last,
        "name": f"{f} {last}",
        "email": f"p{i:07d}@work.example.test",
        "email2": f"{f.lower()}.{i:07d}@home.example.test",
        "phone": f"+1555{i:08d}",
        "title": r.choice(("CEO", "CTO", "Buyer", "Engineer", "Sales Manager")),
        "city": last_name(r),
        "company": c,
        "user": r.randrange(N_USERS),
        "tags": sorted(r.sample(range(N_TAGS), 2)),
    }


def opportunity(i):
    r = _rng("o", i)
    p = r.randrange(N_PEOPLE)
    s = r.choices(range(6), (25, 22, 18, 15, 12, 8))[0]
    return {
        "i": i,
        "name": f"Deal {last_name(r)} {i:05d}",
        "person": p,
        "company": person(p)["company"],
        "stage": s,
        "value": r.randrange(100, 100_000),
        "user": r.randrange(N_USERS),
        "close": f"2027-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}",
    }


KINDS = {
    "users": (user, N_USERS),
    "companies": (company, N_COMPANIES),
    "people": (person, N_PEOPLE),
    "opportunities": (opportunity, N_OPPS),
}


def contains_term(i):
    """W7: the inside of a last name (first and last letter off): 4 to 6 letters, never a whole name."""
    return last_name(_rng("s", i))[1:-1].lower()


def copper(kind, d):
    if kind == "companies":
        return {
            "name": d["name"],
            "email_domain": d["domain"],
            "address": {"city": d["city"]},
            "tags": [tag(t) for t in d["tags"]],
            "_user": d["user"],
        }
    if kind == "people":
        return {
            "name": d["name"],
            "emails": [{"email": d["email"], "category": "work"}, {"email": d["email2"], "category": "personal"}],
            "phone_numbers": [{"number": d["phone"], "category": "work"}],
            "title": d["title"],
            "address": {"city": d["city"]},
            "tags": [tag(t) for t in d["tags"]],
            "_company": d["company"],
            "_user": d["user"],
        }
    if kind == "opportunities":
        return {
            "name": d["name"],
            "monetary_value": d["value"],
            "status": {4: "Won", 5: "Lost"}.get(d["stage"], "Open"),
            "_stage": d["stage"],
            "_company": d["company"],
            "_person": d["person"],
            "_user": d["user"],
        }
    return d


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--kind", choices=KINDS, required=True)
    a.add_argument("--count", type=int)
    a.add_argument("--start", type=int, default=0)
    a.add_argument("--format", choices=("neutral", "copper", "csv"), default="neutral")
    a = a.parse_args()
    f, n = KINDS[a.kind]
    rows = (f(i) for i in range(a.start, a.start + (a.count or n)))
    if a.format == "csv":
        w = None
        for d in rows:
            d = {k: ";".join(map(str, v)) if isinstance(v, list) else v for k, v in d.items()}
            if w is None:
                w = csv.DictWriter(sys.stdout, d)
                w.writeheader()
            w.writerow(d)
        return
    for d in rows:
        print(json.dumps(copper(a.kind, d) if a.format == "copper" else d))


if __name__ == "__main__":
    main()
