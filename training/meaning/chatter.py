# ruff: noqa: E501 — a list of phrases is easier to read so
"""Small talk of every day, made of phrases and the things that they are about: it says nothing of what people do."""

from __future__ import annotations

import random
from collections.abc import Iterator

FILL = {
    "en": {
        "thing": "keys|phone|wallet|scarf|gloves|laptop cable|badge|lunch box|water bottle|sunglasses|headphones|jacket|notebook|pen|backpack|hat|earbuds|mug|locker key|ticket",
        "food": "pasta|pizza|soup|porridge|a banana|yesterday's rice|chips|an omelette|salad|pancakes|a bagel|ramen|toast|tacos|cake|ice cream|cereal|curry",
        "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|tomorrow|today|tonight|next week|this weekend",
        "place": "kitchen|hallway|car|bathroom|fridge|meeting room|bus|office|garage|bag|washing machine|lift|back room|garden|basement",
        "who": "my sister|the boss|my flatmate|the kids|somebody|the neighbour upstairs|my mum|everyone|the caretaker|the cat",
        "n": "two|three|five|ten|twelve|fifteen|twenty|forty",
    },
    "zh": {
        "thing": "手机|钱包|帽子|手套|数据线|工牌|饭盒|保温杯|墨镜|外套|笔记本|书包|门卡|雨衣|充电宝|口罩|剪刀|车票|门钥匙|围脖",
        "food": "米线|披萨|炒饭|粥|香蕉|剩饭|薯片|煎蛋|沙拉|煎饼|包子|拉面|吐司|火锅|蛋糕|冰淇淋|豆浆油条|咖喱饭",
        "day": "周一|周二|周三|周四|周五|周六|周日|明天|今天|今晚|下周|这周末",
        "place": "厨房|走廊|车里|卫生间|会议室|公交上|办公室|车库|包里|洗衣机|楼道|后屋|院子|地下室|沙发底下",
        "who": "我妹|老板|室友|孩子们|隔壁|楼下大爷|我妈|大家|物业|我家猫",
        "n": "两|三|五|十|十二|十五|二十|四十",
    },
}
PHRASES = {
    "en": (
        "I lost my {thing} again", "my {thing} turned up in the {place}", "whose {thing} is this in the {place}?", "did I leave my {thing} at yours",
        "left the {thing} at home, have to turn round", "somebody took my {thing} by mistake", "new {thing}, and already scratched", "the {thing} fell into the {place}, of course",
        "ate {food} in front of the screen", "{food} for dinner, can't complain", "who wants the rest of the {food}", "I could eat {food} every day", "I'll get {food} for {day}",
        "craving {food} right now", "bringing {food} {day}, any allergies?", "{day} already, where did the week go", "{day} feels endless", "is {day} a holiday or not",
        "can we move it to {day}?", "does {day} still work for everybody?", "I'm off on {day}", "see you all {day}", "no {day} for me, I'm ill", "{who} kept me up all night",
        "{who} says hello", "waiting for {who} since {n} minutes", "{who} locked the {place} again", "{who} is sleeping, typing quietly", "stuck in the {place} for {n} minutes",
        "the {place} smells funny today", "light in the {place} is broken once more", "who left the {place} open", "it is freezing in the {place}", "the {place} is so loud {day}",
        "{n} minutes late, sorry", "slept {n} hours, feel like a zombie", "{n} emails before breakfast, great", "waited {n} minutes in the rain", "train cancelled, back in {n} minutes",
        "only {n} percent battery left", "it's been raining for {n} days", "what a sunny {day}", "could somebody let me in, I'm at the door", "can anyone turn the heating down",
        "does somebody have a plaster", "who feeds the fish {day}", "anyone free to hold the door {day}", "who has the key to the {place}?", "ha, same at mine", "so true",
        "yes please", "no worries", "aww thanks", "that made my day", "get well soon!", "happy {day} everyone", "good to see you all", "I need a holiday", "too early for this",
        "need more coffee before I can answer", "is it just me or is it cold", "traffic is terrible {day}", "my {thing} died", "the {thing} is in the {place} now", "forgot the {thing}, back in {n}",
        "parcel for {who} is at mine", "the lift stopped between floors again", "sirens outside all night", "power is back, finally", "the wifi in the {place} is dead",
    ),
    "zh": (
        "我{thing}又不见了", "{thing}原来在{place}", "这{thing}谁的，落{place}了", "我的{thing}是不是忘你那儿了", "{thing}没带，掉头回家", "谁拿错我{thing}了", "新{thing}，第一天就刮花了",
        "{thing}掉{place}里了，服了", "对着屏幕吃了{food}", "晚饭{food}，挺好", "剩下的{food}谁要", "{food}我能天天吃", "{day}我买{food}", "突然好想吃{food}", "{day}带{food}，有忌口吗",
        "这就{day}了，时间去哪了", "{day}真难熬", "{day}放不放假啊", "改到{day}行吗", "{day}大家还行吗", "我{day}休息", "{day}见", "{day}去不了，病了", "{who}吵得我一晚没睡",
        "{who}向大家问好", "等{who}等了{n}分钟", "{who}又把{place}锁了", "{who}睡着了，我小声打字", "堵在{place}{n}分钟", "今天{place}有股怪味", "{place}的灯又坏了", "谁没关{place}的门",
        "{place}冷死了", "{day}{place}好吵", "晚{n}分钟，抱歉", "就睡了{n}个小时，人废了", "早饭前{n}封邮件，绝了", "雨里等了{n}分钟", "车取消了，{n}分钟后回", "电量只剩百分之{n}",
        "下了{n}天雨了", "{day}天气真好", "谁给我开下门，在门口", "暖气能不能关小点", "谁有创可贴", "{day}谁喂鱼", "{day}谁能帮忙看下门", "{place}的钥匙在谁那", "哈，我也一样", "太真实了",
        "好呀", "没事没事", "谢谢谢谢", "笑死", "早日康复", "{day}快乐各位", "看到你们真开心", "想放假", "太早了起不来", "先喝咖啡再说", "是我一个人冷吗", "{day}堵成狗", "{thing}没电了",
        "{thing}先放{place}了", "忘拿{thing}，{n}分钟回来", "{who}的快递在我这", "电梯又卡住了", "外面警报响了一夜", "来电了终于", "{place}的网断了",
    ),
}  # fmt: skip
EACH = 5  # fillings of a phrase


def phrases(seed: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Each phrase by number, filled a few times."""
    draw = random.Random(seed)
    for language, said in PHRASES.items():
        words = {slot: some.split("|") for slot, some in FILL[language].items()}
        for number, phrase in enumerate(said):
            yield number, sorted({phrase.format(**{s: draw.choice(f) for s, f in words.items()}) for _ in range(EACH)})
