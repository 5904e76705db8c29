"""Education, health and care plans of disabled children, from the request to the plan in force."""

from datetime import date, timedelta

from kith.synthetic.front_door import Town
from kith.synthetic.households import child_pupil_number
from kith.synthetic.people import Child
from kith.synthetic.world import World

NEEDS = {"AUT": "ASD", "LD": "MLD", "BEH": "SEMH", "COMM": "SLCN", "MOB": "PD", "HEAR": "HI", "VIS": "VI"}


def write_school_needs(town: Town) -> None:
    """Give most disabled children of school age a plan: asked for, assessed, named and reviewed each year."""
    world = town.world
    told: set[str] = set()
    for case in town.cases:
        for child in case.children:
            if child.id in told or not child.disabled or not 5 <= child.age(world.on) <= 18:
                continue
            told.add(child.id)
            if world.happens("school plan", 72):
                _plan(world, child)


def _plan(world: World, child: Child) -> None:
    asked = child.dob + timedelta(days=world.between(1300, 1900))
    decided = world.days.add(asked + timedelta(days=world.between(25, 41)), 0)
    late = world.happens("school plan late", 45)
    issued = world.days.add(asked + timedelta(days=world.between(145, 230) if late else world.between(110, 139)), 0)
    if asked >= world.on:
        return
    send, request, assessment, plan = (world.id(kind) for kind in ("SN", "SR", "SA", "SP"))
    world.rows.add("ssd_send", send_table_id=send, send_upn=child_pupil_number(world, child), send_person_id=child.id)
    world.rows.add(
        "ssd_ehcp_requests",
        ehcr_ehcp_request_id=request,
        ehcr_send_table_id=send,
        ehcr_ehcp_req_date=asked,
        ehcr_ehcp_req_outcome_date=world.happened(decided),
        ehcr_ehcp_req_outcome="Y" if decided <= world.on else "A",
    )
    if issued > world.on:
        return
    world.rows.add(
        "ssd_ehcp_assessment",
        ehca_ehcp_assessment_id=assessment,
        ehca_ehcp_request_id=request,
        ehca_ehcp_assessment_outcome_date=issued,
        ehca_ehcp_assessment_outcome="Y",
        ehca_ehcp_assessment_exceptions="0",
    )
    world.rows.add(
        "ssd_ehcp_named_plan",
        ehcn_named_plan_id=plan,
        ehcn_ehcp_asmt_id=assessment,
        ehcn_named_plan_start_date=issued,
    )
    _active(world, child, request, issued)


def _active(world: World, child: Child, request: str, issued: date) -> None:
    active = world.id("SX")
    reviewed = max(issued, world.on - timedelta(days=world.between(5, 370)))
    world.rows.add(
        "ssd_ehcp_active_plans",
        ehcp_active_ehcp_id=active,
        ehcp_ehcp_request_id=request,
        ehcp_active_ehcp_last_review_date=reviewed,
    )
    for rank, code in enumerate(child.disabled, start=1):
        world.rows.add(
            "ssd_sen_need",
            senn_table_id=world.id("SE"),
            senn_active_ehcp_id=active,
            senn_active_ehcp_need_type=NEEDS.get(code, "OTH"),
            senn_active_ehcp_need_rank=str(rank),
        )
