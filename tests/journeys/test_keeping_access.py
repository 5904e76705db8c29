"""Those who keep accounts, posts, restrictions and access: each act after a fresh proof, and nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta

from tests.journeys.kit import Somebody

OLD = """
from datetime import timedelta
from django.utils import timezone
from kith.foundation.accounts.models import Session
from kith.foundation.accounts.sessions import SessionStore
row = Session.objects.filter(account__email="{email}").latest("seen_at")
store = SessionStore(row.session_key)
store["proof"] = store["proof"] | {{"at": (timezone.now() - timedelta(minutes=6)).isoformat()}}
store.save()
print(json.dumps(store["proof"]["how"]))
"""


def minutes_pass(somebody: Somebody, persona: str) -> None:
    """The persona proved who they are six minutes ago."""
    somebody.world.ask(OLD.format(email=f"{persona}@riverside.example"))


def day_in(somebody: Somebody, field: str, day: date) -> None:
    for part, value in {"day": day.day, "month": day.month, "year": day.year}.items():
        somebody.page.fill(f"[name='{field}-{part}']", str(value))


def test_a_sensitive_act_asks_for_the_proof_again_and_what_was_typed_survives(somebody: Somebody) -> None:
    somebody.is_signed_in_as("System administrator").opens("/accounts/")
    somebody.is_photographed("accounts").finds_the_page_sound()
    somebody.follows("Somebody new").sees("Somebody new").is_photographed("account-new").finds_the_page_sound()
    somebody.page.fill("[name=name]", "Leila Novak")
    somebody.page.fill("[name=title]", "Social worker, children’s assessment")
    minutes_pass(somebody, "system_administrator")
    somebody.presses("Continue").sees("Confirm that it is you", "What you wrote is kept")
    somebody.is_photographed("confirm-again").finds_the_page_sound()
    somebody.presses("Confirm that I am").sees("Send what you wrote")
    somebody.is_photographed("send-held").finds_the_page_sound()
    somebody.presses("Send it").sees("Leila Novak", "Social worker, children’s assessment", "No account")
    somebody.is_photographed("account-none").finds_the_page_sound()


def test_an_account_is_opened_a_post_given_and_both_are_ended(somebody: Somebody, another: Somebody) -> None:
    somebody.is_signed_in_as("System administrator").opens("/accounts/new/")
    somebody.page.fill("[name=name]", "Omar Whitfield")
    somebody.presses("Continue").sees("Omar Whitfield").follows("Open an account")
    somebody.presses("Open the account").sees("There is a problem").is_photographed("account-open-wrong")
    somebody.finds_the_page_sound()
    somebody.page.fill("[name=email]", "omar.whitfield@riverside.example")
    somebody.presses("Open the account").sees("is not shown again").is_photographed("account-link")
    link = somebody.finds_the_page_sound().page.locator("main code").inner_text()
    assert "/sign-in/first/" in link and "/sign-in/first/" not in somebody.opens(somebody.page.url).page.content()
    somebody.opens("/accounts/?q=Omar").follows("Omar Whitfield").follows("Give a post").is_photographed("post-give")
    somebody.finds_the_page_sound()
    somebody.page.select_option("[name=team]", index=1)
    somebody.page.select_option("[name=role]", "social_worker")
    day_in(somebody, "started_on", date.today())
    somebody.presses("Give the post").sees("The post is given", "Social worker, ")
    somebody.is_photographed("account-worker").finds_the_page_sound()
    another.opens(link).sees("Choose a password")
    somebody.follows("End it").is_photographed("post-end").finds_the_page_sound()
    day_in(somebody, "last_day", date.today() - timedelta(days=1))
    somebody.presses("Keep the last day").sees("The last day is kept")
    somebody.follows("Close the account").is_photographed("account-close").finds_the_page_sound()
    somebody.page.check("[name=why][value=left]")
    somebody.presses("Close the account").sees("The account is closed", "Closed: has left")
    another.opens(link).does_not_see("Choose a password").sees("This link is worth nothing any more")


def test_teams_lie_below_one_another(somebody: Somebody) -> None:
    somebody.is_signed_in_as("System administrator").opens("/accounts/teams/")
    somebody.is_photographed("teams").finds_the_page_sound()
    somebody.follows("A new team").is_photographed("team-new").finds_the_page_sound()
    somebody.page.fill("[name=name]", "Contextual Safeguarding 2")
    somebody.page.select_option("[name=parent]", index=1)
    somebody.presses("Keep it").sees("The team is kept", "– Contextual Safeguarding 2")


def test_a_record_is_restricted_and_it_is_hidden_from_all_who_are_not_named(
    somebody: Somebody, another: Somebody
) -> None:
    child = somebody.world.children_of("social_worker")[2]
    another.is_signed_in_as("Social worker").opens(f"/children/{child}/").does_not_see("There is nothing here for you")
    somebody.is_signed_in_as("Team manager").opens(f"/people/{child}/restrictions/")
    somebody.is_photographed("restrictions-none").finds_the_page_sound()
    somebody.page.check("[name=level][value=R1]")
    somebody.page.fill("[name=reason]", "Her aunt works in our finance team.")
    somebody.presses("Restrict this record").sees("There is a problem", "Name at least one worker")
    somebody.is_photographed("restrictions-wrong").finds_the_page_sound()
    somebody.page.fill("[name=named]", "team_manager@riverside.example")
    minutes_pass(somebody, "team_manager")
    somebody.presses("Restrict this record").sees("Confirm that it is you").presses("Confirm that I am")
    somebody.presses("Send it").sees("The record is restricted from now on", "Her aunt works in our finance team.")
    somebody.is_photographed("restrictions").finds_the_page_sound()
    another.opens(f"/children/{child}/").sees("There is nothing here for you")
    somebody.page.fill("[name=worker]", "Nobody Of This Name")
    somebody.presses("Name this worker").sees("There is a problem", "Nobody who works here").finds_the_page_sound()
    somebody.page.fill("[name=worker]", "social_worker@riverside.example")
    somebody.presses("Name this worker").sees("is named for this record")
    another.opens(f"/children/{child}/").does_not_see("There is nothing here for you")
    somebody.presses("Take off Asha Rahman").sees("is not named for this record any more")
    another.opens(f"/children/{child}/").sees("There is nothing here for you")
    somebody.clicks(somebody.page.get_by_text("End this restriction"))
    somebody.presses("End it").sees("There is a problem").is_photographed("restrictions-end-wrong")
    somebody.finds_the_page_sound().follows("Say why it ends")  # it leads to the box that it is about
    assert somebody.page.evaluate("document.activeElement.name") == "why"
    somebody.page.locator("textarea[name=why]:visible").fill("She has left the finance team.")
    somebody.presses("End it").sees("The restriction has ended", "She has left the finance team.")
    another.opens(f"/children/{child}/").does_not_see("There is nothing here for you")


def test_access_is_given_for_a_purpose_and_ended(somebody: Somebody, another: Somebody) -> None:
    child = somebody.world.children_of("social_worker")[3]
    another.is_signed_in_as("Data officer").opens(f"/children/{child}/").sees("There is nothing here for you")
    somebody.is_signed_in_as("Team manager").opens(f"/people/{child}/access/")
    somebody.is_photographed("access-none").finds_the_page_sound()
    somebody.presses("Give access").sees("There is a problem").is_photographed("access-wrong").finds_the_page_sound()
    somebody.page.fill("[name=worker]", "data_officer@riverside.example")
    somebody.page.check("[name=ground][value=records_request]")
    somebody.page.fill("[name=purpose]", "Her own request to read her file")
    somebody.page.fill("[name=reference]", "SAR-2026-114")
    day_in(somebody, "until", date.today() + timedelta(days=7))
    somebody.presses("Give access").sees("has access", "Her own request to read her file", "Open now")
    somebody.is_photographed("access").finds_the_page_sound()
    another.opens(f"/children/{child}/").does_not_see("There is nothing here for you")
    somebody.presses("End this access of Sam Wren").sees("has no access to this record any more", "Ended by")
    another.opens(f"/children/{child}/").sees("There is nothing here for you")
