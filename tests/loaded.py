"""What a program has loaded when it is forked: all of the product, and what that loads when it is first asked for."""

import gc
import pkgutil
from importlib import import_module

import cuprum
from made_once import trust_once

FURTHER = ("alembic.command", "dbos._sys_db_sqlite", "dbos._sys_db_postgres", "encodings.idna", "httpcore2._async.connection",
           "httpcore2._sync.connection", "truststore", "uvicorn.lifespan.on", "uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl")  # fmt: skip

for found in pkgutil.walk_packages(cuprum.__path__, "cuprum."):
    # Migrations are loaded by Alembic, and a command by whoever gives it.
    if ".migrations" not in found.name and not found.name.endswith("__main__"):
        import_module(found.name)
for name in FURTHER:
    import_module(name)

trust_once()

# What all of them share stays shared.
gc.collect()
gc.freeze()
