"""Words that say nothing about a person, in English and Chinese, and the exceptions of the analyzer."""

from __future__ import annotations

_ENGLISH = """
a about above across actually after again against ago ah all almost alone along already also although always am
an and another any anybody anyone anything anyway anyways are aren't around as ask at away aww back be became
because become been before being below best better between both but by bye came can can't cannot cc come could
couldn't cool did didn't do does doesn't doing don't done down during each either else enough etc even ever
every everybody everyone everything exactly far few fine first for from further gave get gets getting give given
go goes going gone gonna good got gotta great guess guys had hadn't haha hahaha happen happened happens hard has
hasn't have haven't having he hello help her here hers herself hey hi him himself his hm hmm hmmm hope how
however i i'd i'll i'm i've ie if in indeed instead into is isn't it it'd it'll it's its itself just keep kind
kinda knew know known last later least less let let's lets like likely little lol long look looking looks lot
lots made make makes making many may maybe me mean means might mine more most mostly much must my myself need
needs never new next nice no nobody none nope nor not nothing now of off oh ok okay on once one ones only oops
or other others otherwise our ours ourselves out over own per perhaps please point possible pretty probably put
quite rather really right said same saw say saying says second see seem seems seen self several shall she should
shouldn't since so some somebody someone something sometimes somewhere soon sorry still stuff such sure take
taken takes than thank thanks that that's the their theirs them themselves then there there's therefore these
they they'd they'll they're they've thing things think thinking this those though thought three through thus
till time to today together tomorrow too took tried true try trying two u under unless until up upon ur us use
used using usually very via want wanted wants was wasn't way we we'd we'll we're we've well went were weren't
what what's whatever when where whether which while who whole whom whose why will with within without won't
wonder work works would wouldn't wow wrote wrong yeah year yep yes yesterday yet you you'd you'll you're you've
your yours yourself yup eg e.g i.e im ive dont doesnt didnt cant isnt thats youre theres wont btw imo imho afaik
iirc tbh fyi thx ty np pls plz http https www com org net html
"""

_CHINESE = """
的 了 是 在 和 与 及 或 也 都 就 还 又 很 太 更 最 不 没 没有 有 我 你 您 他 她 它 我们 你们 他们 她们 它们 咱们
大家 自己 这 那 这个 那个 这些 那些 这样 那样 这么 那么 这里 那里 这儿 那儿 这边 那边 这种 那种 每 每个 各 各位
某 某个 其 其他 其它 其实 其中 什么 怎么 怎样 怎么样 如何 为何 为什么 谁 哪 哪个 哪些 哪里 哪儿 几 多少 多 少 一
一个 一些 一下 一点 一样 一直 一起 一般 一定 一种 两 两个 三 个 些 次 种 位 把 被 让 给 对 对于 从 向 往 到 于
以 以及 以后 以前 之 之后 之前 之间 而 而且 但 但是 不过 然而 可是 虽然 因为 所以 因此 由于 如果 假如 要是 只要
只有 只是 只 除了 并 并且 并不 不是 不会 不能 不要 不用 不了 不知道 知道 可以 可能 能 能够 会 要 想 应该 需要
必须 得 地 着 过 来 去 上 下 里 中 内 外 前 后 时 时候 现在 今天 明天 昨天 刚才 刚刚 已经 正在 曾经 马上 再 再说
才 刚 便 即 则 将 当 当然 等 等等 比 比较 非常 特别 十分 真 真的 真是 好 好的 好像 好吧 好了 嗯 哦 噢 啊 呀 吧
吗 呢 嘛 哈 哈哈 哈哈哈 呵呵 嘿 喂 哎 唉 诶 额 呃 哇 啦 哟 行 对的 是的 是不是 有没有 可不可以 谢谢 感谢 多谢 请
请问 麻烦 不好意思 抱歉 对不起 没事 没关系 收到 辛苦 你好 您好 大家好 早 早上好 晚上好 晚安 再见 拜拜 欢迎 觉得
感觉 认为 以为 看 看看 看到 说 说是 听 听说 做 做的 用 使用 进行 通过 关于 根据 按照 作为 成为 东西 事 事情 人
有人 别人 有些 有点 有的 所有 任何 全部 整个 部分 情况 问题 方面 开始 最后 然后 接着 首先 其次 另外 此外 还是
还有 或者 或是 甚至 至少 至于 似乎 大概 左右 差不多 随便 反正 总之 到底 究竟 居然 竟然 果然 确实 的确 也许 或许
恐怕 是否 能否 这是 那是 就是 都是 也是 只能 还要 还能 还会 就会 就要 也会 也要 也有 都有 太多 很多 许多 不少
多个 之类 图片 表情 语音 链接 比如 例如 为了 以下 起来 来说 同时 通常 第一 第二 第三 有时 之中 当中
"""

# Spelled like plurals, but not plurals of anything.
_NOT_PLURALS = """
kubernetes pandas postgres rails jenkins windows devops aws gps sms dns tls ios macos css js ops news series species
always perhaps lens mars paris texas wales james charles thomas chess physics mathematics electronics economics
politics robotics logistics analytics ethics graphics statistics linguistics genetics athletics keras gas bias atlas
canvas https sales
"""

# Single characters that name something by themselves; others say too little.
_SINGLES = "猫狗鸟鱼马牛羊猪鸡茶酒书诗画琴棋歌舞剧戏病药医法税房车船山河海花草树田米汤糖盐菜果肉蛋瓷玉陶布纸笔墨禅佛儒"

# Words that the segmentation library's dictionary does not have, and without which it cuts wrongly.
_NEW_WORDS = """
前端 后端 全栈 运维 大模型 小程序 公众号 微服务 云原生 区块链 机器学习 深度学习
强化学习 推荐系统 开源 算力 众筹 社群 短视频 自媒体 播客 剧本杀 桌游 露营
飞盘 骑行 徒步 手冲 咖啡馆 副业 远程办公 数字游民 创业者 产品经理 天使投资 共创
共学 读书会 志愿者
"""

STOP_WORDS = frozenset(f"{_ENGLISH} {_CHINESE}".split())
UNFOLDED = frozenset(_NOT_PLURALS.split())
CHINESE_SINGLES = frozenset(_SINGLES)
NEW_WORDS = tuple(_NEW_WORDS.split())
