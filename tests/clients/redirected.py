"""Runs a script with every call to Copper's hosts sent to another server: `redirected.py BASE_URL SCRIPT [ARGUMENT…]`.

The client itself is as its authors published it; only the finished request is given another address.
"""

import runpy
import sys
import types
from urllib.parse import urlsplit, urlunsplit

import requests

COPPER_HOSTS = ("api.copper.com", "api.prosperworks.com")
base, script = urlsplit(sys.argv[1]), sys.argv[2]
send = requests.Session.send


def redirected(self, request, **options):
    asked = urlsplit(request.url)
    assert asked.hostname in COPPER_HOSTS, f"unexpected call to {request.url}"
    request.url = urlunsplit((base.scheme, base.netloc, asked.path, asked.query, ""))
    return send(self, request, **options)


requests.Session.send = redirected
# Python 2, for which `prosperworks` was written, had a module of this name.
sys.modules.setdefault("exceptions", types.ModuleType("exceptions"))
sys.argv = sys.argv[2:]
runpy.run_path(script, run_name="__main__")
