"""What WhatsApp itself writes into a chat, in the phone's language: notices, placeholders, marks.

English, Chinese, German, Spanish, Portuguese, French and Italian. Wordings of notices are general knowledge where
formats.whatsapp does not say where they were read.
"""

# ruff: noqa: E501

from __future__ import annotations

import re

UNSEEN = "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_UNSEEN = re.compile(f"[{UNSEEN}]")
_EXTENSION = r"\.\w{2,5}"

ENCRYPTED = re.compile(
    r"(?:messages|your messages|messages and calls|messages to this (?:group|chat)) .{0,40}(?:end-to-end encrypt|now secured)"
    r"|消息和通话已进行端到端加密|[訊信]息[與与和]通[話话].{0,6}端.{0,2}端|Ende-zu-Ende-verschl"
    r"|cifrados? de extremo a extremo|criptografia de ponta a ponta|encriptad\w+ ponto a ponto"
    r"|chiffrée?s? de bout en bout|crittografati? end-to-end",
    re.IGNORECASE,
)
DELETED = re.compile(
    r"(?:this message (?:was|has been) deleted(?: by admin .{1,60})?|you deleted this message(?: as admin)?|message deleted"
    r"|diese nachricht wurde (?:von .{1,60} )?gelöscht|du hast diese nachricht gelöscht"
    r"|(?:se )?eliminó este mensaje|este mensaje fue eliminado|(?:se )?elimin(?:ó|aste) este mensaje|mensaje eliminado"
    r"|(?:essa|esta) mensagem foi (?:apagada|eliminada)|mensagem apagada|(?:você )?apag(?:ou|aste|ada) (?:essa|esta) mensagem|eliminou esta mensagem"
    r"|ce message a été supprimé|vous avez supprimé ce message|message supprimé"
    r"|questo messaggio è stato eliminato|hai eliminato questo messaggio"
    r"|(?:这条|此)消息已(?:被)?删除|您?你?已?删除了?(?:这条|此)消息|此訊息已(?:被)?刪除|[你您]已?刪除了?此訊息)[.。]?",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:(?:missed |silenced |unanswered )?(?:voice|video|group voice|group video|group) (?:call|chat)|no answer"
    r"|(?:verpasster? )?(?:sprach|video|gruppen)anruf|llamada(?: perdida)?|videollamada|chamada|ligação|videochamada"
    r"|appel (?:vocal|vidéo|manqué)|chiamata|videochiamata|未接(?:语音|视频|來電|来电|語音|視訊)\w*|(?:语音|视频|語音|視訊)通[话話])"
    r"(?:\b|(?<=[话話])).{0,60}",
    re.IGNORECASE,
)
_THING = (
    r"(?:media|image|photo|picture|video|video note|video message|voice message|audio|sticker|gif|document|contact card|view once \w+(?: message)?"
    r"|medien|bild|foto|dokument|kontaktkarte|sprachnachricht|videonachricht"
    r"|multimedia|archivo|imagen|vídeo|documento|tarjeta de contacto|nota de vídeo|nota de video"
    r"|mídia|multimédia|ficheiro(?: multimédia)?|arquivo(?: de mídia)?|imagem|áudio|figurinha|autocolante|cartão d[eo] contato|cartão d[eo] contacto"
    r"|médias?|vidéo|fiche contact|fichier|carte de contact"
    r"|immagine|scheda contatto|contatto|file multimediale)"
)
_GONE = (
    r"(?:omitted|weggelassen|ausgelassen|ausgeschlossen|nicht enthalten|omitid[oa]s?|omess[oaie]|esclus[oaie]|non inclus[oa]"
    r"|ocultad[oa]s?|ocult[oa]s?|não revelad[oa]|omis(?:es?)?|absente?s?|retirée?s?|non inclus)"
)
_OMITTED = re.compile(
    rf"<?{_THING} {_GONE}>?|.{{1,150}}\s(?:document|dokument|documento) {_GONE}"
    r"|<?已?(?:省略|忽略|略去)\S{1,10}?>?|<?\S{1,6}已(?:省略|忽略|略去)>?",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?:live location shared|live location|location|standort|live-standort|ubicación|localização|localisation|position|posizione|位置|實時位置|实时位置)"
    r"(?:\s*[:：]\s*https?://\S+| shared.*)?",
    re.IGNORECASE,
)
# iOS: <attached: 0001-PHOTO.jpg>. Android: IMG-0001.jpg (file attached).
_ATTACHED = re.compile(rf"<[^<>:：\n]{{2,30}}[:：]\s*[^<>\n]{{1,200}}{_EXTENSION}>")
_DOCUMENT = re.compile(rf"^[^\n•]{{1,200}}{_EXTENSION} • [^\n<]{{1,40}}(?=<|$)")
_FILE = re.compile(
    rf"^[^\n]{{1,200}}?{_EXTENSION} \((?:file attached|Datei angehängt|archivo adjunto|arquivo anexado|ficheiro anexado|fichier joint"
    r"|file allegato|文件附件|附件|档案已附加|檔案已附加|已附加檔案|已附加文件)\)\n?",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s*<?\s*(?:this message was edited|diese nachricht wurde bearbeitet|(?:se )?editó este mensaje|mensaje editado|mensagem editada"
    r"|(?:esta|essa) mensagem foi editada|ce message a été modifié|questo messaggio è stato modificato|(?:这条|此)消息已(?:被)?编辑|此訊息已(?:被)?編輯)[.。]?\s*>\s*$",
    re.IGNORECASE,
)
_POLL = re.compile(r"^(?:POLL|UMFRAGE|ENCUESTA|ENQUETE|SONDAGE|SONDAGGIO|投票)[:：]\s*\n", re.IGNORECASE)
_OPTION = re.compile(
    r"^(?:OPTION|OPCIÓN|OPÇÃO|OPZIONE|选项|選項)[:：]\s*(.*?)\s*\(\d+ [^()\n]{1,20}\)$", re.IGNORECASE | re.MULTILINE
)

# What a notice is about, in plain English; the first that is found.
_NOTICES = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("notice about encryption", ENCRYPTED.pattern + r"|security code .{0,40}changed|sicherheits(?:nummer|code)|código de seguran?[çz]|code de sécurité|codice di sicurezza|安全代?码"),
        ("joined the group", r"\bjoined\b|beigetreten|se unió|te uniste|entrou|a rejoint|(?:è|sei) entrat|si è unit|加入了?(?:群|此群)|使用此群"),
        ("left the group", r"\bleft\b|hat die gruppe verlassen|salió|saíste|saiu|a quitté|est partie?|ha abbandonato|è uscit|退出了?(?:群|此群)|已離開"),
        ("was removed from the group", r"\bremoved\b|entfernt|eliminó a|expulsó|removeu|a retiré|ha rimosso|移除了|已移除|移出"),
        ("was added to the group", r"\badded\b|hinzugefügt|añadió|agregó|adicion|a ajouté|été ajouté|aggiunt|添加了|已新增|加入到|新增了|邀请"),
        ("created the group", r"created (?:this |the )?(?:group|community)|gruppe .{0,80}erstellt|creó (?:el |este )?grupo|criou (?:o |este )?grupo|a créé (?:le |ce )?groupe|ha creato (?:il |questo )?gruppo|创建了?(?:此|本|群)|建立了?(?:此|本|群)"),
        ("changed the group", r"changed (?:the|this|their)|geändert|cambió|mudou|alterou|a (?:modifié|changé)|ha (?:cambiato|modificato)|更改了|变更|變更|修改了|設定|设置"),
        ("is an administrator now or no more", r"\badmins?\b|administra"),
        ("changed their phone number", r"phone number|neue nummer|número de tel|numéro de tél|numero di telefono|电话号码|電話號碼"),
        ("notice about disappearing messages", r"disappearing|selbstlösch|mensajes temporales|mensagens temporárias|éphémères|effimeri|限时消息|限時訊息"),
        ("pinned a message", r"pinned a message|angeheftet|fijó|fixou|a épinglé|ha fissato|置顶|置頂|釘選"),
        ("call", _CALL.pattern),
    )
)  # fmt: skip
_OF_GROUPS = frozenset((
    "joined the group", "left the group", "was removed from the group", "was added to the group", "created the group",
    "changed the group", "is an administrator now or no more",
))  # fmt: skip
# On Android a notice may hold ": ", and what stands before it looks like a name then.
NOTICE_IN_NAME = re.compile(
    r"\b(?:changed the (?:subject|group|description|settings)|created group|changed this group|added|removed)\b"
    r"|hat (?:den betreff|die gruppe)|cambió (?:el asunto|el nombre)|mudou o (?:nome|assunto)|alterou o nome"
    r"|a changé (?:l'objet|le nom|le sujet)|ha cambiato l'oggetto|更改了?群|变更了?群",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:WhatsApp Chat (?:with|-|mit)|Chat de WhatsApp con|Conversas? (?:do|no) WhatsApp com|Discussion WhatsApp avec|Chat WhatsApp con)\s*(.+)"
    r"|[与與](.+?)的\s*WhatsApp\s*(?:聊天|對話)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Text without the characters that only direct it."""
    return _UNSEEN.sub("", text)


