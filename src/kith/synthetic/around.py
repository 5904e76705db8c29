"""What surrounds the main story: contacts that led nowhere, early help, courts, earlier lives and other numbers."""

from datetime import date, timedelta

from kith.synthetic.case import SOURCES, add_contact
from kith.synthetic.front_door import Town
from kith.synthetic.lived import Care
from kith.synthetic.people import Child, Family, new_family
from kith.synthetic.world import World, settings

DAY = timedelta(days=1)
ENDS = {"NFA_FLAG": 40, "ADVICE_FLAG": 50, "OTHER_OUTCOMES_EXIST_FLAG": 9.7, "PRIVATE_FOSTERING_FLAG": 0.3}


# how many adopt a child, of which sex, and their legal status
ADOPTERS = (("2", "MF", "L11"), ("2", "FF", "L12"), ("1", "F1", "L0"), ("2", "MF", "L3"), ("2", "MM", "L2"))


def add_contacts(town: Town) -> None:
    """Record the contacts that did not become referrals, for children already known and children never seen again."""
    world, target = town.world, settings("targets")["front_door"]
    known = [family for family in town.families if not family.children[0].alone]
    share = target["contacts_per_referral"] - 1
    owed, day = 0.0, world.start
    while day <= world.on:
        busy = 1.15 if world.days.is_working(day) else 0.62
        owed += target["referrals"][world.year(day)] / 365.25 * share * busy
        while owed >= 1:
            owed -= _contact(town, known, day)
        day += DAY


def _contact(town: Town, known: list[Family], day: date) -> int:
    world = town.world
    family: Family | None = world.one(known) if world.chance.random() < 0.72 else None
    children = [c for c in family.children if c.age(day) < 18 and c.dob < day] if family else []
    if family is None or not children:
        family = new_family(world, day=day)
        town.families.append(family)
        children = [child for child in family.children if not child.unborn] or family.children
    source = world.share("contact sources", dict(settings("targets")["front_door"]["sources"]))
    assert source in SOURCES
    key = world.share("contact ends", ENDS)
    for child in children:
        add_contact(world, town.staff, child, day, source, key)
    return len(children)


def help_early(town: Town) -> None:
    """Give some families early help before they were ever referred, and some after their case closed."""
    world, words = town.world, settings("words")
    for case in town.cases:
        family, child = case.family, case.children[0]
        if child.alone or child.unborn or not world.happens("early help", 13):
            continue
        before = world.chance.random() < 0.5 or family.closed >= world.on
        apart = timedelta(days=world.between(120, 260) if before else world.between(3, 30))
        start = case.day - apart if before else family.closed + apart
        end = start + timedelta(days=world.between(60, 118) if before else world.between(60, 260))
        if start > world.on or start <= child.dob:
            continue
        why = "Stepped up to social care" if before else world.one(words["early_help_ends"])
        world.rows.add(
            "ssd_early_help_episodes",
            earl_episode_id=world.id("EH"),
            earl_person_id=child.id,
            earl_episode_start_date=start,
            earl_episode_end_date=world.happened(end),
            earl_episode_reason=world.one(words["early_help_reasons"]),
            earl_episode_end_reason=why if end <= world.on else None,
            earl_episode_organisation=world.one(words["early_help_organisations"]),
            earl_episode_worker_id=town.staff.anyone("mash", "mash_worker", start),
        )


def add_court_and_history(town: Town) -> None:
    """Add pre-proceedings, adoption journeys, earlier permanence, convictions and misuse for looked-after children."""
    world = town.world
    for care in town.cares:
        if any(status.code in ("C1", "C2") for status in care.statuses) and not care.stay.alone:
            _pre_proceedings(world, care)
        if care.stay.reason == "E12" or any(status.code == "E1" for status in care.statuses):
            _adoption(world, care)
        _earlier(world, care, known=world.happens("earlier permanence", 3))
        _trouble(world, care)
        if care.stay.alone:
            _home_office(world, care.child, care.stay.entry)
    _open_pre_proceedings(town)


def _pre_proceedings(world: World, care: Care) -> None:
    if care.case.day + timedelta(days=60) >= care.stay.entry:
        return
    decided = care.stay.entry - timedelta(days=world.between(20, 50))
    _proceedings_row(world, care.child, care.case.family.id, decided, care.stay.entry)


def _proceedings_row(world: World, child: Child, family: str, decided: date, issued: date | None) -> None:
    world.rows.add(
        "ssd_pre_proceedings",
        prep_table_id=world.id("PP"),
        prep_person_id=child.id,
        prep_plo_family_id=family,
        prep_pre_pro_decision_date=decided,
        prep_initial_pre_pro_meeting_date=world.happened(world.later(decided, 5, 10)),
        prep_pre_pro_outcome="issue" if issued else None,
        prep_agree_stepdown_issue_date=issued,
        prep_legal_gateway_outcome="C" if issued else "B",
        prep_pre_pro_letter_date=world.happened(world.days.add(decided, 2)),
        prep_pre_pro_meetings_num=world.between(1, 3),
        prep_pre_pro_parents_legal_rep="Y",
    )


