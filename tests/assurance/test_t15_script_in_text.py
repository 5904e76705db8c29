"""T15: nothing that anybody types, loads or names a file runs as script, on any page, in a real browser.

Each round puts another handful of payloads into every text of every row, asks for every page with payloads in its
address, and posts every form with payloads in its boxes. Each page is shown twice: once with the content policy in
force, where nothing may be reported, and once without it, where nothing may run all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.template import engines
from jinja2 import ChoiceLoader, DictLoader
from playwright.sync_api import Browser

from kith.record.people.models import Story
from tests.assurance import payloads
from tests.assurance.kit import FULL, Measuring, Sized
from tests.assurance.shown import Seen, Shower
from tests.assurance.sweep import Sweep, begun, leafed_through, named, route_of, unreached

SEED = 15
AT_ONCE = 250 if FULL else 50  # payloads in one text: a round costs the same
PARTS = 2 if FULL else 1  # the payloads in so many parts, each a result of its own
TEMPLATE, TRUSTED = "chronology/child.html", "{{ page.story.who_i_am }}"
# What is no text but a name that the code goes by: a word of ours, never a person's.
NAMES = {"ref", "kind", "state", "rule", "form", "about", "password", "session_data"}
NAMES |= {"report", "key", "term"}  # of a return: where its content lies, which it is, and of when
ROLE = "Post.role"  # a worker of another role would see no page


def texts() -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every text of every table that holds what somebody typed or loaded."""
    for model in apps.get_models():
        if model.__module__.startswith("kith."):
            for each in model._meta.concrete_fields:
                texty = isinstance(each, models.CharField | models.TextField | models.JSONField)
                named = each.unique or each.name in NAMES or f"{model.__name__}.{each.name}" == ROLE
                if texty and not named:
                    yield model, each


def fill(chunk: list[str]) -> list[str]:
    """Put these payloads into every such text of every row; which texts the database would not take."""
    kept = []
    for model, each in texts():
        words = f"[{model.__name__}.{each.name}] " + " ".join(chunk)
        try:
            with transaction.atomic():
                for row in model._default_manager.all():
                    changed(row, each, words)
        except DatabaseError:  # what is never changed may be added to
            try:
                with transaction.atomic():
                    added(model, each, words)
            except DatabaseError:
                kept.append(f"{model.__name__}.{each.name}")
    return kept


def changed(row: models.Model, each: models.Field[Any, Any], words: str) -> None:
    """One text of one row."""
    value = leaves(getattr(row, each.name), words) if isinstance(each, models.JSONField) else words
    type(row)._default_manager.filter(pk=row.pk).update(**{each.name: value})


def added(model: type[models.Model], each: models.Field[Any, Any], words: str) -> None:
    """A row like the last one, with other words in it."""
    row = model._default_manager.last()
    if row is not None:
        row.pk = None
        setattr(row, each.name, leaves(getattr(row, each.name), words) if isinstance(each, models.JSONField) else words)
        row.save(force_insert=True)


