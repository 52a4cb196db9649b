"""The `storeql` command: run a shop, seed a demo, migrate, and look after staff and plugins."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from msgspec.structs import replace

import storeql
from storeql.errors import DatabaseUnavailable, Problem, Rejected, StoreError
from storeql.logs import configure_logging
from storeql.settings import Settings, check, settings_from_environment

LONGEST_DAYS = 36_500

app = typer.Typer(
    name="storeql",
    help="A shop's back office as one GraphQL API.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
schema_app = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)
staff_app = typer.Typer(help="People who run the shop.", no_args_is_help=True)
plugin_app = typer.Typer(help="Plugins: list, write, check.", no_args_is_help=True)
app.add_typer(schema_app, name="schema")
app.add_typer(staff_app, name="staff")
app.add_typer(plugin_app, name="plugin")


def main() -> None:
    """Runs the command; what the operator can mend ends in one sentence and status 2."""
    try:
        app()
    except Rejected as rejected:
        _complain(*map(_sentence, rejected.problems))
    except DatabaseUnavailable as error:
        _complain(error.reason)
    except StoreError as error:
        _complain(error.message)


def _complain(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.secho(sentence, fg=typer.colors.RED, err=True)
    sys.exit(2)


def _sentence(problem: Problem) -> str:
    """A problem in words that say what it is about."""
    return f"{'.'.join(problem.field)}: {problem.message}" if problem.field else problem.message


Host = Annotated[str | None, typer.Option(help="Address to listen on [STOREQL_HOST].")]
Port = Annotated[int | None, typer.Option(help="Port to listen on [STOREQL_PORT or PORT].")]
Workers = Annotated[int | None, typer.Option(help="Server processes [STOREQL_WORKERS].")]
WithWorker = Annotated[
    bool | None,
    typer.Option(
        "--with-worker/--without-worker",
        help="Run background jobs beside it [STOREQL_WITH_WORKER].",
    ),
]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database", help="Database address [STOREQL_DATABASE_URL].")
]


def _settings(**given: object) -> Settings:
    settings = settings_from_environment()
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = replace(settings, **chosen)
    check(settings)
    # What a command answers goes to standard output, and nothing else.
    configure_logging(development=settings.development, stream="stderr")
    return settings


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    database: DatabaseUrl = None,
    with_worker: WithWorker = None,
) -> None:
    """Serve the shop. The database must have been migrated."""
    from storeql.serving import serve as run

    run(
        _settings(
            host=host, port=port, workers=workers, database_url=database, with_worker=with_worker
        )
    )


@app.command()
def worker(
    database: DatabaseUrl = None,
    attached: Annotated[
        bool, typer.Option("--attached", help="Stop when standard input ends.", hidden=True)
    ] = False,
) -> None:
    """Run the shop's background jobs until told to stop; any number of workers may run."""
    from storeql.working import work

    work(_settings(database_url=database), attached=attached)


@app.command()
def demo(
    host: Host = None,
    port: Port = None,
    database: DatabaseUrl = None,
    workers: Workers = None,
    products: Annotated[int, typer.Option(help="How many products to make up.", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="The same seed makes the same shop.")] = 20260101,
    serve_it: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the shop afterwards.")
    ] = True,
    with_worker: WithWorker = True,
) -> None:
    """Make a demo shop (once) and serve it."""
    from rich.console import Console

    from storeql.demo.command import prepare_demo, welcome
    from storeql.serving import bound, check_place
    from storeql.serving import serve as run

    settings = _settings(
        host=host, port=port, database_url=database, workers=workers, with_worker=with_worker
    )
    check_place(settings)
    listener = bound(settings) if serve_it else None  # before the work, not after it
    shop = prepare_demo(settings, products=products, seed=seed, console=Console())
    if listener is not None:
        welcome(settings, shop, Console())
        run(settings, listener)


@app.command("check")
def check_command(database: DatabaseUrl = None) -> None:
    """Look whether the shop's books add up; status 1 when something does not."""
    from storeql.administration import books

    broken = 0
    for finding in books(_settings(database_url=database)):
        broken += bool(finding.rows)
        found = f"{len(finding.rows)}{'+' if finding.more else ''}" if finding.rows else "none"
        typer.echo(f"{found:>4}  {finding.rule}")
        for row in finding.rows:
            typer.echo(f"        {', '.join(map(str, row))}")
    typer.echo(f"{broken} rules are broken." if broken else "Everything adds up.")
    raise typer.Exit(1 if broken else 0)


