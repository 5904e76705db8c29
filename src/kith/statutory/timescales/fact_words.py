"""What each fact that a rule names means, in words that a page or a message can use."""

from __future__ import annotations

_WORDS = {
    "contact.opened": "a contact was received",
    "contact.done": "the decision on a contact was made",
    "referral.opened": "a referral was received",
    "referral.done": "the decision on a referral was made",
    "assessment.opened": "an assessment began",
    "assessment.done": "an assessment was authorised",
    "strategy_meeting.opened": "a strategy meeting was asked for",
    "strategy_meeting.happened": "a strategy meeting was held",
    "strategy_meeting.done": "a strategy meeting had its decisions",
    "section47.opened": "a section 47 enquiry began",
    "section47.done": "a section 47 enquiry had its outcome",
    "section47.undated": "the outcome of a section 47 enquiry is held, without its day",
    "conference.happened": "a conference was held",
    "core_group.happened": "a core group met",
    "visit.happened": "the child was visited",
    "care_review.happened": "a review was held",
    "health_assessment.happened": "a health check took place",
    "pep.opened": "a personal education plan was begun",
    "pep.happened": "a personal education plan was made",
    "pep.done": "a personal education plan was finished",
    "return_interview.opened": "a return interview was offered",
    "return_interview.happened": "a return interview was held",
    "return_interview.done": "a return interview was written up",
    "return_interview.undated": "the answer to the offer of a return interview is held, without its day",
    "care_leaver_contact.happened": "the care leaver was in touch",
    "need.ended": "the case closed",
    "cin_plan.started": "a child in need plan began",
    "cin_plan.ended": "the child in need plan ended",
    "cp_plan.started": "a child protection plan began",
    "cp_plan.ended": "the child protection plan ended",
    "care.started": "the child came into care",
    "care.ended": "the child left care",
    "home.started": "the child moved to a home",
    "home.ended": "the child left that home",
    "legal_status.started": "a legal status began",
    "legal_status.ended": "the legal status ended",
    "missing.ended": "the child came back or was found",
    "care_leaver.started": "the young person became a care leaver",
    "care_leaver.ended": "support as a care leaver ended",
    "pre_proceedings.started": "work before court proceedings began",
    "pre_proceedings.ended": "work before court proceedings ended",
}


def fact_in_words(fact: str) -> str:
    """What happened, as the end of "when …": "a referral was received"."""
    kind, _, moment = fact.partition(".")
    return _WORDS.get(fact, f"{kind.replace('_', ' ')} {moment}")


def has_words(fact: str) -> bool:
    """Whether the fact has words of its own."""
    return fact in _WORDS
