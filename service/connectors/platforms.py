"""Which platforms can be listened to, and what each needs to be installed."""

from __future__ import annotations

from typing import Literal, TypeAlias

from service.connectors import settings
from service.connectors.listening import Connector, ConnectorError
from service.connectors.settings import settings_of

Platform: TypeAlias = Literal["slack", "discord", "matrix", "feishu"]


def connector(platform: Platform) -> Connector:
    """The connector of a platform. ConnectorError where its library or its settings are missing: says what to do."""
    try:
        return _connector(platform)
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is not installed; install it with: pip install 'yiqi[{platform}]'"
        raise ConnectorError(sentence) from None


def _connector(platform: Platform) -> Connector:
    # Each imports the library of its platform, and only that.
    match platform:
        case "slack":
            from service.connectors.slack import SlackConnector

            return SlackConnector(settings_of(settings.SlackSettings))
        case "discord":
            from service.connectors.discord import DiscordConnector

            return DiscordConnector(settings_of(settings.DiscordSettings))
        case "matrix":
            from service.connectors.matrix import MatrixConnector

            return MatrixConnector(settings_of(settings.MatrixSettings))
        case "feishu":
            from service.connectors.feishu import FeishuConnector

            return FeishuConnector(settings_of(settings.FeishuSettings))