def _open_pre_proceedings(town: Town) -> None:
    """Some children on plans today are in pre-proceedings: about 30, as a borough this size would have."""
    world = town.world
    open_plans = [row for row in world.rows.of("ssd_cp_plans") if row["cppl_cp_plan_end_date"] is None]
    children = {child.id: (child, case) for case in town.cases for child in case.children}
    for row in open_plans:
        started = row["cppl_cp_plan_start_date"]
        child, case = children[row["cppl_person_id"]]
        if started < world.on - timedelta(days=120) and world.happens("in pre-proceedings", 26):
            decided = world.on - timedelta(days=world.between(14, 100))
            _proceedings_row(world, child, case.family.id, decided, None)


def _adoption(world: World, care: Care) -> None:
    order = next((status.start for status in care.statuses if status.code == "E1"), care.stay.entry)
    placed = next((home.start for home in care.homes if home.place == "A6"), None)
    together = sum(1 for child in care.case.children if child.stay)
    adopted = care.stay.reason == "E12"
    given_up = None if adopted else world.happened(care.stay.exit)  # care ended, and not by adoption
    number, sex, status = ADOPTERS[int(care.child.id[-2:]) % len(ADOPTERS)] if adopted else (None, None, None)
    world.rows.add(
        "ssd_permanence",
        perm_table_id=world.id("PM"),
        perm_person_id=care.child.id,
        perm_cla_id=care.id,
        perm_adm_decision_date=max(order - timedelta(days=world.between(10, 50)), care.stay.entry),
        perm_placement_order_date=order,
        perm_matched_date=placed - timedelta(days=world.between(5, 20)) if placed else None,
        perm_placed_for_adoption_date=placed,
        perm_adopted_by_carer_flag="N",
        perm_decision_reversed_date=given_up,
        perm_decision_reversed_reason="RD1" if given_up else None,
        perm_number_of_adopters=number,
        perm_adopter_sex=sex,
        perm_adopter_legal_status=status,
        perm_part_of_sibling_group="1" if together > 1 else "0",
        perm_siblings_placed_together=1,
        perm_siblings_placed_apart=together - 1,
    )


def _earlier(world: World, care: Care, *, known: bool) -> None:
    """The permanent home a child had before, or that there was none: it is asked of everyone who comes into care."""
    when = care.stay.entry - timedelta(days=world.between(200, 2000)) if known else None
    had = when is not None and when > care.child.dob
    world.rows.add(
        "ssd_cla_previous_permanence",
        lapp_table_id=world.id("LP"),
        lapp_person_id=care.child.id,
        lapp_previous_permanence_order_date=f"{when:%d/%m/%Y}" if had else None,
        lapp_previous_permanence_option=world.one(("P1", "P2", "P2", "P3")) if had else "Z1",
        lapp_previous_permanence_la="999" if had else None,
    )


def _trouble(world: World, care: Care) -> None:
    last = min(care.stay.exit or world.on, world.on)
    if care.child.age(last) < 13 or (last - care.stay.entry).days < 90:
        return
    day = last - timedelta(days=world.between(10, 80))
    if world.happens("convicted", 4):
        world.rows.add(
            "ssd_cla_convictions",
            clac_cla_conviction_id=world.id("CV"),
            clac_person_id=care.child.id,
            clac_cla_conviction_date=day,
            clac_cla_conviction_offence=world.one(settings("words")["offences"]),
        )
    if world.happens("misuse", 5):
        helped = world.chance.random() < 0.6
        world.rows.add(
            "ssd_cla_substance_misuse",
            clas_substance_misuse_id=world.id("SM"),
            clas_person_id=care.child.id,
            clas_substance_misuse_date=day,
            clas_substance_misused="Cannabis",
            clas_intervention_received="Y" if helped else "N",
        )
        if not helped:
            _offered(world, care, day)


def _offered(world: World, care: Care, day: date) -> None:
    """Help was offered and not taken: the return asks for it, and the dataset has no other place for it."""
    year = day.year + (day.month > 3)
    world.rows.add(
        "kith_oc2",
        koc2_table_id=f"{care.child.id}-{year}",
        koc2_person_id=care.child.id,
        koc2_year=year,
        koc2_intervention_offered="1",
    )


def _home_office(world: World, child: Child, day: date) -> None:
    world.rows.add(
        "ssd_linked_identifiers",
        link_table_id=world.id("LI"),
        link_person_id=child.id,
        link_identifier_type="Home Office Registration",
        link_identifier_value=f"Z{int(child.id[1:]):07d}",
        link_valid_from_date=day,
    )


def drop_promises(town: Town) -> None:
    """Now and then what was promised is not to be done after all, and that is said the day before it was due.

    Those of the last two months are left as they are: failures are planted on them.
    """
    world = town.world
    for row in world.rows.of("kith_promise"):
        due = row["prom_due_date"]
        if due <= world.on - timedelta(days=60) and world.happens("promise dropped", 2):
            row |= {"prom_done_date": None, "prom_evidence": None, "prom_effect": None}
            row["prom_dropped_date"] = max(row["prom_made_date"], world.days.back(due, 1))
            row["prom_dropped_why"] = "The family moved away first. Their new authority was told of it."
