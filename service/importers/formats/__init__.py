"""Every chat format that is read, and which of them a file is."""

from __future__ import annotations

from models.archive.container import ArchiveError
from service.importers.formats.dingtalk import DingTalk
from service.importers.formats.discord import Discord
from service.importers.formats.discourse import Discourse
from service.importers.formats.discourse_archive import DiscourseArchive
from service.importers.formats.feishu import Feishu
from service.importers.formats.matrix import Matrix
from service.importers.formats.mattermost import Mattermost
from service.importers.formats.mbox import Mbox
from service.importers.formats.qq import QQ
from service.importers.formats.qq_exporter import QQExporter
from service.importers.formats.slack import Slack
from service.importers.formats.telegram import Telegram
from service.importers.formats.wechat_chatlab import ChatLab
from service.importers.formats.wechat_chatlog import Chatlog
from service.importers.formats.wechat_memotrace import MemoTrace
from service.importers.formats.wechat_pywxdump import PyWxDump
from service.importers.formats.wechat_table import WeChatTable
from service.importers.formats.wechat_weflow import WeFlow
from service.importers.formats.whatsapp import WhatsApp
from service.importers.formats.zulip import Zulip
from service.importers.frame.container import Container
from service.importers.frame.format import Format

# One line a format; the order decides nothing.
FORMATS: tuple[Format, ...] = (
    Chatlog(),
    ChatLab(),
    MemoTrace(),
    PyWxDump(),
    WeChatTable(),
    WeFlow(),
    Discord(),
    Matrix(),
    Mattermost(),
    Slack(),
    Telegram(),
    Zulip(),
    DingTalk(),
    Discourse(),
    DiscourseArchive(),
    Feishu(),
    Mbox(),
    QQ(),
    QQExporter(),
    WhatsApp(),
)

ENOUGH = 0.5


def format_named(name: str) -> Format:
    """The format of a --format. ArchiveError when there is none of that name."""
    found = {one.name: one for one in FORMATS}
    if name not in found:
        raise ArchiveError(f"there is no format {name}; known are {', '.join(sorted(found))}")
    return found[name]


def recognised(files: Container) -> list[tuple[float, Format]]:
    """Formats that the files may be, the surest first."""
    sure = ((one.sure(files), one) for one in FORMATS)
    return sorted((pair for pair in sure if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name))
