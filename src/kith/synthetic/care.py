"""Periods of care: the case that leads to one, its episodes, homes and legal statuses, and its end."""

from datetime import timedelta

from kith.synthetic.care_life import live
from kith.synthetic.case import Case
from kith.synthetic.homes import FAR_FUTURE, plan_homes, plan_statuses, with_relatives
from kith.synthetic.lived import Care
from kith.synthetic.people import Child
from kith.synthetic.planning import Stay
from kith.synthetic.world import World, settings

LIVED_AT_HOME = ("P1",)
ORDERS = ("C1", "C2", "E1")


def look_after(case: Case, child: Child, stay: Stay) -> Care | None:
    """Tell one period of care from the first home to the last; nothing when it has not begun."""
    world = case.world
    if stay.entry > world.on:
        return None
    homes, statuses = plan_homes(world, stay), plan_statuses(world, stay)
    ordered = min((status.start for status in statuses if status.code in ORDERS), default=FAR_FUTURE)
    for home in homes:
        if home.place in LIVED_AT_HOME and home.start < ordered:  # only a court order places a child with their parents
            with_relatives(home)
    care = Care(child, stay, case, world.id("LA"), homes, statuses)
    child.stay, child.home = stay, homes[-1]
    need = "N8" if stay.alone else world.share("care needs", _needs())
    if need == "N2" and not child.disabled:
        child.disabled = ("LD",)  # who is in care because of a disability has one
    _homes(world, care)
    _statuses(world, care)
    _episodes(world, care, need)
    _hold(care)
    with world.aside(care.id):
        live(world, care)
    return care


def _needs() -> dict[str, float]:
    """The published needs without the young people who came alone, whose need is counted as absent parenting."""
    target = settings("targets")["care"]
    return {**target["needs"], "N8": max(target["needs"]["N8"] - target["uasc_open"], 1)}


def _homes(world: World, care: Care) -> None:
    for home in care.homes:
        home.id = world.id("H")
        world.rows.add(
            "ssd_cla_placement",
            clap_cla_placement_id=home.id,
            clap_cla_placement_start_date=home.start,
            clap_cla_placement_type=home.place,
            clap_cla_placement_urn=home.urn,
            clap_cla_placement_distance=home.miles,
            clap_cla_id=care.id,
            clap_cla_placement_provider=home.provider,
            clap_cla_placement_postcode=home.postcode.replace(" ", ""),
            clap_cla_placement_end_date=home.end,
            clap_cla_placement_change_reason=home.change or None,
            clap_person_id=care.child.id,
        )


def _statuses(world: World, care: Care) -> None:
    ends = [status.start for status in care.statuses[1:]] + [world.happened(care.stay.exit)]
    for status, end in zip(care.statuses, ends, strict=True):
        world.rows.add(
            "ssd_legal_status",
            lega_legal_status_id=world.id("LS"),
            lega_person_id=care.child.id,
            lega_legal_status=status.code,
            lega_legal_status_start_date=status.start,
            lega_legal_status_end_date=end,
        )


def _episodes(world: World, care: Care, need: str) -> None:
    """Cut the period into episodes wherever the home or the legal status changes."""
    moves, changes = {home.start: home for home in care.homes}, {s.start: s for s in care.statuses}
    starts = sorted(moves.keys() | changes.keys())
    home = care.homes[0]
    for number, start in enumerate(starts):
        home = moves.get(start, home)
        following = starts[number + 1] if number + 1 < len(starts) else world.happened(care.stay.exit)
        last = number + 1 == len(starts)
        world.rows.add(
            "ssd_cla_episodes",
            clae_cla_episode_id=world.id("EP"),
            clae_person_id=care.child.id,
            clae_cla_episode_start_date=start,
            clae_cla_episode_start_reason=_why_started(number, start in moves, start in changes),
            clae_cla_primary_need_code=need,
            clae_cla_episode_ceased_date=following,
            clae_cla_episode_ceased_reason=(care.stay.reason if last else "X1") if following else None,
            clae_cla_id=care.id,
            clae_referral_id=care.case.ref(care.child),
            clae_cla_placement_id=home.id,
            clae_entered_care_date=care.stay.entry,
            clae_cla_last_iro_contact_date=None if following else world.on - timedelta(days=world.between(3, 90)),
        )


def _why_started(number: int, moved: bool, changed: bool) -> str:
    if number == 0:
        return "S"
    return "B" if moved and changed else "P" if moved else "L"


def _hold(care: Care) -> None:
    """Give the child a social worker: the support team during court work, then a looked-after team to the end."""
    case, stay, world = care.case, care.stay, care.case.world
    team = "cla1" if case.family.patch < 3 else "cla2"
    last = stay.exit
    handover = stay.entry if stay.alone else stay.entry + timedelta(days=world.between(30, 150))
    if last and handover >= last:
        case.hold(case.supporting, "social_worker", stay.entry, last, [care.child])
    else:
        if handover > stay.entry:
            until = handover - timedelta(days=1) if handover <= world.on else last
            case.hold(case.supporting, "social_worker", stay.entry, until, [care.child])
        case.hold(team, "social_worker", handover, last, [care.child])
    case.hold("review", "reviewing_officer", case.world.days.add(stay.entry, 3), last, [care.child])
