"""SQL is written in few places, each reviewed; nothing that somebody sent is ever put into the words of a statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kith"
TALKING = {"raw", "extra", "cursor", "chunked_cursor", "execute", "executemany", "executescript", "RawSQL", "RunSQL"}
TALKING |= {"as_sql", "as_sqlite", "as_postgresql"}
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|LOCK|COPY|PRAGMA|ALTER|ANALYZE|TRUNCATE|SET)\s")
MADE = {"*"}  # a file that makes SQL of the models' own names and of nothing else
# Where SQL may be written, why, and what may be put into its words: names of our own tables and columns alone.
REVIEWED: dict[str, tuple[str, set[str]]] = {
    "record/loading/ledger.py": ("reads and closes the ledger's rows, a hundred thousand at a time", set()),
    "record/loading/bulk.py": (
        "writes a load's rows without Django's cost of each",
        {"model._meta.db_table", "ROOM", "usual", "columns", "values", "table", "NOTHING", "key"},
    ),
    "foundation/history/triggers.py": ("makes the triggers", MADE),
    "foundation/history/chain.py": ("makes the triggers that link the history's rows", MADE),
    "foundation/history/verifying.py": ("reads the chain, millions of rows", MADE),
    "record/freeze_frame/shadows.py": ("makes the tables of a past day, named after the models'", MADE),
    "foundation/prepared.py": ("marks where a value goes in words that Django wrote", set()),
    "foundation/database.py": ("has the database count what is in its tables", set()),
    "record/people/wall.py": ("makes the second wall of the models and the policy", MADE),
    "record/steps/sharing.py": ("makes the database's answer which steps hold somebody hidden, and asks it", set()),
    "record/people/one_of.py": ("a lookup of Django's, in whose words only the column's own name stands", MADE),
    "record/people/ties.py": ("joins the numbers of records that are read together, by each database's own name", MADE),
    "foundation/history/actor.py": ("tells PostgreSQL who is acting, and in which of its roles a page is read", set()),
    "foundation/history/migrations/0003_link_what_is_there.py": ("links the rows there were before", MADE),
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text())


def talks(tree: ast.Module) -> set[str]:
    """What in this file speaks SQL to the database itself: calls, and lookups that write their own."""
    calls = [each.func for each in ast.walk(tree) if isinstance(each, ast.Call)]
    named = {each.attr for each in calls if isinstance(each, ast.Attribute)}
    named |= {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    return (named | {each.id for each in calls if isinstance(each, ast.Name)}) & TALKING


def put_into_words(tree: ast.Module) -> set[str]:
    """What is put into the words of a statement: by an f-string, by %, by format, by joining with what is no text."""
    found: set[str] = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.JoinedStr) and STATEMENT.match(_first(each)):
            found |= {ast.unparse(part.value) for part in each.values if isinstance(part, ast.FormattedValue)}
        elif (
            isinstance(each, ast.BinOp)
            and isinstance(each.op, ast.Mod | ast.Add)
            and STATEMENT.match(_first(each.left))
        ):
            found.add(ast.unparse(each.right))
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "format":
            found |= {ast.unparse(arg) for arg in each.args} if STATEMENT.match(_first(each.func.value)) else set()
    return found


def _first(node: ast.expr) -> str:
    """The words a text begins with; nothing where it does not begin with words."""
    if isinstance(node, ast.JoinedStr) and node.values:
        return _first(node.values[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_sql_is_spoken_in_reviewed_places_alone() -> None:
    found = {name for name, tree in sources() if talks(tree)}
    assert found - set(REVIEWED) == set(), "say why it is needed in REVIEWED, or use the ORM"
    assert set(REVIEWED) - found == set(), "no longer there: take it out of REVIEWED"


def test_only_names_of_our_own_are_put_into_the_words_of_a_statement() -> None:
    allowed = {name: REVIEWED.get(name, ("", set()))[1] for name, _ in sources()}
    found = {name: put_into_words(tree) - allowed[name] for name, tree in sources() if allowed[name] != MADE}
    strange = {name: words for name, words in found.items() if words}
    assert strange == {}


@pytest.mark.parametrize(
    "line",
    [
        "cursor.execute(f\"SELECT 1 WHERE x = '{typed}'\")",
        "statement = \"SELECT 1 WHERE x = '%s'\" % typed",
        'statement = "DELETE FROM x WHERE y = " + typed',
        'statement = "UPDATE x SET y = {}".format(typed)',
    ],
)
def test_a_statement_made_of_what_was_typed_is_noticed(line: str) -> None:
    assert put_into_words(ast.parse(line)) == {"typed"}


@pytest.mark.parametrize(
    "line", ["Person.objects.raw(x)", "rows.extra(where=[x])", "RawSQL(x, [])", "def as_sql(x): ..."]
)
def test_speaking_sql_is_noticed(line: str) -> None:
    assert talks(ast.parse(line))


# Who passes PostgreSQL's second wall, and why. What comes of it is a count, or is kept, and never a name on a page:
# but that of the two who open a sealed link together.
PAST_THE_WALL = {
    "oversight/controls/queries.py judgements": "a safeguard's chart counts everybody, and the page says so",
    "record/people/by_return.py hidden_ids": "which rows of a return to leave out; the ids go no further",
    "record/protection/decisions.py ready": "a meeting is not closed while a child of it is undecided, whoever looks",
    "record/protection/actions.py close": "the same, child by child: of one who is hidden, that there is one",
    "record/steps/actions.py moved": "the clocks of every child of a step move with it",
    "record/deadlines/actions.py recompute": "a record's clocks are those of all that are read with it, whoever saves",
    "record/deadlines/setting.py _work_out_again": "a timescale that changes does so for every child",
    "record/people/match_keys.py remember": "the keys of whoever is restricted, so that she is known again",
    "record/people/match_keys.py answering": "whoever is added may be somebody restricted whom the worker may not know",
    "record/people/match_keys.py twins_of": "a restriction is put on every record that may be the same person's",
    "record/people/relatives.py declare": "a worker is barred from her relatives, and not told if there are any",
    "record/people/relatives.py bar_relatives": "and from those that are added later, by whomsoever",
    "record/people/ties.py rebuild": "a link joins everybody that either record is joined to",
    "record/people/finding.py exactly": "an emergency asks by exact name, and then the door",
    "record/break_glass/actions.py _is_enquired_into": "whether a place is shown to whom it is being opened",
    "record/grown_ups/actions.py _held_of": "a worker has one record of supervision, whoever keeps it",
    "record/adoption/queries.py people_of": "both names of a link, shown to the two officers who opened it",
}


def test_the_second_wall_is_passed_in_reviewed_places_alone() -> None:
    calls = {
        f"{path} {function.name}"
        for path, tree in sources()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for each in ast.walk(function)
        if isinstance(each, ast.Call) and ast.unparse(each.func).endswith("beyond_the_wall")
    }
    assert calls == PAST_THE_WALL.keys()


# PostgreSQL answers an UPDATE or DELETE of rows that the wall holds back with "nothing done". A row that is saved by
# itself raises then; many at once do not, so each place that changes many says why it misses none.
MANY = {"update", "delete", "bulk_update"}
OF_ROWS = re.compile(r"\b(objects|_default_manager|filter|exclude)\b")
AT_ONCE = {
    "oversight/controls/actions.py _keep": "a job's; counts of days, of nobody",
    "oversight/controls/actions.py forget": "a job's; the same",
    "oversight/returns/readiness.py _keep": "a job's, which nothing is hidden from",
    "record/adoption/actions.py _seal_birth": "who is named for a record stands outside the wall",
    "record/deadlines/actions.py _bring_into_step": "past the wall",
    "record/duplicates/actions.py _keep": "a job's",
    "record/loading/recording.py _change": "a load's, which nothing is hidden from",
    "record/loading/recording.py _withdraw": "a load's",
    "record/people/actions.py _rebuild": "of somebody just added, whom nothing has hidden yet; and a load's",
    "record/people/restricting.py end": "who is named for a record stands outside the wall",
    "record/people/ties.py rebuild": "past the wall",
    "record/steps/allocation.py keep": "past the wall, with the clocks",
}


def test_rows_are_changed_many_at_once_only_where_the_wall_holds_none_back() -> None:
    found = {
        f"{path} {function.name}"
        for path, tree in sources()
        if path.startswith(("record/", "oversight/")) and "migrations" not in path
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for each in ast.walk(function)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in MANY
        and OF_ROWS.search(ast.unparse(each.func.value))
    }
    assert found == AT_ONCE.keys()
