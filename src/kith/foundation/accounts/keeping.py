"""Keeping accounts, posts and teams: for those whose role may, each change after a fresh proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Account, Post, Team, Worker
from kith.foundation.screens import asked
from kith.foundation.screens.lists import page_asked_for

from . import keeping_actions as does
from . import keeping_queries as reads
from .keeping_forms import CloseForm, EndForm, OpenForm, PostForm, TeamForm, WorkerForm

MANAGE = "manage_posts"
LINK = (
    "It lets them choose a new password, once, in the next three days. Give it to them yourself, and to nobody else. "
    "Their second proof stays as it is."
)
ANEW = (
    "Be sure that it is they who ask: see them, or ring them on a number you know. They are signed out everywhere, "
    "and choose a new second proof when they next sign in."
)
STATES = {"": "Everybody", "open": "Open accounts", "closed": "Closed accounts", "none": "In post, no account"}


@opens_to(MANAGE)
@require_GET
def accounts(request: Any) -> HttpResponse:
    """Workers, with how their accounts stand."""
    words = asked.text(request.GET, "q", 100)
    which = request.GET.get("which", "")
    now, path = timezone.now(), request.path
    found = reads.workers(words=words, which=which, on=timezone.localdate())
    filters = {"q": words, "which": which}
    pages = page_asked_for(path=path, filters=filters, count=found.count(), asked=request.GET.get("page"))
    lines = [reads.line(worker, now=now) for worker in found[pages.rows]]
    context = {"lines": lines, "pages": pages, "words": words, "which": which, "states": STATES}
    return render(request, "accounts/list.html", context)


@opens_to(MANAGE)
@require_GET
def worker_page(request: Any, pk: int) -> HttpResponse:
    """One worker: the account, the posts, and what may be done."""
    return _worker_page(request, get_object_or_404(Worker, pk=pk))


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def new_worker(request: Any) -> HttpResponse:
    """Somebody who starts work here."""
    form = WorkerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        worker = does.new_worker(**form.cleaned_data)
        return redirect("account_of", pk=worker.pk)
    return _form(request, form, heading="Somebody new", button="Continue", back="/accounts/")


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def open_account(request: Any, pk: int) -> HttpResponse:
    """Open an account, for the first time or again, and hand over the link that chooses its password."""
    worker = get_object_or_404(Worker, pk=pk)
    old = Account.objects.filter(worker=worker).first()
    form = OpenForm(request.POST if request.method == "POST" else None, initial={"email": old.email if old else ""})
    if request.method == "POST" and form.is_valid():
        try:
            account = does.open_account(
                by=request.viewer, worker=worker, email=form.cleaned_data["email"], at=timezone.now()
            )
            link = does.first_link(by=request.viewer, account=account)
        except does.MayNot as wrong:
            form.add_error(None, str(wrong))
        else:
            return _worker_page(request, worker, link=link)
    return _form(request, form, heading="Open an account", worker=worker, button="Open the account")


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def close_account(request: Any, pk: int) -> HttpResponse:
    """Close an account."""
    worker = _with_account(pk)
    form = CloseForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        does.close_account(by=request.viewer, worker=worker, why=form.cleaned_data["why"], at=timezone.now())

    return _done(request, worker, form, act, said="The account is closed.") or _form(
        request, form, heading="Close the account", worker=worker, button="Close the account", kind="warning"
    )


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def new_link(request: Any, pk: int) -> HttpResponse:
    """A new link that chooses a password, for who has forgotten it."""
    worker = _with_account(pk)
    if request.method == "POST":
        try:
            return _worker_page(request, worker, link=does.first_link(by=request.viewer, account=worker.account))
        except does.MayNot as wrong:
            messages.error(request, str(wrong))
            return redirect("account_of", pk=pk)
    asked = {"heading": "A link for a new password", "button": "Make the link", "words": LINK}
    return _form(request, None, worker=worker, **asked)


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def begin_anew(request: Any, pk: int) -> HttpResponse:
    """Forget the second proofs of somebody who has lost them."""
    worker = _with_account(pk)

    def act() -> None:
        does.begin_anew(by=request.viewer, account=worker.account)

    return _done(request, worker, None, act, said="They choose a new second proof when they next sign in.") or _form(
        request, None, heading="Lost telephone or passkey", worker=worker, button="Forget the old ones", words=ANEW
    )


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def give_post(request: Any, pk: int) -> HttpResponse:
    """Give a post."""
    worker = get_object_or_404(Worker, pk=pk)
    form = PostForm(request.POST if request.method == "POST" else None, teams=list(Team.objects.order_by("name")))

    def act() -> None:
        given = form.cleaned_data
        team = get_object_or_404(Team, pk=given["team"])
        dates = {"started_on": given["started_on"], "ended_on": given["ended_on"]}
        does.give_post(by=request.viewer, worker=worker, team=team, role=given["role"], **dates)

    return _done(request, worker, form, act, said="The post is given. It counts from the next page they open.") or (
        _form(request, form, heading="Give a post", worker=worker, button="Give the post")
    )


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def end_post(request: Any, pk: int) -> HttpResponse:
    """Say the last day of a post."""
    post = get_object_or_404(Post.objects.select_related("worker", "team"), pk=pk)
    form = EndForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        last = form.cleaned_data["last_day"]
        does.end_post(by=request.viewer, post=post, last_day=last, today=timezone.localdate())

    words = reads.post_in_words(post)
    return _done(request, post.worker, form, act, said="The last day is kept.") or _form(
        request, form, heading="End a post", worker=post.worker, button="Keep the last day", words=words
    )


@opens_to(MANAGE)
@require_GET
def teams(request: Any) -> HttpResponse:
    """Every team, and which it belongs to."""
    return render(request, "accounts/teams.html", {"teams": reads.teams_with_counts(on=timezone.localdate())})


@opens_to(MANAGE, again=True)
@require_http_methods(["GET", "POST"])
def team(request: Any, pk: int | None = None) -> HttpResponse:
    """A team's name, and the team it belongs to."""
    found = get_object_or_404(Team, pk=pk) if pk else None
    was = f"{found.parent_id or ''}|{found.name}" if found else ""
    first = {"name": found.name, "parent": str(found.parent_id or ""), "was": was} if found else {}
    others = list(Team.objects.exclude(pk=pk).order_by("name"))
    form = TeamForm(request.POST if request.method == "POST" else None, teams=others, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if given["was"] != was:
                raise does.MayNot(f"Somebody changed this team meanwhile: it is {found.name if found else 'new'} now.")
            parent = get_object_or_404(Team, pk=given["parent"]) if given["parent"] else None
            does.keep_team(team=found, name=given["name"], parent=parent)
        except does.MayNot as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, "The team is kept.")
            return redirect("teams")
    return _form(
        request, form, heading=found.name if found else "A new team", button="Keep it", back="/accounts/teams/"
    )


