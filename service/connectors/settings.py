"""Tokens and addresses of platforms, from the environment: SLACK_BOT_TOKEN and so on. Never on a command line."""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.connectors.listening import ConnectorError

S = TypeVar("S", bound=BaseSettings)


class SlackSettings(BaseSettings):
    """SLACK_BOT_TOKEN (xoxb-…), SLACK_APP_TOKEN (xapp-…)."""

    model_config = SettingsConfigDict(env_prefix="SLACK_", frozen=True)

    bot_token: SecretStr
    app_token: SecretStr
    api_url: str = "https://slack.com/api/"


class DiscordSettings(BaseSettings):
    """DISCORD_TOKEN; DISCORD_SERVER_ID where the bot is in more than one server."""

    model_config = SettingsConfigDict(env_prefix="DISCORD_", frozen=True)

    token: SecretStr
    server_id: int | None = None
    api_url: str = "https://discord.com/api/v10"
    gateway_url: str = "wss://gateway.discord.gg/"


class MatrixSettings(BaseSettings):
    """MATRIX_HOMESERVER (https://matrix.example.org), MATRIX_ACCESS_TOKEN."""

    model_config = SettingsConfigDict(env_prefix="MATRIX_", frozen=True)

    homeserver: str
    access_token: SecretStr


class FeishuSettings(BaseSettings):
    """FEISHU_APP_ID, FEISHU_APP_SECRET, FEISHU_VERIFICATION_TOKEN, and FEISHU_ENCRYPT_KEY where events are encrypted.

    FEISHU_LISTEN is where callbacks arrive; Lark is FEISHU_API_URL=https://open.larksuite.com.
    """

    model_config = SettingsConfigDict(env_prefix="FEISHU_", frozen=True)

    app_id: str
    app_secret: SecretStr
    verification_token: SecretStr
    encrypt_key: SecretStr = SecretStr("")
    listen: str = Field(default="127.0.0.1:50580", pattern=r"^.+:\d{1,5}$")
    api_url: str = "https://open.feishu.cn"


def settings_of(kind: type[S]) -> S:
    """The settings of a platform. ConnectorError names the variables that are missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config["env_prefix"]
        wrong = [f"{prefix}{str(one['loc'][0]).upper()} ({one['msg']})" for one in error.errors()]
        raise ConnectorError(f"set in the environment: {', '.join(wrong)}; see docs/connectors.md") from None
