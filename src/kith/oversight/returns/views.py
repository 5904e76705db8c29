"""Checking a return, watching the check, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import KithRequest, opens_to, page_of
from kith.foundation.access.viewer import worker_of
from kith.foundation.documents.serving import handed_over
from kith.foundation.documents.uploading import keep, told
from kith.foundation.history.actions import listed
from kith.foundation.jobs import progress
from kith.foundation.jobs.watching import watches
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.by_return import Known, known_by
from kith.statutory.returns import rule_reports as reports
from kith.statutory.returns.across.together import KIND as ACROSS
from kith.statutory.returns.rule_page import write_html

from . import actions, presenters, queries, tasks
from .forms import HINTS, AcrossForm, CheckForm
from .models import Check

Files = Mapping[str, list[UploadedFile]]
FILTERS = ("rule", "child", "team", "severity", "state")
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@opens_to(queries.SEE)
@require_GET
def every(request: KithRequest) -> HttpResponse:
    """The checks there have been."""
    made = queries.checks(request.viewer)
    pages = page_asked_for(path=request.path, filters={}, count=made.count(), asked=request.GET.get("page"), size=20)
    shown = [presenters.told(each) for each in made[pages.rows]]
    return render(request, "returns/list.html", {"checks": shown, "pages": pages, "may": _may(request)})


@opens_to(queries.CHECK)
@require_http_methods(["GET", "POST"])
def check(request: KithRequest) -> HttpResponse:
    """Choose the files of a return; they are kept until the job has read them."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    if form.is_valid():
        said = form.cleaned_data
        return redirect("returns:one", _begun(request, said["kind"], {tasks.RETURN: said["files"]}, *form.more).pk)
    return render(request, "returns/check.html", {"form": form, "hints": HINTS})


@opens_to(queries.CHECK)
@require_http_methods(["GET", "POST"])
def across(request: KithRequest) -> HttpResponse:
    """Choose the files of two returns or three, to compare what they say of each child."""
    form = AcrossForm(request.POST, request.FILES) if request.method == "POST" else AcrossForm()
    if form.is_valid():
        year = form.cleaned_data["year"]
        return redirect("returns:one", _begun(request, ACROSS, form.parts, {}, {"year": year} if year else {}).pk)
    return render(request, "returns/across.html", {"form": form})


def _begun(request: KithRequest, kind: str, files: Files, beside: Files, named: dict[str, Any]) -> Check:
    """A check that waits for its job: `files` are the return's, each part in a folder of its own, `beside` others."""
    assert request.viewer.worker is not None
    begun = actions.begin(kind=kind, at=timezone.now(), by=request.viewer.worker)
    kept = {name: told(keep(begun.folder / name, chosen)) for name, chosen in {**files, **beside}.items()}
    of_return = [each for name in files for each in kept[name]]
    actions.name_files(check=begun, files=of_return, beside=named | {name: kept[name] for name in beside})
    progress.start(begun.key)
    tasks.check_uploaded.enqueue(begun.pk)
    return begun


@opens_to(queries.SEE)
@require_GET
def one(request: KithRequest, pk: int) -> HttpResponse:
    """One check: how far it is, why it was refused, or what it found."""
    made = queries.one(request.viewer, pk)
    context: dict[str, Any] = {"check": presenters.told(made), "may": _may(request)}
    if not made.is_over:
        return render(request, "returns/under_way.html", context | {"stage": progress.stage(made.key)})
    if made.state != "done":
        return render(request, "returns/refused.html", context)
    found = queries.found_by(request.viewer, made)
    page = presenters.page(found)
    known = _known(request, [each["child"] for each in page["by_child"]])
    return render(request, "returns/one.html", context | {"page": page, "by_child": _named(page["by_child"], known)})


@watches(queries.SEE)
@require_GET
def how_far(request: KithRequest, pk: int) -> HttpResponse:
    """The part of the page that tells how far a check is; when it is over, the whole page is asked for again."""
    made = queries.one(request.viewer, pk)
    context = {"check": presenters.told(made), "stage": progress.stage(made.key)}
    answer = render(request, "returns/how_far.html", context)
    if made.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@opens_to(queries.SEE)
@require_GET
def issues(request: KithRequest, pk: int) -> HttpResponse:
    """The issues that a count counted."""
    found = _found(request, pk)
    filters = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    rows = found.narrowed(filters)
    pages = page_asked_for(path=request.path, filters=filters, count=rows.height, asked=request.GET.get("page"))
    shown = rows[pages.rows]
    context = {
        "check": presenters.told(found.check),
        "title": _title(found, filters),
        "lines": presenters.lines(
            found,
            shown,
            known=_known(request, shown["child"].drop_nulls()),
            answers=queries.answers(request.viewer, shown["answer"].drop_nulls().unique()),
        ),
        "pages": pages,
        "filters": filters,
        "look": "Look and answer" if _may(request) else "Look",
        "states": presenters.STATE_WORDS,
        "severities": {"": "All"} | presenters.SEVERITIES,
    }
    return render(request, "returns/issues.html", context)