def _with_account(pk: int) -> Worker:
    worker = get_object_or_404(Worker.objects.select_related("account"), pk=pk)
    if not hasattr(worker, "account"):
        raise Http404("account")
    return worker


def _done(request: Any, worker: Worker, form: Any, act: Any, *, said: str) -> HttpResponse | None:
    """Do it when the form was sent and is right, and go back to the worker; otherwise nothing, with the reason told."""
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return None
    try:
        act()
    except does.MayNot as wrong:
        if form is None:
            messages.error(request, str(wrong))
            return redirect("account_of", pk=worker.pk)
        form.add_error(None, str(wrong))
        return None
    messages.success(request, said)
    return redirect("account_of", pk=worker.pk)


def _form(request: Any, form: Any, *, heading: str, button: str, **more: Any) -> HttpResponse:
    worker = more.get("worker")
    back = more.pop("back", None) or (f"/accounts/{worker.pk}/" if worker else "/accounts/")
    context = {"form": form, "heading": heading, "button_words": button, "kind": "", "back_url": back} | more
    return render(request, "accounts/form.html", context)


def _worker_page(request: Any, worker: Worker, link: str = "") -> HttpResponse:
    account = Account.objects.filter(worker=worker).first()
    posts = Post.objects.filter(worker=worker).select_related("team").order_by("-started_on", "-pk")
    context = {
        "worker": worker,
        "account": account,
        "state": reads.state_of(account, now=timezone.now()),
        "posts": [(post, reads.post_in_words(post)) for post in posts],
        "today": timezone.localdate(),
        "oneself": request.viewer.worker == worker.pk,
        "link": request.build_absolute_uri(f"/sign-in/first/{link}/") if link else "",
    }
    return render(request, "accounts/worker.html", context)