def leaves(value: Any, words: str) -> Any:
    """The same shape with every text in it replaced."""
    if isinstance(value, dict):
        return {
            key: each if key in ("name", "type", "kind", "sha256") else leaves(each, words)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [leaves(each, words) for each in value]
    return words if isinstance(value, str) else value


def show_stored(sweep: Sweep, showers: list[Shower]) -> None:
    """Every page, as it is with the payloads in its rows."""
    for paths in sweep.pages.values():
        answer = sweep.ask("get", paths[0])
        for each in showers:
            each.takes(answer, paths[0])


def show_asked(sweep: Sweep, showers: list[Shower], chunk: list[str]) -> None:
    """Every page that looks something up in its address, with payloads there; whatever it then answers."""
    words = " ".join(chunk)
    for path, names in sweep.asked.items():
        for left_out in ("", "child") if "child" in names else ("",):
            query = urlencode({name: words for name in names if name != left_out})
            answer = sweep.ask("get", f"{urlsplit(path).path}?{query}")
            for each in showers if answer.status_code == 200 else ():
                each.is_shown(answer, path)


def show_posted(sweep: Sweep, showers: list[Shower], chunk: list[str]) -> None:
    """Every form with payloads in all its boxes: what it says when it is shown again; and files so named.

    In the short form one of each route, the longest: a route may show forty that differ by their boxes.
    """
    words = " ".join(chunk)
    forms = sorted((each for each in sweep.forms.values() if each.method == "post"), key=lambda each: len(each.fields))
    for form in forms if FULL else {route_of(each.action): each for each in forms}.values():
        sent = form.fields | {name: words for name in form.texts}
        if form.files:
            sent |= {name: [named(each[:200] + ".csv") for each in chunk] for name in form.files}
        answer = sweep.ask("post", form.action, sent, follow=True)
        for each in showers if answer.status_code == 200 else ():
            each.is_shown(answer, form.action)


def rounds(sweep: Sweep, browser: Browser, chunks: list[list[str]]) -> tuple[Seen, Seen]:
    """Show everything once for each handful of payloads: without the content policy, and with it."""
    with Shower(browser, believing=False) as free, Shower(browser, believing=True) as kept:
        for chunk in chunks:
            sweep.signs_in()
            with transaction.atomic():
                fill(chunk)
                show_stored(sweep, [free, kept])
                transaction.set_rollback(True)
            show_asked(sweep, [free, kept], chunk)
            show_posted(sweep, [free, kept], chunk)
    return free.seen, kept.seen


def of_one_text(sweep: Sweep, browser: Browser, chunk: list[str], *, believing: bool) -> Seen:
    """The child's page with each payload by itself in the text that the control's template trusts."""
    path = f"/children/{sweep.world.seen.pk}/"
    sweep.signs_in()
    with Shower(browser, believing=believing) as shower:
        for each in chunk:
            with transaction.atomic():
                Story.objects.update(who_i_am=each)
                shower.takes(sweep.ask("get", path), path)
                transaction.set_rollback(True)
    return shower.seen


@contextmanager
def one_template_trusts() -> Iterator[None]:
    """The control: the child's page writes out one text as it was typed."""
    env = engines["jinja2"].env
    source = env.loader.get_source(env, TEMPLATE)[0]
    assert TRUSTED in source
    kept, env.loader = env.loader, ChoiceLoader([DictLoader({TEMPLATE: _trusting(source)}), env.loader])
    env.cache.clear()
    try:
        yield
    finally:
        env.loader = kept
        env.cache.clear()


def _trusting(source: str) -> str:
    return source.replace(TRUSTED, TRUSTED.replace(" }}", " | safe }}"))


@pytest.mark.journey
@pytest.mark.parametrize("part", range(PARTS))
def test_t15_nothing_typed_runs_as_script(
    measuring: Measuring, sized: Sized, record: None, browser: Browser, quiet: None, part: int
) -> None:
    with measuring("T15", seed=SEED, part=f"payloads {part + 1} of {PARTS}" if PARTS > 1 else "") as figure:
        made = payloads.script(seed=SEED, many=1_000)[part::PARTS]
        chunks = [made[at : at + AT_ONCE] for at in range(0, len(made), AT_ONCE)][: sized(short=1, full=4 // PARTS)]
        sweep = leafed_through(begun())
        free, kept = rounds(sweep, browser, chunks)
        figure.none("scripts that ran without the content policy", found=len(free.ran), of=free.shown)
        figure.none("texts that became markup", found=len(free.markup), of=free.shown)
        figure.none("scripts that ran with it", found=len(kept.ran), of=kept.shown)
        figure.none("reports of the content policy", found=len(kept.reports), of=kept.pages)
        loose = loosely_held(sweep)
        figure.none("pages whose policy allows inline script or style", found=len(loose), of=len(sweep.pages))
        never = sorted({f"{model.__name__}.{each.name}" for model, each in texts()} - free.fields)
        figure.note(
            f"{len(made[: AT_ONCE * len(chunks)])} payloads in {len(free.fields)} texts seen on {free.pages} pages"
        )
        figure.note(f"on no page that was shown: {', '.join(never)}")
        figure.note(f"routes not reached: {', '.join(unreached(sweep))}")
        with one_template_trusts():
            ran, reported = (of_one_text(sweep, browser, made[:12], believing=each) for each in (False, True))
        wrong = free.wrong + kept.wrong + ran.wrong + reported.wrong
        assert not wrong, wrong[:10]
        said = f"{len(ran.ran)} scripts ran, {len(ran.markup)} texts became markup, {len(reported.reports)} reports"
        figure.control(
            "the filter `safe` on one text", failed=bool(ran.ran and ran.markup and reported.reports), said=said
        )


def loosely_held(sweep: Sweep) -> list[str]:
    """Pages without a policy, or with one that lets inline script or style run."""
    held = ("default-src 'self'", "default-src 'none'")  # our own files alone; nothing at all, in what is handed over
    return [path for path, said in sweep.policies.items() if not any(each in said for each in held) or "unsafe" in said]
