"""Words that WeChat and the tools that export it use: kinds of messages, accounts of the platform, placeholders."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "system", "silent", "voice", "title", "quote"]

# By the exporter's word or WeChat's number, with small letters.
KINDS: dict[Kind, str] = {
    "text": "1 文本 文本消息 文字 文字消息 粘贴的文本 text",
    "system": """
10000 10002 266287972401 系统 系统消息 系统通知 系统提示 撤回消息 撤回 消息撤回 拍一拍 拍一拍消息 邀请加群 添加好友
system sys notice recall pat
""",
    "silent": """
3 42 43 47 48 50 图片 图片消息 视频 视频消息 动画表情 表情 表情包 表情消息 用户上传的gif表情 位置 位置消息 位置共享
名片 名片消息 推荐公众号 文件 文件消息 文件(猜) 红包 红包消息 红包卡片 赠送红包封面 转账 转账消息 转账卡片
语音通话 视频通话 通话 通话消息 聊天记录 合并转发 合并转发的聊天记录 聊天记录合并转发 游戏相关
image picture photo video sticker emoji location file card call transfer forward
""",
    "voice": "34 语音 语音消息 语音转文字 voice audio",
    "title": """
链接 链接消息 卡片式链接 (分享)卡片式链接 图文消息 分享 小程序 小程序消息 小程序分享 (分享)小程序
音乐 音乐消息 音乐卡片 (分享)音乐 音乐分享 (分享)笔记 (分享)收藏夹 (分享)视频号视频 (分享)视频号名片
视频号 视频号直播 视频号直播卡片 群公告 接龙 link share music
""",
    "quote": "57 引用 引用消息 引用回复 244813135921 quote reply",
}
KIND_OF: dict[str, Kind] = {word: kind for kind, words in KINDS.items() for word in words.split()}

# Of an app message (49), by its sub type.
APP_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("1", "3", "4", "5", "24", "33", "36", "49", "51", "53", "63", "87", "92"), "title"),
    **dict.fromkeys(("6", "8", "17", "19", "50", "74", "2000", "2001", "2003"), "silent"),
    "57": "quote",
    "62": "system",
}

_SENDERS = """
系统 系统消息 系统通知 系统提示 system 微信团队 文件传输助手 服务通知 微信支付 订阅号消息
"""
SYSTEM_SENDERS = frozenset(_SENDERS.split())
# Accounts that are no person, by their ids; those of companies and feeds begin with gh_.
_IDS = """
weixin filehelper notifymessage newsapp fmessage medianote floatbottle qmessage qqmail tmessage mphelper
brandsessionholder service_notification 系统消息 系统
"""
SYSTEM_IDS = frozenset(_IDS.split())
MYSELF = frozenset(("我", "本人", "自己", "me", "myself"))
NOBODY = frozenset(("群成员", "未知", "未知用户", "未知发送者", "匿名", "unknown"))


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word.replace("~", " ") for word in listed.split())


# Placeholders, by what is to be taken of the line: nothing, a title that somebody chose to share, what somebody said.
SILENT = _words("""
动画表情 图片 图片消息 视频 视频消息 文件 文件消息 位置 位置消息 实时位置 位置共享 名片 名片消息 个人名片
聊天记录 合并转发 转发的聊天记录 红包 微信红包 红包封面 红包消息 转账 转账收款 微信转账 转账消息 收款
语音通话 视频通话 通话 通话消息 引用 引用消息 表情 表情包 表情消息 动图 GIF表情
其他消息 消息 系统消息 不支持的消息类型 解码失败
Sticker Photo Image Picture Video File Location Contact~Card Chat~History Red~Packet Transfer GIF Emoji Call
""")
TITLED = _words("""
链接 小程序 音乐 音乐分享 视频号 视频号直播 公众号 卡片消息 分享 图文 图文消息 笔记 群公告 接龙
Link Mini~Program Music
""")
VOICE = _words("语音 语音消息 语音转文字 Voice Voice~Message Audio")
PICTURES = _words("图片 图片消息 Photo Image Picture")

EMOTICONS = """
微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 酷 冷汗 抓狂 吐 偷笑 愉快 白眼
傲慢 饥饿 困 惊恐 流汗 憨笑 悠闲 大兵 奋斗 咒骂 疑问 嘘 晕 疯了 衰 骷髅 敲打 再见 擦汗 抠鼻 鼓掌 糗大了 坏笑
左哼哼 右哼哼 哈欠 鄙视 委屈 快哭了 阴险 亲亲 吓 可怜 菜刀 西瓜 啤酒 篮球 乒乓 咖啡 饭 猪头 玫瑰 凋谢 嘴唇
爱心 心碎 蛋糕 闪电 炸弹 刀 足球 瓢虫 便便 月亮 太阳 礼物 拥抱 强 弱 握手 胜利 抱拳 勾引 拳头 差劲 爱你 NO OK
爱情 飞吻 跳跳 发抖 怄火 转圈 磕头 回头 跳绳 投降 激动 乱舞 献吻 左太极 右太极 嘿哈 捂脸 奸笑 机智 皱眉 耶
吃瓜 加油 汗 天啊 Emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 發 福 烟花 爆竹 合十 庆祝
鸡 生病 破涕为笑 脸红 恐惧 失望 无语 囧 Smile Grimace Drool Scowl CoolGuy Sob Shy Silent Sleep Cry Awkward
Angry Tongue Grin Surprise Frown Blush Scream Puke Chuckle Joyful Slight Smug Drowsy Panic Sweat Laugh
Commando Determined Scold Shocked Shhh Dizzy Toasted Skull Hammer Wave Speechless NosePick Clap Trick Yawn
Shrunken TearingUp Sly Kiss Whimper Happy Sick Flushed Terror Duh Cleaver Watermelon Beer Coffee Pig Rose Wilt
Lips Heart BrokenHeart Cake Bomb Poop Moon Sun Hug ThumbsUp ThumbsDown Shake Peace Fight Salute Beckon Fist
Worship Hey Facepalm Smirk Smart Concerned Yeah! Onlooker GoForIt Sweats OMG Respect Doge NoProb MyBad Wow
Boring Awesome LetMeSee Sigh Hurt Broken Party Gift Packet Blessing Fireworks Firecracker
"""
