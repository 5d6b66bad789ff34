"""`flask quarters`: where the quarters lie."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from flask.cli import with_appcontext

from backend.database import session
from content.errors import Invalid
from content.vocabularies import areas


@click.group()
def quarters() -> None:
    """Where the quarters lie: reports go by it."""


@quarters.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def load(file: Path) -> None:
    """Keep the areas and points of a GeoJSON FILE instead of those there were.

    Each feature names its quarter in its properties, by `code` or `name`.
    """
    try:
        collection = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise click.ClickException(f"The file is not valid JSON: {error}.") from error
    try:
        count = areas.load(session, collection)
    except Invalid as error:
        lines = [f"{name}: {' '.join(said)}" for name, said in error.errors.items()]
        raise click.ClickException("\n  ".join(["Nothing is changed.", *lines])) from error
    session.commit()
    click.echo(f"Loaded: {count} areas and points.")
