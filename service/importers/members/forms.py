"""Sources of member lists whose columns are known: what they are told by, and what cannot be guessed from its name.

| source | read in |
|---|---|
| 问卷星 (wjx.cn), .xlsx or .csv | code that reads it: 序号, 提交答卷时间, 所用时间, 来源, 来源详情, 来自IP, then "1、question"; choices joined by ┋ |
| Google Forms, .csv | its export: Timestamp (时间戳记), Email Address?, whole questions; choices joined ", " (general knowledge) |
| Luma | schemas.apis.io luma: api_id, name, …, approval_status approved, session, pending_approval, invited, declined, waitlist |
| Eventbrite | code that reads it: Order #, Order Date, First Name, Last Name, Email, …, Attendee #, Attendee Status (older "Order no.", "Surname") |
| Meetup, TSV called .xls | notes of organizers: Name, User ID ("user 123"), Title, Member ID, Location, Joined Group on, …; attendees: RSVP |
| LinkedIn Connections.csv | notes above the header; First Name, Last Name, URL, Email Address, Company, Position, Connected On |

On Eventbrite and Luma one person may buy for several: rows of one e-mail address and other names are other people.
"""  # noqa: E501 — a table

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.importers.members.columns import IDENTITY, PRIVATE, plain


@dataclass(frozen=True, slots=True)
class Form:
    """`needs`: headers that it has and others have not. `roles`: what a header means there. `shares_address`: several
    people may stand under one e-mail address."""

    title: str
    needs: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    shares_address: bool = False


def _form(title: str, needs: str, shares_address: bool = False, **words: str) -> Form:
    roles = {word: role for role, all_ in words.items() for word in all_.split("|")}
    kept = {word: _ROLE_NAMES.get(role, role) for word, role in roles.items()}
    return Form(title, frozenset(needs.split("|")), kept, shares_address)


_ROLE_NAMES = {"private": PRIVATE, "linkedin": IDENTITY + "linkedin", "meetup": IDENTITY + "meetup"}
TABLE = Form("member list")
FORMS: tuple[Form, ...] = (
    _form(
        "问卷星 survey",
        "提交答卷时间",
        time="提交答卷时间",
        private="序号|所用时间|来源|来源详情|来自ip|总分|星标|ip",
    ),
    _form(
        "Luma guest list",
        "api_id|approval_status",
        shares_address=True,
        row_id="api_id",
        time="created_at",
        status="approval_status",
        private=(
            "checked_in_at|custom_source|qr_code_url|amount|amount_tax|amount_discount|currency|coupon_code|eth_address"
            "|solana_address|survey_response_rating|survey_response_feedback|ticket_type_id|ticket_name|utm_source"
            "|has_joined_event|registered_at|event_api_id|user_api_id"
        ),
    ),
    _form(
        "Eventbrite attendees",
        "order date|attendee #",
        shares_address=True,
        row_id="attendee #",
        time="order date",
        status="attendee status",
        private=(
            "order #|order no|quantity|price tier|ticket type|group|order type|currency|total paid|fees paid"
            "|eventbrite fees|eventbrite payment processing|barcode #|buyer first name|buyer last name|buyer email"
            "|event name|event id|tax paid|refunded|discount|delivery method|check in time|date attending|prefix|suffix"
        ),
    ),
    _form(
        "Eventbrite attendees",
        "order no|surname",
        shares_address=True,
        row_id="attendee no",
        time="date|order date",
        status="attendee status",
        private="order no|quantity|ticket type|order type|currency|total paid|barcode|eventbrite fees",
    ),
    _form(
        "Meetup members",
        "member id|user id",
        meetup="member id",
        name="name",
        attribute="title",
        place="location",
        private=(
            "user id|joined group on|last visited group on|last attended|total rsvps|rsvped yes|rsvped maybe|rsvped no"
            "|meetups attended|no shows|intro|photo|assistant organizer|mailing list|url of member profile"
            "|facebook id|twitter id|member url"
        ),
    ),
    _form(
        "Meetup attendees",
        "user id|rsvp",
        meetup="user id",
        name="name",
        attribute="title",
        status="rsvp",
        private="event host|guests|rsvped on|joined group on|url of member profile",
    ),
    _form(
        "LinkedIn connections",
        "first name|last name|connected on",
        linkedin="url",
        profile="position|company",
        private="connected on",
    ),
    _form("Google Forms answers", "timestamp", time="timestamp"),
    _form("Google Forms answers", "时间戳记", time="时间戳记"),
)


def form_of(header: Iterable[str]) -> Form:
    """The source that has these headers; a plain table where none is known to."""
    words = [plain(cell) for cell in header]
    for form in FORMS:
        # The forms of Google begin with the time, and have no columns but it and questions.
        if form.needs <= set(words) and (len(form.needs) > 1 or words[0] in form.needs or "提交答卷时间" in form.needs):
            return form
    return TABLE
