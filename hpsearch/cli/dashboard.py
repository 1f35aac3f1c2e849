"""``hpsearch dashboard``: look at studies in a browser."""

from typing import Annotated

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, Storage, say


def dashboard(
    *,
    storage: Storage = DEFAULT_STORAGE,
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="PORT", help="The port to listen on.")
    ] = 8080,
) -> None:
    """Open optuna-dashboard on a database, on this machine alone, until Ctrl-C.

    Example: hpsearch dashboard --port 8080
    """
    from hpsearch.dashboard import serve

    serve(storage, port=port, say=say)