@app.command()
def migrate(database: DatabaseUrl = None) -> None:
    """Bring the database to the newest schema."""
    from storeql.administration import migrate_shop

    revision = migrate_shop(_settings(database_url=database))
    typer.echo(f"The database is at schema {revision}.")


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    permission: Annotated[list[str], typer.Option(help="A permission; may be repeated.")],
    days: Annotated[
        int | None, typer.Option(help="Ends after so many days.", min=1, max=LONGEST_DAYS)
    ] = None,
    database: DatabaseUrl = None,
) -> None:
    """Make a token for an app and print it, this once."""
    from storeql.administration import make_app_token

    made = make_app_token(
        _settings(database_url=database), name=name, permissions=permission, days=days
    )
    typer.echo(made)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(storeql.__version__)


@schema_app.command("export")
def export_schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; standard output otherwise.")
    ] = None,
    with_plugins: Annotated[
        bool, typer.Option(help="With the kinds of installed plugins, not only built-in ones.")
    ] = True,
) -> None:
    """Print the GraphQL schema in SDL."""
    from storeql.schema.export import schema_text

    settings = _settings()
    text = schema_text(settings if with_plugins else None)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        _complain(f"{output} cannot be written: {error.strerror}.")


@staff_app.command("add")
def add_staff(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    role: Annotated[str, typer.Option(help="The slug of the role.")] = "owner",
    database: DatabaseUrl = None,
) -> None:
    """Add a member of staff."""
    from storeql.administration import add_staff_member

    add_staff_member(
        _settings(database_url=database), email=email, password=password, name=name, role=role
    )
    typer.echo(f"{email} can sign in as {role}.")


@plugin_app.command("list")
def list_plugins() -> None:
    """Show every plugin that was found and what became of it."""
    from rich.console import Console
    from rich.table import Table

    from storeql.plugin_list import plugin_infos

    console = Console()
    table = Table("Plugin", "Version", "Source", "Status", "Brings", "Remarks", box=None)
    for info in plugin_infos(_settings()):
        brings = ", ".join([*info.promotion_types, *info.gateways, *info.query_types])
        remarks = " ".join([info.reason, *info.warnings]).strip()
        table.add_row(info.name, info.version, info.source, info.status.value, brings, remarks)
    Console(width=max(console.width, 120)).print(table)


@plugin_app.command("new")
def new_plugin(
    name: Annotated[str, typer.Argument(help="Such as late-hour.")],
    into: Annotated[Path, typer.Option(help="The folder to write its folder in.")] = Path(),
) -> None:
    """Write a new plugin: a distribution with a kind of promotion, its tests, a README."""
    from storeql.authoring.scaffold import write_distribution

    folder = write_distribution(name, into=into)
    typer.echo(f"Wrote {folder}. What to do next:")
    typer.echo(f"  pip install -e '{folder}[test]'")
    typer.echo(f"  storeql plugin check {folder}")


@plugin_app.command("check")
def check_plugin(
    target: Annotated[
        str, typer.Argument(help="A distribution's folder, a module, or an installed plugin.")
    ],
    examples: Annotated[
        int, typer.Option(help="How many baskets each property is tried on.", min=1, max=10_000)
    ] = 50,
) -> None:
    """Hold a plugin to what a shop relies on, and show the smallest basket where it fails."""
    try:
        from storeql.authoring.check import check_plugin as check
    except ModuleNotFoundError as missing:
        raise StoreError(f"The kit needs {missing.name}: pip install 'storeql[testing]'.") from None
    failed = 0
    for finding in check(target, examples=examples):
        failed += bool(finding.fault)
        mark = typer.style("✗", fg="red") if finding.fault else typer.style("✓", fg="green")
        typer.echo(f"{mark} {finding.subject}: {finding.what}")
        if finding.fault:
            typer.echo(finding.fault)
    typer.echo(f"{failed} failed." if failed else "All hold.")
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
