"""All the names of a plugin, made from the one that its author types."""

from __future__ import annotations

import re
from typing import NamedTuple

from storeql.errors import BadInput
from storeql.hooks.discovery import GROUP
from storeql.promotions.rules.form import kind_name

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 30
PREFIX = f"{GROUP}-"


class Names(NamedTuple):
    """What a plugin called `late-hour` is called in each place.

    `entry_point` late-hour, `distribution` storeql-late-hour, `module` storeql_late_hour, `kind`
    LATE_HOUR, `rule` LateHourRule, `member` lateHour, `title` Late hour.
    """

    entry_point: str
    distribution: str
    module: str
    kind: str
    rule: str
    member: str
    title: str


def names_of(typed: str) -> Names:
    """The names, from one with or without `storeql-` before it; raises BadInput with the rule."""
    name = typed.removeprefix(PREFIX)
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise BadInput(
            f"{typed!r} is no name for a plugin: use at most {LONGEST_NAME} lower-case letters, "
            "digits and single hyphens, beginning with a letter, such as late-hour."
        )
    distribution, kind = f"{PREFIX}{name}", name.replace("-", "_").upper()
    return Names(
        entry_point=name,
        distribution=distribution,
        module=distribution.replace("-", "_"),
        kind=kind,
        rule="".join(part.capitalize() for part in name.split("-")) + "Rule",
        member=kind_name(kind),
        title=name.replace("-", " ").capitalize(),
    )