def chat_named(file: str) -> str:
    """The chat in the name of a file ("WhatsApp Chat with Pots"), "" where it names none."""
    found = _NAMES.search(file)
    return (found[1] or found[2]).strip() if found else ""


def notice_of(text: str) -> str:
    """What a notice is about, "" where that is not known."""
    return next((kind for kind, pattern in _NOTICES if pattern.search(text)), "")


def of_groups(notice: str) -> bool:
    """Whether such a notice is found in groups only."""
    return notice in _OF_GROUPS


def is_call(text: str) -> bool:
    return _CALL.fullmatch(text) is not None


def is_placeholder(line: str) -> bool:
    """Whether a line stands for something that is no text."""
    return bool(_OMITTED.fullmatch(line) or _SHARED.fullmatch(line) or line == "null")


def own_words(text: str) -> str:
    """What somebody wrote, without what stands for pictures and files, and without the mark of an edit."""
    text = _EDITED.sub("", text)
    text = _DOCUMENT.sub("", _ATTACHED.sub("", _FILE.sub("", text)))
    first, _, rest = text.partition("\n")
    if is_placeholder(first.strip()):
        text = rest
    else:
        last = text.rpartition("\n")[2]
        text = text.removesuffix(last) if is_placeholder(last.strip()) else text
    if _POLL.match(text):
        text = _OPTION.sub(r"\1", _POLL.sub("", text))
    return text.strip()
