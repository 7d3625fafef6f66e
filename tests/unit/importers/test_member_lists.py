"""Member lists through the public door: forms, guest lists, tables of people, in whatever way they are written."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError, BadRow, Row
from models.domain.records import Consent, Identity, Member, Need
from service.importers import MemberSource, open_source
from service.importers.frame.report import Report
from service.importers.members.answers import consent_of, languages_of, statements, zone_of
from service.importers.members.columns import role_of

CASES = Path(os.environ.get("YIQI_IMPORT_CASES", "no such folder"))  # files from outside, one folder each
TIMES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Read:
    """What a file was read as."""

    def __init__(self, path: Path, known: dict[tuple[str, str], str] | None = None, **options: Any) -> None:
        source = open_source(path, **options)
        assert isinstance(source, MemberSource)
        rows = list(source.rows("organizers", known or {}))
        assert [*source.rows("organizers", known or {})] == rows, "the same each time"
        self.members = [row.record for row in rows if isinstance(row, Row) and isinstance(row.record, Member)]
        self.bad = [row for row in rows if isinstance(row, BadRow)]
        self.report: Report = source.report

    def named(self, name: str) -> Member:
        (member,) = [one for one in self.members if one.name == name]
        return member


def read(tmp_path: Path, text: str, name: str = "list.csv", **options: Any) -> Read:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return Read(path, **options)


def texts(needs: Sequence[Need]) -> list[str]:
    return [need.text for need in needs]


# --- forms -----------------------------------------------------------------------------------------------------------

WJX = (
    "\ufeff序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、怎么称呼您？,2、您的微信号,3、请用一两句话介绍自己,"
    "4、您能为社群里的人提供什么？,5、您想在这里认识什么样的人？,6、兴趣（多选）,7、常住城市,8、是否愿意被推荐给其他成员？\r\n"
    "1,2024/3/5 8:54:20,85秒,微信,N/A,1.2.3.4(江苏-苏州),阿满,wxid_aman1,修琴的,小提琴维修、调音,想找人一起开工坊,"
    "琴┋木工┋其他〖古典乐〗,苏州,愿意\r\n"
    "2,2024/3/5 9:54:20,60秒,手机提交,N/A,1.2.3.5(浙江-杭州),阿舟,azhou_88,无,暂时没有,随便看看,木工,杭州,不愿意\r\n"
    "3,2024/3/6 9:54:20,60秒,手机提交,N/A,1.2.3.5(浙江-杭州),阿舟,azhou_88,开船的,帆船课,无,木工,宁波,仅管理员可见\r\n"
)


def test_a_chinese_survey_gives_people_with_what_they_said_and_nothing_else(tmp_path: Path) -> None:
    found = read(tmp_path, WJX)
    assert "问卷星" in found.report.format
    man = found.named("阿满")
    assert (man.profile, texts(man.offers), texts(man.seeks)) == (
        "修琴的",
        ["小提琴维修", "调音"],
        ["想找人一起开工坊"],
    )
    assert man.values == ("琴", "木工", "古典乐")
    assert (man.place, man.consent, man.identities) == ("苏州", "members", (Identity("wxid", "wxid_aman1"),))
    assert "1.2.3.4" not in repr(found.members)
    assert "not kept" in found.report.columns["来自IP"]


def test_the_newest_of_two_answers_of_one_person_counts(tmp_path: Path) -> None:
    found = read(tmp_path, WJX)
    zhou = found.named("阿舟")
    assert (zhou.profile, zhou.place, zhou.consent) == ("开船的", "宁波", "organizers")
    assert zhou.extra == '{"consent_answer":"仅管理员可见"}', "they were asked, and did not say yes"
    assert found.report.unused["older answer of the same person"] == 1
    assert any("lines 3 and 4" in note for note in found.report.notes)


EVENTBRITE_PARTY = """Order #,Order Date,First Name,Last Name,Email,Ticket Type,Attendee #,Attendee Status,Offers
1,2026-01-02 10:00,Ann,Lee,ann@example.org,Std,11,Attending,bread
1,2026-01-02 10:00,Info Requested,Info Requested,ann@example.org,Std,12,Attending,Info Requested
1,2026-01-02 10:00,Info Requested,Info Requested,Info Requested,Std,13,Attending,Info Requested
2,2026-01-03 10:00,Bo,Lee,ann@example.org,Std,14,Attending,cakes
"""


def test_a_ticket_whose_holder_is_not_known_is_no_person(tmp_path: Path) -> None:
    found = read(tmp_path, EVENTBRITE_PARTY)
    assert [(one.name, texts(one.offers)) for one in found.members] == [("Ann Lee", ["bread"]), ("Bo Lee", ["cakes"])]
    assert found.report.unused["ticket of somebody who is not named"] == 2


WITHOUT_CONTACTS = """name,offers,seeks,city
Li Wei,pottery,cameras,Berlin
Li Wei,pottery,cameras,Berlin
Ann,tea,,Paris
Li Wei,guitars,,Rome
"""


def test_rows_of_one_name_and_no_contact_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    found = read(tmp_path, WITHOUT_CONTACTS)
    assert [(one.name, one.place) for one in found.members] == [
        ("Li Wei", "Berlin"),
        ("Ann", "Paris"),
        ("Li Wei", "Rome"),
    ]
    assert found.report.unused["row that says the same as one before it"] == 1
    assert any("Li Wei stands in lines 2 and 5" in note for note in found.report.notes)
    names_only = read(tmp_path, "name,city\nLi Wei,\nLi Wei,\nAnn,Paris\n")
    assert len(names_only.members) == 3
    assert any("lines 2 and 3" in note for note in names_only.report.notes)


GOOGLE = """Timestamp,Email Address,What should we call you?,Tell us about yourself,What could you help others with?,\
What can the community help you with?,What are you interested in? (select all that apply),\
Would you be happy for us to introduce you to other members?,I agree to the code of conduct,How did you hear about us?
3/25/2024 8:54:20,Ana@Example.org,Ana,"I bake, mostly bread","Sourdough; baking for allergies",an oven to share,\
"Baking, Cooking with kids, Film",Yes,Yes,a friend
3/26/2024 8:54:20,bo@example.org,Bo,I film,Editing,N/A,"Film, Baking",No,Yes,poster
3/27/2024 8:54:20,cy@example.org,Cy,,lighting,"people, who like film","Film, Cooking with kids",Only via organizers,Yes,
4/2/2024 8:54:20,bo@example.org,Bo Berg,I film and edit,Editing,actors,"Film, Baking",Yes please,Yes,poster
"""


def test_answers_of_google_forms(tmp_path: Path) -> None:
    found = read(tmp_path, GOOGLE)
    assert [member.name for member in found.members] == ["Ana", "Cy", "Bo Berg"]
    ana, cy, bo = found.members
    assert ana.identities == (Identity("email", "ana@example.org"),)
    assert ana.profile == "I bake, mostly bread"
    assert texts(ana.offers) == ["Sourdough", "baking for allergies"]
    assert texts(ana.seeks) == ["an oven to share"]
    assert ana.values == ("Baking", "Cooking with kids", "Film")
    assert texts(cy.seeks) == ["people, who like film"]
    assert (ana.consent, cy.consent, bo.consent) == ("members", "organizers", "members")
    assert texts(bo.seeks) == ["actors"]
    assert found.report.columns["How did you hear about us?"].startswith("not kept")
    assert found.report.columns["I agree to the code of conduct"].startswith("not kept")


LUMA = """api_id,name,first_name,last_name,email,phone_number,created_at,approval_status,custom_source,checked_in_at,\
qr_code_url,amount,currency,ticket_type_id,ticket_name,What are you working on?,What is your LinkedIn profile?
gst-1,Ana Ruiz,Ana,Ruiz,ana@example.org,+34600111222,2024-03-05T08:54:20.123Z,approved,,,https://x/1,0,usd,t,Free,\
a bread club,https://linkedin.com/in/ana
gst-2,Bo Berg,Bo,Berg,bo@example.org,,2024-03-05T08:55:20.123Z,pending_approval,,,https://x/2,0,usd,t,Free,films,
gst-3,Cy Lee,Cy,Lee,ana@example.org,,2024-03-05T08:56:20.123Z,approved,,,https://x/3,0,usd,t,Free,lamps,
gst-4,Di Fu,Di,Fu,di@example.org,,2024-03-05T08:56:20.123Z,declined,,,https://x/3,0,usd,t,Free,lamps,
"""


def test_only_approved_guests_of_luma_come_and_a_shared_address_loses_nobody(tmp_path: Path) -> None:
    found = read(tmp_path, LUMA)
    assert [member.name for member in found.members] == ["Ana Ruiz", "Cy Lee"]
    ana, cy = found.members
    assert Identity("email", "ana@example.org") in ana.identities
    assert Identity("linkedin", "https://linkedin.com/in/ana") in ana.identities
    assert cy.identities == ()
    assert cy.id != ana.id
    assert ana.aims == ("a bread club",)
    assert found.report.unused["guest who does not come (pending_approval)"] == 1
    assert found.report.unused["guest who does not come (declined)"] == 1
    assert "600111222" not in repr(found.members)


EVENTBRITE = """Order #,Order Date,First Name,Last Name,Email,Quantity,Price Tier,Ticket Type,Attendee #,Group,\
Order Type,Currency,Total Paid,Attendee Status,Home City,Home Country,What skills do you bring?
1001,2024-03-05 10:00:00,Ana,Ruiz,ana@example.org,2,,General,5001,,Free,EUR,0.00,Attending,Berlin,DE,"bread, film"
1001,2024-03-05 10:00:00,Bo,Berg,ana@example.org,2,,General,5002,,Free,EUR,0.00,Attending,Berlin,DE,lamps
1002,2024-03-06 10:00:00,Cy,Lee,cy@example.org,1,,General,5003,,Free,EUR,0.00,Not Attending,Paris,FR,oil
"""


def test_attendees_of_eventbrite_who_share_an_order_are_different_people(tmp_path: Path) -> None:
    found = read(tmp_path, EVENTBRITE)
    assert [member.name for member in found.members] == ["Ana Ruiz", "Bo Berg"]
    assert found.members[0].place == "Berlin, DE"
    assert texts(found.members[0].offers) == ["bread", "film"]
    assert found.members[0].attributes == {}


MEETUP = (
    "Name\tUser ID\tTitle\tMember ID\tLocation\tJoined Group on\tLast visited group on\tMeetups attended\tIntro\t"
    "URL of Member Profile\tWhat do you want to learn?\tWhat can you teach?\n"
    "Ana\tuser 11\tOrganizer\t11\tBerlin\t03/05/2024\t03/06/2024\t3\tNo\thttps://meetup.com/11"
    "\tto bake, and to film\tkites\n"
    "Ana\tuser 12\t\t12\tBonn\t03/05/2024\t03/06/2024\t3\tNo\thttps://meetup.com/12\tlamps\t-\n"
)


def test_members_of_meetup_are_told_apart_by_their_number(tmp_path: Path) -> None:
    found = read(tmp_path, MEETUP, "Example_Member_List.xls")
    assert [one.identities for one in found.members] == [(Identity("meetup", "11"),), (Identity("meetup", "12"),)]
    assert texts(found.members[0].offers) == ["kites"]
    assert texts(found.members[0].seeks) == ["to bake, and to film"]
    assert found.members[1].offers == ()


def test_connections_of_linkedin_have_their_header_below_notes(tmp_path: Path) -> None:
    text = (
        'Notes:\n"When exporting your data, you may notice that some of the email addresses are missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ana,Ruiz,https://www.linkedin.com/in/ana,,Bread & Co,Baker,05 Mar 2024\n"
        "Bo,Berg,https://www.linkedin.com/in/bo,bo@example.org,,,06 Mar 2024\n"
    )
    found = read(tmp_path, text, "Connections.csv")
    assert found.named("Ana Ruiz").profile == "Bread & Co\nBaker"
    assert found.named("Ana Ruiz").identities == (Identity("linkedin", "https://www.linkedin.com/in/ana"),)
    assert found.named("Bo Berg").profile == ""


# --- tables ----------------------------------------------------------------------------------------------------------

PEOPLE = [
    {
        "name": "Lin",
        "bio": "glass blower",
        "skills": "glass blowing, beads",
        "looking_for": "a workshop",
        "team": "oak",
    },
    {"name": "Mo", "bio": "", "skills": "", "looking_for": "somebody who fires glass", "team": "oak"},
    {"name": "Lin", "bio": "another Lin", "skills": "beads", "looking_for": "", "team": "elm"},
    {"name": "Nils", "bio": "tall", "skills": "ladders", "looking_for": "glass", "team": "elm"},
]
COLUMNS = list(PEOPLE[0])
WAYS = {
    "index.csv": "\n".join(
        [",".join(["", *COLUMNS])]
        + [",".join([str(n), *(f'"{one[name]}"' for name in COLUMNS)]) for n, one in enumerate(PEOPLE)]
    ),
    "semicolons.csv": "\n".join([";".join(COLUMNS)] + [";".join(one[name] for name in COLUMNS) for one in PEOPLE]),
    "tabs.tsv": "\n".join(["\t".join(COLUMNS)] + ["\t".join(one[name] for name in COLUMNS) for one in PEOPLE]),
    "records.json": json.dumps([{k: v or None for k, v in one.items()} for one in PEOPLE]),
    "lines.jsonl": "\n".join(map(json.dumps, PEOPLE)),
    "lines.json": "\n".join(map(json.dumps, PEOPLE)),
    "columns.json": json.dumps({name: {str(n): one[name] for n, one in enumerate(PEOPLE)} for name in COLUMNS}),
    "index.json": json.dumps({str(n): one for n, one in enumerate(PEOPLE)}, indent=1),
    "split.json": json.dumps(
        {"columns": COLUMNS, "index": [0, 1, 2, 3], "data": [[one[name] for name in COLUMNS] for one in PEOPLE]}
    ),
    "table.json": json.dumps({"schema": {"fields": []}, "data": [{"index": n, **one} for n, one in enumerate(PEOPLE)]}),
    "lists.json": json.dumps({name: [one[name] for one in PEOPLE] for name in COLUMNS}),
    "values.json": json.dumps([COLUMNS, *([one[name] for name in COLUMNS] for one in PEOPLE)]),
    "wrapped.json": json.dumps({"count": 4, "members": PEOPLE}),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_table_of_people_is_read_however_it_is_written(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, WAYS[name], name)
    assert [one.name for one in found.members] == ["Lin", "Mo", "Lin", "Nils"]
    assert len({one.id for one in found.members}) == 4, "two people of one name stay two"
    lin, mo, *_ = found.members
    assert (lin.profile, texts(lin.offers), texts(lin.seeks)) == (
        "glass blower",
        ["glass blowing", "beads"],
        ["a workshop"],
    )
    assert (mo.profile, texts(mo.offers)) == ("", [])
    assert lin.attributes == {"team": "oak"}
    assert not found.bad


def test_lists_and_statements_in_json_are_what_they_are(tmp_path: Path) -> None:
    people = [
        {"name": "Lin", "skills": ["glass, blown", "beads"], "profile": {"bio": "glass", "city": "Ulm"}, "adult": True},
        {"name": "Mo", "skills": [{"text": "kites", "kind": "growth"}], "profile": {}, "adult": False},
    ]
    found = read(tmp_path, json.dumps(people), "people.json")
    assert texts(found.named("Lin").offers) == ["glass, blown", "beads"]
    assert (found.named("Lin").profile, found.named("Lin").place) == ("glass", "Ulm")
    assert texts(found.named("Mo").offers) == ["kites"]
    assert found.named("Mo").attributes == {"adult": "false"}


def test_rows_of_an_excel_file_without_its_ending_are_read_as_text_too(tmp_path: Path) -> None:
    found = read(tmp_path, "姓名,简介,擅长\n青,做纸,造纸\n", "名单")
    assert texts(found.named("青").offers) == ["造纸"]


def test_an_id_that_stands_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "id,name,bio\n7,Bo,a\n8,Al,b\n7,Bo,c\n")
    assert [one.id for one in found.members] == ["7", "8"]
    assert [(row.line, row.reason) for row in found.bad] == [
        (4, "id 7 stood in line 2 already; give each person an id of their own")
    ]


def test_people_whose_handles_are_known_keep_the_id_they_have(tmp_path: Path) -> None:
    known = {("email", "ana@example.org"): "im1", ("wechat", "阿满"): "im2"}
    text = "称呼,邮箱,微信昵称,擅长\nAna,Ana@example.org,,面包\n满,,阿满,琴\n"
    found = read(tmp_path, text, known=known)
    assert [one.id for one in found.members] == ["im1", "im2"]


def test_telephone_numbers_are_kept_only_when_told_to(tmp_path: Path) -> None:
    text = "姓名,手机号,微信号,技能\n青,13800001111,同手机,造纸\n蓝,13900001111,13900001111,染布\n"
    assert "1111" not in repr(read(tmp_path, text).members)
    found = read(tmp_path, text, mapping={"手机号": "phone"})
    assert found.named("青").identities == (Identity("phone", "13800001111"),)


def test_a_row_with_more_cells_than_the_header_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "name,skills,city\nBo,soldering, radios,Ulm\nAl,kites,Bonn\n")
    assert [one.name for one in found.members] == ["Al"]
    assert [row.line for row in found.bad] == [2]


def test_an_answer_of_nobody_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "name,email,skills\n,,soldering\nAl,,kites\n,,\n")
    assert [(row.line, "nobody" in row.reason) for row in found.bad] == [(2, True)]


def test_long_answers_lose_no_word(tmp_path: Path) -> None:
    words = "".join(f"我会第{n}种手艺。" for n in range(400))
    found = read(tmp_path, f"姓名,您能提供什么\n青,{words}\n")
    assert "".join(texts(found.named("青").offers)) == words
    assert max(len(one.text.encode()) for one in found.named("青").offers) <= 2000


def test_columns_can_be_said_by_a_part_of_their_name(tmp_path: Path) -> None:
    text = "昵称,1、最近在忙,2、求什么,备注\n青,造纸,染缸,vip\n蓝,染布,纸,new\n"
    found = read(tmp_path, text, mapping={"最近在忙": "aims", "求什么": "seeks", "备注": "unused"})
    assert found.named("青").aims == ("造纸",)
    assert texts(found.named("青").seeks) == ["染缸"]
    with pytest.raises(ArchiveError, match="no column '不在'"):
        read(tmp_path, text, mapping={"不在": "aims"})


def test_a_table_without_names_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r'--map "COLUMN=name"'):
        read(tmp_path, "奇怪的列,擅长\n青,造纸\n", members=True)


@pytest.mark.parametrize(
    ("case", "people"),
    [
        ("11-signup-wjx/signup.csv", ["老周", "小林"]),
        ("12-signup-google-form/answers.csv", ["Lu Pan", "Bo"]),
        ("13-members-csv/members.csv", ["Lu Pan", "Bo"]),
        ("26-signup-taken-for-a-chat/answers.csv", ["老周", "小林"]),
    ],
)
def test_open_cases(case: str, people: list[str]) -> None:
    if not (CASES / case).exists():
        pytest.skip("not here")
    found = Read(CASES / case)
    assert [one.name for one in found.members] == people
    assert all(one.profile and one.offers and one.seeks for one in found.members)
    assert all(one.consent == "organizers" for one in found.members[1:])


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("3、您可以为大家提供什么？", "offers"),
        ("您希望别人为您提供什么帮助", "seeks"),
        ("Q4: What could others help you with?", "seeks"),
        ("What could you help others with?", "offers"),
        ("What do you do, in one or two sentences?", "profile"),
        ("What are you looking for in this community? (people, skills, projects…)", "seeks"),
        ("What skills can you share with the group?", "offers"),
        ("What would you like to learn?", "seeks"),
        ("您愿意认识什么样的人？", "seeks"),
        ("您最近的目标是什么", "aims"),
        ("What are you currently working on?", "aims"),
        ("Where are you based?", "place"),
        ("您在哪个城市", "place"),
        ("Which languages do you speak?", "languages"),
        ("您一般什么时候有空？", "availability"),
        ("When are you usually free?", "availability"),
        ("您所在时区", "time_zone"),
        ("May we share your profile with other members?", "consent"),
        ("是否同意将您的信息对其他成员公开", "consent"),
        ("Your e-mail *", "email"),
        ("微信号（方便拉群）", "wechat"),
        ("群昵称", "name"),
        ("您是从哪里知道我们的", "private or about the form"),
        ("Dietary requirements", "private or about the form"),
        ("同意活动拍照", "private or about the form"),
        ("GitHub username", "identity:github"),
        ("喜欢的颜色", "values"),
    ],
)
def test_headers_are_understood_by_their_words(header: str, role: str) -> None:
    assert role_of(header) == role


@pytest.mark.parametrize(
    ("answer", "consent"),
    [
        ("同意", "members"), ("是", "members"), ("Yes, gladly", "members"), ("true", "members"), ("没问题", "members"),
        ("仅管理员可见", "organizers"), ("Only via organizers", "organizers"), ("Yes, but ask me first", "organizers"),
        ("也许吧", "organizers"), ("1", "organizers"), ("同意，但不公开联系方式", "organizers"),
        ("不同意", "nobody"), ("No", "nobody"), ("否", "nobody"), ("不", "nobody"), ("please don't", "nobody"),
    ],
)  # fmt: skip
def test_only_a_clear_yes_shows_somebody_to_members(answer: str, consent: Consent) -> None:
    assert consent_of(answer) == consent


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("陶艺┋手作┋其他〖烧窑〗", ("陶艺", "手作", "烧窑")),
        ("拉坯、修坯", ("拉坯", "修坯")),
        ("陶艺/手作", ("陶艺", "手作")),
        ("UI/UX, TCP/IP", ("UI/UX", "TCP/IP")),
        ("wheel throwing, glazes", ("wheel throwing", "glazes")),
        ("I throw pots, and I teach it", ("I throw pots, and I teach it",)),
        ("somebody with a kiln, ideally nearby", ("somebody with a kiln, ideally nearby",)),
        ("做陶艺的，有十年经验", ("做陶艺的，有十年经验",)),
        ("1. 拉坯\n2. 修坯", ("拉坯", "修坯")),
        ("- glazes\n- kilns", ("glazes", "kilns")),
        ("3D printing", ("3D printing",)),
        ("无", ()), ("N/A", ()), ("暂时没有", ()), ("-", ()), ("随便看看", ()), ("nan", ()), ("其他", ()),
        ("glazes, (bowls, cups)", ("glazes", "(bowls, cups)")),
    ],
)  # fmt: skip
def test_a_cell_is_split_where_a_list_is(cell: str, said: tuple[str, ...]) -> None:
    assert statements(cell) == said


def test_languages_and_zones() -> None:
    assert languages_of("中文、English (fluent), 德语") == (["zh", "en", "de"], [])
    assert languages_of("zh, pt-BR; Klingon") == (["zh", "pt-br"], ["Klingon"])
    assert zone_of("Europe/Berlin") == "Europe/Berlin"
    assert zone_of("UTC+8") == zone_of("东八区") == "Etc/GMT-8"
    assert zone_of("somewhere") == ""


# --- any list --------------------------------------------------------------------------------------------------------

_WORD = st.text(alphabet=string.ascii_lowercase, min_size=4, max_size=9).map(lambda word: "q" + word)
_PERSON = st.fixed_dictionaries(
    {
        "name": _WORD.map(str.title),
        "email": _WORD.map(lambda word: f"{word}@example.org"),
        "bio": st.lists(_WORD, max_size=6).map(" ".join),
        "skills": st.lists(_WORD, max_size=3, unique=True),
        "looking for": st.lists(_WORD, max_size=3, unique=True),
        "city": _WORD,
        "consent": st.sampled_from(("yes", "no", "only via organizers")),
    }
)
_LISTS = st.lists(_PERSON, min_size=2, max_size=12, unique_by=lambda one: one["email"])
_CONSENTS = {"yes": "members", "no": "nobody", "only via organizers": "organizers"}


def as_csv(people: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(people[0]))
    writer.writeheader()
    writer.writerows({k: "; ".join(v) if isinstance(v, list) else v for k, v in one.items()} for one in people)
    return out.getvalue()


@TIMES
@given(_LISTS, st.sampled_from(("csv", "json", "jsonl")))
def test_whatever_a_list_says_is_read(tmp_path: Path, people: list[dict[str, Any]], ending: str) -> None:
    """All of a list but messages, which it has none of."""
    text = {
        "csv": as_csv,
        "json": json.dumps,
        "jsonl": lambda rows: "\n".join(map(json.dumps, rows)),
    }[ending](people)
    found = read(tmp_path, text, f"list.{ending}", members=True)
    assert [
        (m.name, m.identities, m.profile, texts(m.offers), texts(m.seeks), m.place, m.consent) for m in found.members
    ] == [
        (
            one["name"],
            (Identity("email", one["email"]),),
            one["bio"],
            one["skills"],
            one["looking for"],
            one["city"],
            _CONSENTS[one["consent"]],
        )
        for one in people
    ]


_VALID = [
    WJX.encode(),
    GOOGLE.encode(),
    WAYS["records.json"].encode(),
    WAYS["lines.jsonl"].encode(),
    LUMA.encode("utf-16"),
]
_JUNK = st.sampled_from(
    [b"\x00", b"\xff\xfe", b'"', b"[" * 5000, b'{"a":' * 2000, b"\n", b",", b"9" * 400, b"\\ud800", b""]
)


@settings(TIMES, max_examples=60)
@given(st.data())
def test_broken_lists_give_rows_or_reasons(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(_VALID)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(_JUNK)
    path = tmp_path / "list.csv"
    path.write_bytes(raw)
    reads_or_refuses(path)


_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("\ud800")
    | st.just(10**300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(TIMES, max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*COLUMNS, "id", "email", "time", "status", "consent"]), _VALUE), max_size=5
    )
)
def test_values_of_any_type_give_rows_or_reasons(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    path = tmp_path / "people.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    reads_or_refuses(path)


def reads_or_refuses(path: Path) -> None:
    with contextlib.suppress(ArchiveError):
        rows = list(open_source(path, members=True).rows("members", {}))
        assert all(isinstance(row, Row | BadRow) for row in rows)
