"""`storeql plugin check` names what a plugin breaks and shows the smallest basket for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from storeql.authoring.check import Finding, check_plugin
from storeql.cli import app
from storeql.errors import BadInput

Write = Callable[[str], Path]

KIND = """
from typing import Annotated
from msgspec import Struct
from storeql.hooks import hookimpl
from storeql.pricing import Discount, Lane, Missed, PromotionType, Text, Texts
from storeql.promotions import amount, text

class FlawedRule(Struct, frozen=True, kw_only=True):
    off_minor: Annotated[int, amount("Off", "减", least=1)] = 500
{field}

def propose(rule, units, basket):
    {body}

@hookimpl
def storeql_promotion_types():
    words = Text("Flawed", "有缺陷")
    texts = Texts(title=words, what=words, when=words, how=words)
    return [PromotionType(key="FLAWED", lane=Lane.ORDER, Rule=FlawedRule, propose=propose,
                          texts=texts)]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a module with this text."""

    def write(text: str) -> Path:
        path = tmp_path / "flawed.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def kind(body: str, field: str = "") -> str:
    return KIND.format(body=body, field=field)


def faults(path: Path) -> list[Finding]:
    return [finding for finding in check_plugin(str(path), examples=5) if finding.fault]


def first_fault(path: Path) -> Finding:
    return next(finding for finding in check_plugin(str(path), examples=50) if finding.fault)


def test_sound_kind_has_no_fault(write: Write) -> None:
    path = write(kind("return Discount(min(rule.off_minor, units.amount_minor))"))
    assert faults(path) == []


def test_kind_that_rewards_small_orders_is_shown_with_the_smallest_basket(write: Write) -> None:
    path = write(kind("return Discount(rule.off_minor if units.quantity < 3 else 0)"))
    finding = first_fault(path)
    assert finding.what == "it is monotone unless all or nothing"
    assert finding.fault.startswith("FLAWED: it is not monotone: ")
    lines = [line for line in finding.fault.splitlines() if line.startswith("  line ")]
    assert 2 <= len(lines) <= 3  # one cannot show it: a line goes whole to a promotion here


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def storeql(:", "It does not load: SyntaxError"),
        ("import nowhere", "It does not load: ModuleNotFoundError: No module named 'nowhere'"),
        ("raise SystemExit(3)", "It does not load: SystemExit: 3"),
        ("price = 1", "It implements no hook; is @hookimpl missing?"),
        (kind("return 1").replace("FLAWED", "flawed"), "Kind key 'flawed' must be upper case"),
        (kind("return 1").replace("FLAWED", "PERCENTAGE"), "The kind PERCENTAGE is taken."),
    ],
)
def test_plugin_that_no_shop_takes_says_why(write: Write, text: str, told: str) -> None:
    [finding] = faults(write(text))
    assert (finding.subject, finding.what) == ("flawed", "a shop takes it")
    assert finding.fault.startswith(told)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return Discount(units.amount_minor // (units.quantity - 2))", "ZeroDivisionError"),
        ("raise SystemExit(1)", "SystemExit"),
        ("return 'half price'", "a str is not an answer in the lane ORDER"),
        ("return propose(rule, units, basket)", "RecursionError"),
    ],
)
def test_whatever_a_kind_does_is_told_and_never_raised(write: Write, body: str, told: str) -> None:
    assert told in first_fault(write(kind(body))).fault


def test_kind_whose_rules_only_its_author_knows_asks_for_some(write: Write) -> None:
    field = """    iban: Annotated[str, text("Account", "账号")]

    def __post_init__(self):
        if not self.iban.startswith("DE"):
            raise ValueError("no IBAN")
"""
    [finding] = faults(write(kind("return Discount(1)", field)))
    assert finding.what == "rules are found to try it with"
    assert "subclass of PromotionConformance" in finding.fault


@pytest.mark.parametrize(
    ("hook", "argument"), [("storeql_cart_priced", "basket"), ("storeql_cart_changing", "change")]
)
def test_hook_that_fails_is_shown_with_the_smallest_basket(
    write: Write, hook: str, argument: str
) -> None:
    path = write(
        f"""
from storeql.hooks import hookimpl

@hookimpl
def {hook}({argument}):
    return [1 / (2 - line.quantity) for line in {argument}.lines] and None
"""
    )
    finding = first_fault(path)
    told = finding.fault.splitlines()
    assert told[0] == f"{hook} raises ZeroDivisionError: division by zero"
    assert [line.split(":")[1][:13] for line in told if line.startswith("  line")] == [
        " 2 of variant"
    ]


def test_distribution_is_held_to_the_rules_of_its_own_tests() -> None:
    found = list(check_plugin("plugins/storeql-bundle-price", examples=5))
    assert [finding for finding in found if finding.fault] == []
    assert {finding.subject for finding in found} == {"bundle-price", "BUNDLE_PRICE"}


@pytest.mark.parametrize("name", ["happy-hour", "storeql-happy-hour", "spend-threshold"])
def test_installed_and_built_in_plugins_are_found_by_name(name: str) -> None:
    first = next(check_plugin(name, examples=1))
    assert (first.what, first.fault) == ("a shop takes it", "")


@pytest.mark.parametrize(
    ("files", "target", "told"),
    [
        ({}, "nowhere", "nowhere is no plugin: there is no such folder or module"),
        ({}, ".", "it has no pyproject.toml"),
        ({"pyproject.toml": "[project]\nname = 'x'"}, ".", "no [project.entry-points.storeql]"),
        ({"pyproject.toml": "[project"}, ".", "pyproject.toml cannot be read"),
        ({"notes.txt": "hello"}, "notes.txt", "a module's name ends in .py"),
    ],
)
def test_path_that_is_no_plugin_is_refused_in_one_sentence(
    files: dict[str, str], target: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as refused:
        list(check_plugin(target, examples=1))
    assert told in refused.value.message


def test_command_ends_with_1_for_a_fault_and_2_for_no_plugin(write: Write) -> None:
    failed = CliRunner().invoke(
        app, ["plugin", "check", str(write("raise SystemExit('no [red] shop')"))]
    )
    assert failed.exit_code == 1
    assert failed.stdout.splitlines() == [
        "✗ flawed: a shop takes it",
        "It does not load: SystemExit: no [red] shop",
        "1 failed.",
    ]
    none = subprocess.run(
        [sys.executable, "-m", "storeql.cli", "plugin", "check", "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (none.returncode, none.stdout) == (2, "")
    assert "nowhere is no plugin" in none.stderr
