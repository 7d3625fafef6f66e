"""What somebody wrote in a mail: without what they quote, their signature, and what the list adds below.

Attributions and footers are recognised in English, German, French, Spanish, Portuguese, Italian, Dutch and Chinese.
"""

# ruff: noqa: E501

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTED = re.compile(r"^ ?[>＞]")
_WROTE = re.compile(
    r"(?:\b(?:wrote|writes|schrieb|escribi[óo]|escreveu|ha scritto|scrisse|schreef)|\ba écrit|写道|寫道|<[^<>\s]+@[^<>\s]+>)(?: [^:：\n]{1,200})?\s*[:：]\s*$",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(
    r"(?:,\s*|\bschrieb\s+|^)([^,<>\d:\n]{2,60}?)\s*(?:<[^<>\s]+>)?\s*(?:\([^()\n]*\)\s*)?(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|写道|寫道|:|：)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"^\s*(?:On|Am|Le|El|Em|No dia|Il|Op|在|于|於).{0,200}\d", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*(?:-{3,}\s*(?:Original Message|Ursprüngliche Nachricht|Originalnachricht|Message d'origine|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht|原始邮件|原始郵件|原邮件)\s*-{3,}"
    r"|-{5,}\s*(?:Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|Mensagem encaminhada|Messaggio inoltrato|转发的邮件|轉寄郵件|Forwarded by .{1,80})\s*-{5,}"
    r"|Begin forwarded message:|Anfang der weitergeleiteten (?:Nachricht|E-Mail):)\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^\*?(From|Sent|Date|To|Cc|Subject|Von|Gesendet|Datum|An|Betreff|De|Envoyé|À|Objet|Enviado(?: el)?|Para|Asunto|Assunto|Da|Inviato|A|Oggetto|发件人|发送时间|日期|收件人|抄送|主题)\*?\s?[:：]\*?\s",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(?:_{20,}|-{20,}|={20,}|(?:-=){5,}-?|You received this message because you are subscribed to .*|您收到此邮件是因为您订阅了.*|您之所以收到此邮件.*|您會收到這封郵件.*"
    r"|Sie erhalten diese Nachricht, weil .*|Vous recevez ce message,? (?:car|parce).*|Has recibido este mensaje porque .*|Você (?:recebeu|está recebendo) (?:essa|esta) mensagem porque .*"
    r"|Hai ricevuto questo messaggio perché .*|To unsubscribe from this (?:group|list).*)$",
    re.IGNORECASE,
)
_OF_A_LIST = re.compile(
    r"mailing.?list|listinfo|mailman|unsubscribe|abmelden|désabonn|désinscri|cancelar (?:la )?suscri|cancelar inscri|annulla l'iscrizione|groups\.io|googlegroups|退订|取消订阅|https?://\S*(?:/list|/group|/postorius|/hyperkitty|/info)",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^(?:Sent from (?:my|Mail for|Outlook for|Yahoo)\b.{0,60}|Get Outlook for \w+.{0,60}|Von meinem .{1,40} gesendet|Gesendet mit .{1,60}|Envoyé de mon .{1,40}|Envoyé depuis .{1,40}|Enviado desde mi .{1,40}"
    r"|Enviad[oa] do meu .{1,40}|Inviato da(?:l mio)? .{1,40}|发自我的\s?.{1,40}|從我的.{1,30}傳送|发自.{0,10}(?:手机|邮箱).{0,20})$",
    re.IGNORECASE,
)
_SCRUBBED = re.compile(r"^-{10,} next part -{10,}$")
_SCRUB_LINE = re.compile(
    r"^(?:An HTML attachment was scrubbed|A non-text attachment was scrubbed|An embedded .* was scrubbed|A message part incompatible|Name:|Type:|Size:|Desc:|URL:|Url ?:|<?https?://\S+>?$)",
    re.IGNORECASE,
)
_MOST_BELOW = 12  # lines of a footer or a signature


class OwnWords(NamedTuple):
    """What somebody wrote; the beginning of what they quote, and whose that is, as far as it is said."""

    text: str
    quoted: str = ""
    by: str = ""


def own_words(text: str) -> OwnWords:
    """The author's own words of a mail's text."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = _without_forwarded(_without_scrubbed(lines))
    kept, quoted, by = _without_quotes(_without_footer(lines))
    kept = _without_signature(kept)
    while kept and (not kept[-1].strip() or _DEVICE.match(kept[-1].strip())):
        kept.pop()
    return OwnWords(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip(), quoted, by)


def _without_quotes(lines: list[str]) -> tuple[list[str], str, str]:
    kept: list[str] = []
    first: list[str] = []
    by = ""
    for at, line in enumerate(lines):
        if not _QUOTED.match(line):
            kept.append(line)
            continue
        if not at or not _QUOTED.match(lines[at - 1]):
            said_by = _drop_attribution(kept)
            by = by or said_by
        if not first or (at and _QUOTED.match(lines[at - 1]) and len(first) < 20):
            first.append(_QUOTED.sub("", line).strip())
    if kept and not first:
        # The quotation itself was markup, and is gone: what introduces it stays at the end.
        by = _drop_attribution(kept)
    return kept, "\n".join(one for one in first if not one.startswith(">")).strip(), by


def _drop_attribution(kept: list[str]) -> str:
    """Takes "On 5 March, Lu Pan wrote:" from the end of what was kept, also where it fills three lines; by whom."""
    end = len(kept)
    while end and not kept[end - 1].strip():
        end -= 1
    for size in (1, 2, 3):
        begin = end - size
        if begin < 0 or not kept[begin].strip():
            return ""
        said = " ".join(line.strip()[:401] for line in kept[begin:end])
        if len(said) > 400 or not _WROTE.search(said):
            return ""
        before = kept[begin - 1].strip() if begin else ""
        if _BEGINS.match(said) or not before or size == 3:
            del kept[begin:]
            found = list(_WRITTEN_BY.finditer(said))
            return found[-1][1].strip() if found else ""
    return ""


def _without_forwarded(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if _ORIGINAL.match(line) or _is_block(lines[at : at + 5]):
            return lines[:at]
    return lines


def _is_block(lines: list[str]) -> bool:
    """Whether a mail's own head stands in the text: From, Sent, To, Subject."""
    found = [match[1] for line in lines if (match := _FIELD.match(line.strip()))]
    return bool(lines and _FIELD.match(lines[0].strip())) and len(set(found)) >= 3


def _without_footer(lines: list[str]) -> list[str]:
    """Without what lists add below: of one within another, as lists forward to lists, three at most."""
    for _ in range(3):
        below = range(len(lines) - 1, max(len(lines) - _MOST_BELOW, 0) - 1, -1)
        found = (at for at in below if _FOOTER.match(lines[at].strip()[:500]) and _is_of_list(lines[at:]))
        if (at := next(found, -1)) < 0:
            break
        lines = lines[:at]
    return lines


def _is_of_list(lines: list[str]) -> bool:
    return _OF_A_LIST.search("\n".join(line[:500] for line in lines)) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """Without what stands below "-- ", unless that is much."""
    below = found = 0
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].strip() == "--":
            found = len(lines) - at
        below += bool(lines[at].strip())
        if below > _MOST_BELOW:
            break
    return lines[: len(lines) - found]


def _without_scrubbed(lines: list[str]) -> list[str]:
    """Without what the archive of a list says in place of attachments."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if _SCRUBBED.match(lines[at]):
            at += 1
            while at < len(lines) and (not lines[at].strip() or _SCRUB_LINE.match(lines[at].strip())):
                at += 1
            continue
        kept.append(lines[at])
        at += 1
    return kept