def _title(found: queries.Found, filters: dict[str, str]) -> str:
    """What this list is of, in its heading."""
    parts = [f"rule {filters['rule']}"] if "rule" in filters else []
    parts += [f"child {filters['child']}"] if "child" in filters else []
    if "team" in filters:
        names = {str(team): name for team, name in found.teams.values()}
        parts.append(names.get(filters["team"], "no team known"))
    return "Issues" + (f": {', '.join(parts)}" if parts else "")


@opens_to(queries.SEE)
@require_GET
def children(request: KithRequest, pk: int) -> HttpResponse:
    """The children with issues, of the whole return or of one team."""
    found = _found(request, pk)
    team = request.GET.get("team", "")
    every = presenters.by_child(found, team=team)
    pages = page_asked_for(path=request.path, filters={"team": team}, count=len(every), asked=request.GET.get("page"))
    shown = every[pages.rows]
    context = {
        "check": presenters.told(found.check),
        "by_child": _named(shown, _known(request, [each["child"] for each in shown])),
        "pages": pages,
    }
    return render(request, "returns/children.html", context)


@opens_to(queries.SEE)
@require_GET
def rules(request: KithRequest, pk: int) -> HttpResponse:
    """The rules that were run, or those that were not and why."""
    found = _found(request, pk)
    which = "not" if request.GET.get("which") == "not" else "run"
    every = presenters.rules(found, which)
    pages = page_asked_for(path=request.path, filters={"which": which}, count=len(every), asked=request.GET.get("page"))
    context = {"check": presenters.told(found.check), "which": which, "rows": every[pages.rows], "pages": pages}
    return render(request, "returns/rules.html", context)


@opens_to(queries.SEE, again=True)
@require_GET
def download(request: KithRequest, pk: int, key: str) -> HttpResponse:
    """The whole report as a file. Whom it names is in the history."""
    if key not in TYPES:
        raise Http404("download")
    found = _found(request, pk)
    _known(request, found.rows["child"].drop_nulls().unique())
    with TemporaryDirectory(prefix="kith-") as folder:
        path = Path(folder) / "report"
        _write(found, key, path)
        content = path.read_bytes()
    check = found.check
    name = f"{check.kind.replace('_', '-')}{f'-{check.year}' if check.year else ''}-issues.{key}"
    return handed_over(content, name=name, type=TYPES[key])


def _write(found: queries.Found, form: str, path: Path) -> None:
    checked = found.kept.checked
    if form == "xlsx":
        reports.write_xlsx(checked, path)
    elif form == "html":
        write_html(checked, path, teams={child: name for child, (_, name) in found.teams.items()})
    else:
        write = reports.write_json if form == "json" else reports.write_csv
        with path.open("w", encoding="utf-8", newline="") as out:
            write(checked, out)


@opens_to(queries.CHECK)
@require_POST
def take_away(request: KithRequest, pk: int) -> HttpResponse:
    """Take a report away. That there was one stays in the history."""
    made = queries.one(request.viewer, pk)
    if not made.is_over:
        messages.error(request, "This check is under way. Take it away when it has ended.")
        return redirect("returns:one", pk)
    if made.of_record:
        messages.error(request, "This report belongs to a version of a built return, and stays with it.")
        return redirect("returns:one", pk)
    actions.take_away(check=made, at=timezone.now(), by=worker_of(request.viewer))
    messages.success(request, "The report is taken away. The history says that there was one.")
    return redirect("returns:list")


def _may(request: KithRequest) -> bool:
    return request.viewer.may(queries.CHECK)


def _found(request: KithRequest, pk: int) -> queries.Found:
    made = queries.one(request.viewer, pk)
    if made.state != "done":
        raise Http404("check")
    return queries.found_by(request.viewer, made)


def _known(request: KithRequest, ids: Any) -> dict[str, Known]:
    """Those of these ids that this viewer may know; that they were shown is in the history."""
    known = known_by(request.viewer, set(ids))
    listed(people=[each.pk for each in known.values()], page=page_of(request))
    return known


def _named(rows: list[dict[str, Any]], known: dict[str, Known]) -> list[dict[str, Any]]:
    return [each | {"child": presenters.child(each["child"], known)} for each in rows]
