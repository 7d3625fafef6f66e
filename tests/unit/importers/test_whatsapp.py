"""WhatsApp chats of iPhones and of Android, in the languages and with the dates that phones have."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from service.importers.formats import recognised
from service.importers.formats.whatsapp_words import notice_of, own_words
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from tests.board_files import BERLIN, SAID, by, members, mentioned, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, shared_case, spoilt_bytes

BERLIN_SAID = Options(zone=BERLIN)


def chat(tmp_path: Path, text: str, options: Options = BERLIN_SAID, name: str = "_chat.txt") -> Read:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path, options)


def moments(result: Read) -> list[str]:
    times = [datetime.fromtimestamp(one.time / 1e6, BERLIN) for one in result.messages]
    return [f"{time:%Y-%m-%d %H:%M:%S}" for time in times]


def test_an_iphone_chat_is_read_with_what_goes_on_below(tmp_path: Path) -> None:
    result = chat(
        tmp_path,
        "\u200e[13.04.24, 08:00:00] Pots: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13.04.24, 08:00:00] Pots: \u200eAnna created this group\n"
        "[13.04.24, 08:01:00] Anna Berg: who has glaze?\n\nI need two pots\n"
        "\u200e[13.04.24, 08:02:00] ~\u202fJo: \u200eimage omitted\n"
        "[13.04.24, 08:03:00] +49 151 2345678: me @\u2068Anna Berg\u2069 \u200e<This message was edited>\n"
        "[13.04.24, 08:04:00] Anna Berg: thanks @491512345678\n"
        "[13.04.24, 08:05:00] Anna Berg: \u200eThis message was deleted.\n"
        "[13.04.24, 08:06:00] ~\u202fJo: look \u200e<attached: 00000012-PHOTO-2024.jpg>\n"
        "[13.04.24, 08:07:00] ~\u202fJo: \u200eMissed voice call\n",
    )
    assert texts(result) == ["who has glaze?\n\nI need two pots", "", "me @Anna Berg", "thanks @491512345678", "look"]
    assert set(members(result)) == {"Anna Berg", "Jo", "+49 151 2345678"}
    assert members(result)["+49 151 2345678"].identities[0].handle == "+491512345678"
    assert mentioned(result, result.messages[2]) == {"Anna Berg"}
    assert mentioned(result, result.messages[3]) == {"+49 151 2345678"}
    assert [one.visibility for one in result.channels.values()] == ["community"]
    assert list(result.channels) == ["Pots"]
    assert result.report.unused == {
        "notice about encryption": 1, "created the group": 1, "deleted message": 1, "call": 1,
    }  # fmt: skip


def test_an_android_chat_has_notices_without_names_and_captions_below_files(tmp_path: Path) -> None:
    result = chat(
        tmp_path,
        "13/04/2024, 08:00 - Messages and calls are end-to-end encrypted. No one outside can read them.\n"
        '13/04/2024, 08:00 - Anna created group "Pots: all"\n'
        "13/04/2024, 08:00 - Anna changed the subject to: Pots\n"
        "13/04/2024, 08:00 - Anna added Jo\n"
        "13/04/2024, 08:01 - Anna: note: bring clay\n"
        "13/04/2024, 08:01 - Jo: <Media omitted>\n"
        "13/04/2024, 08:02 - Jo: IMG-20240413-WA0001.jpg (file attached)\nthe kiln\n"
        "13/04/2024, 08:03 - Jo: POLL:\nWhen?\nOPTION: Monday (2 votes)\nOPTION: Friday (1 vote)\n"
        "13/04/2024, 08:04 - Jo: [12/04/24, 10:00:00] Bea: pasted\n",
        name="WhatsApp Chat with Pots.txt",
    )
    assert texts(result) == ["note: bring clay", "", "the kiln", "When?\nMonday\nFriday",
                             "[12/04/24, 10:00:00] Bea: pasted"]  # fmt: skip
    assert [by(result, one) for one in result.messages] == ["Anna", "Jo", "Jo", "Jo", "Jo"]
    assert list(result.channels) == ["Pots"]
    assert [one.visibility for one in result.channels.values()] == ["community"]
    assert result.report.unused["changed the group"] == 1
    # Of one minute, the second is a moment later.
    assert result.messages[1].time == result.messages[0].time + 1


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("[13/04/2024, 21:05:06] A: x", "2024-04-13 21:05:06"),
        ("[4/13/24, 9:05:06\u202fPM] A: x", "2024-04-13 21:05:06"),
        ("[13.04.24, 21:05:06] A: x", "2024-04-13 21:05:06"),
        ("[03.04.24, 21:05:06] A: x", "2024-04-03 21:05:06"),
        ("[13.4.2024 klo 21.05.06] A: x", "2024-04-13 21:05:06"),
        ("[2024/4/3 下午9:05:06] A: x", "2024-04-03 21:05:06"),
        ("[2024/4/3 凌晨12:05:06] A: x", "2024-04-03 00:05:06"),
        ("[2024. 4. 3. 오후 9:05:06] A: x", "2024-04-03 21:05:06"),
        ("2024/4/3 21:05 - A: x", "2024-04-03 21:05:00"),
        ("13/4/24, 9:05 p. m. - A: x", "2024-04-13 21:05:00"),
        ("13/4/24, 12:05 a.\u00a0m. - A: x", "2024-04-13 00:05:00"),
        ("13/04/2024 à 21:05 - A: x", "2024-04-13 21:05:00"),
        ("13/04/24 21:05 - A: x", "2024-04-13 21:05:00"),
        ("13-04-2024 21:05 - A: x", "2024-04-13 21:05:00"),
        ("4/13/24, 9:05\u202fPM - A: x", "2024-04-13 21:05:00"),
        ("2024-04-03, 9:05 p.m. - A: x", "2024-04-03 21:05:00"),
        ("13. 4. 2024 21:05 - A: x", "2024-04-13 21:05:00"),
        ("\u200f13\u200f/4\u200f/2024, 21:05 - A: x", "2024-04-13 21:05:00"),
    ],
)
def test_every_way_to_write_a_time_is_read(tmp_path: Path, line: str, moment: str) -> None:
    result = chat(tmp_path, f"{line}\n", name="chat.txt")
    assert moments(result) == [moment]
    assert texts(result) == ["x"]


def test_dates_that_show_nothing_are_asked_about(tmp_path: Path) -> None:
    text = "05/03/2024, 08:00 - A: x\n06/03/2024, 08:00 - B: y\n"
    with pytest.raises(ArchiveError, match="--day-first or --month-first"):
        chat(tmp_path, text)
    day = chat(tmp_path, text, Options(zone=BERLIN, day_first=True))
    month = chat(tmp_path, text, Options(zone=BERLIN, day_first=False))
    assert moments(day)[0].startswith("2024-03-05")
    assert moments(month)[0].startswith("2024-05-03")


def test_the_whole_file_decides_the_order_of_day_and_month(tmp_path: Path) -> None:
    far = chat(tmp_path, "05/03/2024, 08:00 - A: x\n" * 50 + "13/03/2024, 08:00 - B: y\n")
    assert moments(far)[0].startswith("2024-03-05")
    forwards = chat(tmp_path, "11/03/2024, 08:00 - A: x\n01/04/2024, 08:00 - B: y\n02/04/2024, 08:00 - B: y\n")
    assert moments(forwards)[0].startswith("2024-03-11")


def test_another_chat_of_the_same_phone_decides_the_order(tmp_path: Path) -> None:
    folder = tmp_path / "chats"
    folder.mkdir()
    (folder / "WhatsApp Chat with Pots.txt").write_text("05/03/2024, 08:00 - A: x\n05/03/2024, 08:00 - B: x\n")
    (folder / "WhatsApp Chat with Wood.txt").write_text("25/03/2024, 08:00 - A: y\n25/03/2024, 08:00 - C: y\n")
    result = read(folder, BERLIN_SAID)
    assert set(result.channels) == {"Pots", "Wood"}
    assert {moment[:10] for moment in moments(result)} == {"2024-03-05", "2024-03-25"}


def test_a_file_of_two_orders_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="split the file"):
        chat(tmp_path, "13/03/2024, 08:00 - A: x\n03/13/2024, 08:00 - B: y\n")
    said = chat(tmp_path, "13/03/2024, 08:00 - A: x\n03/13/2024, 08:00 - B: y\n", SAID)
    assert (texts(said), len(said.bad)) == (["x"], 1)


def test_a_time_zone_has_to_be_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="--time-zone"):
        chat(tmp_path, "13/03/2024, 08:00 - A: x\n", Options())


def test_a_chat_of_two_stays_with_them(tmp_path: Path) -> None:
    android = chat(tmp_path, "13/03/2024, 08:00 - A: x\n13/03/2024, 08:01 - B: y\n", name="WhatsApp Chat with B.txt")
    iphone = chat(
        tmp_path,
        "[13/03/2024, 08:00:00] B: \u200eMessages and calls are end-to-end encrypted.\n"
        "[13/03/2024, 08:00:01] A: x\n[13/03/2024, 08:00:02] B: y\n",
    )
    for result in (android, iphone):
        (channel,) = result.channels.values()
        assert (channel.visibility, len(channel.members)) == ("private", 2)
        assert channel.name == "B"


def test_a_zip_names_the_chat(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Töpfer.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "_chat.txt", "[13.04.24, 08:01:00] A: x\n[13.04.24, 08:01:00] B: x\n[13.04.24, 08:01:00] C: x\n"
        )
        packed.writestr("00000001-PHOTO.jpg", b"\xff\xd8")
    assert list(read(path, BERLIN_SAID).channels) == ["Töpfer"]
    assert list(read(path, Options(zone=BERLIN, channel="clay")).channels) == ["clay"]


@pytest.mark.parametrize(
    "line",
    ["<Media omitted>", "<Medien ausgeschlossen>", "<Multimedia omitido>", "<Médias omis>", "<Media omessi>",
     "<Mídia oculta>", "<Arquivo de mídia oculto>", "<省略影音内容>", "<已省略多媒體檔案>", "圖片已略去",
     "image omitted", "GIF omitted",
     "Contact card omitted", "Bild weggelassen", "Video weggelassen", "imagen omitida", "audio omitido",
     "sticker omitido", "immagine omessa", "documento omesso", "sticker non incluso", "imagem ocultada",
     "vídeo omitido", "image absente", "vidéo absente", "audio omis", "plan.pdf • 3 pages document omitted",
     "<attached: 0001-AUDIO.opus>", "<Anhang: 0001-PHOTO.jpg>", "<adjunto: a b.pdf>", "<pièce jointe : 01.jpg>",
     "IMG-1.jpg (Datei angehängt)", "IMG-1.jpg (archivo adjunto)", "PTT-1.opus (arquivo anexado)",
     "IMG-1.jpg (fichier joint)", "IMG-1.jpg (file allegato)", "IMG-1.jpg (文件附件)", "location: https://maps.google.com/?q=1,2",
     "Standort: https://maps.google.com/?q=1,2", "null"],
)  # fmt: skip
def test_a_placeholder_is_no_word(line: str) -> None:
    assert own_words(line) == ""
    assert own_words(f"{line}\nbut this is") == "but this is"


@pytest.mark.parametrize(
    "line",
    ["I omitted the media", "the video was omitted from the list", "see plan.pdf (new)", "image", "audio!",
     "deleted it", "<3", "a < b: c > d", "忽略这个吧，真的没有什么意思的话"],
)  # fmt: skip
def test_words_that_are_like_a_placeholder_stay(line: str) -> None:
    assert own_words(line) == line


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Lu joined using this group's invite link", "joined the group"),
        ("Lu hat die Gruppe verlassen", "left the group"),
        ("Lu wurde hinzugefügt", "was added to the group"),
        ("Lu salió del grupo", "left the group"),
        ("Lu añadió a Bo", "was added to the group"),
        ("Lu saiu", "left the group"),
        ("Lu a ajouté Bo", "was added to the group"),
        ("Lu ha abbandonato", "left the group"),
        ("Lu 加入了群组", "joined the group"),
        ("Lu 退出了群组", "left the group"),
        ("Lu 更改了本群组的名称", "changed the group"),
        ("Les messages et les appels sont chiffrés de bout en bout.", "notice about encryption"),
        ("消息和通话已进行端到端加密。", "notice about encryption"),
    ],
)
def test_notices_are_named_in_plain_english(text: str, kind: str) -> None:
    assert notice_of(text) == kind


@pytest.mark.parametrize(
    "text",
    ["This message was deleted.", "You deleted this message", "Diese Nachricht wurde gelöscht.",
     "Se eliminó este mensaje.", "Eliminaste este mensaje.", "Mensagem apagada", "Esta mensagem foi apagada",
     "Ce message a été supprimé",
     "Questo messaggio è stato eliminato.", "这条消息已删除", "此訊息已刪除", "你已刪除此訊息"],
)  # fmt: skip
def test_what_was_taken_back_is_no_message(tmp_path: Path, text: str) -> None:
    result = chat(tmp_path, f"13/03/2024, 08:00 - A: {text}\n13/03/2024, 08:01 - A: and this stays\n")
    assert texts(result) == ["and this stays"]
    assert result.report.unused == {"deleted message": 1}


def test_the_shared_case_reads_as_expected() -> None:
    path = shared_case("18-whatsapp-ios/_chat.txt")
    result = read(path, Options(zone=BERLIN, day_first=True))
    assert texts(result) == ["who has a kiln?\nI need it on Saturday", "", "me @Lu Pan"]
    assert set(members(result)) == {"Lu Pan", "Bo"}
    assert mentioned(result, result.messages[2]) == {"Lu Pan"}
    assert result.report.unused == {"notice about encryption": 1}


@pytest.mark.parametrize(
    "text",
    ["no chat at all\n", "2024-03-05 21:14:03 Lu(10001)\nhello\n", "time,name,text\n2024-03-05,Lu,x\n", "",
     "05/03/2024\n06/03/2024\n", "[Verse 1] Lu: la la\n"],
)  # fmt: skip
def test_other_texts_are_not_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(text, encoding="utf-8")
    assert "whatsapp" not in [one.name for sure, one in recognised(open_container(path)) if sure >= 0.5]


def written(community: Community, ios: bool) -> str:
    """Room 0 of a community as a chat, with a notice that it is a group."""
    lines = (
        ["[2024/03/05, 11:00:00] 群: \u200e消息和通话已进行端到端加密。"]
        if ios
        else ["2024/03/05, 11:00 - x hat die Gruppe erstellt"]
    )
    for place, line in enumerate(community.lines):
        time = datetime.fromtimestamp(NOON, UTC) + timedelta(seconds=place if ios else 60 * place)
        at = f" @\u2068{community.people[line.mention]}\u2069" if line.mention is not None else ""
        name = community.people[line.author]
        if ios:
            lines.append(f"[{time:%Y/%m/%d, %H:%M:%S}] {name}: {line.text}{at}")
        else:
            lines.append(f"{time:%Y/%m/%d, %H:%M} - {name}: {line.text}{at}")
    return "\n".join(lines) + "\n"


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), ios=st.booleans())
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, ios: bool
) -> None:
    """People, words, times and mentions; WhatsApp carries no replies and one room a file."""
    path = tmp_path_factory.mktemp("chat") / "_chat.txt"
    path.write_text(written(community, ios), encoding="utf-8")
    result = read(path, SAID)
    assert not result.bad
    said = [(by(result, one), one.text, frozenset(mentioned(result, one))) for one in result.messages]
    assert said == [
        (
            community.people[line.author],
            line.text if line.mention is None else f"{line.text} @{community.people[line.mention]}",
            frozenset({community.people[line.mention]}) - {community.people[line.author]}
            if line.mention is not None
            else frozenset(),
        )
        for line in community.lines
    ]
    step = 1 if ios else 60
    assert [one.time for one in result.messages] == [(NOON + step * at) * 10**6 for at in range(len(said))]


SAMPLE = (
    "\u200e[13.04.24, 08:00:00] Pots: \u200eMessages and calls are end-to-end encrypted.\n"
    "[13.04.24, 08:01:00] Anna: hi\nso\n"
    "[13.04.24, 08:03:00] +49 151 2345678: me @\u2068Anna\u2069\n[13.04.24, 08:06:00] Jo: \u200eimage omitted\n"
).encode()  # fmt: skip


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(SAMPLE))
def test_a_spoilt_file_gives_rows_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("chat") / "_chat.txt"
    path.write_bytes(data)
    survives(path, "whatsapp")


def test_a_monstrous_line_and_a_monstrous_message_are_refused_alone(tmp_path: Path) -> None:
    text = f"13/03/2024, 08:00 - A: x\n{'y' * 3_000_000}\n13/03/2024, 08:01 - B: z\n"
    result = chat(tmp_path, text)
    assert (texts(result), len(result.bad)) == (["z"], 1)


def test_a_monstrous_first_line_is_refused(tmp_path: Path) -> None:
    result = chat(tmp_path, f"13/03/2024, 08:00 - A: {'y' * 3_000_000}\n13/03/2024, 08:01 - B: z\n")
    assert (texts(result), len(result.bad)) == (["z"], 1)
