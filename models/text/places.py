# ruff: noqa: E501 — a pattern is easier to check on one line
"""Names of places in English and Chinese, as patterns."""

from __future__ import annotations


def _words(text: str) -> str:
    return "|".join(sorted(text.split(), key=len, reverse=True))


PLACES_ZH = _words(
    "北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 天津 青岛 济南 大连 沈阳 长春 哈尔滨 石家庄 太原 郑州 洛阳 合肥 "
    "芜湖 南昌 长沙 福州 厦门 泉州 宁波 温州 绍兴 嘉兴 金华 无锡 常州 南通 扬州 徐州 昆山 东莞 佛山 珠海 中山 惠州 汕头 南宁 "
    "桂林 海口 三亚 贵阳 昆明 大理 丽江 拉萨 兰州 西宁 银川 乌鲁木齐 呼和浩特 安吉 义乌 景德镇 香港 澳门 台北 台中 高雄 河北 山西 辽宁 "
    "吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 内蒙古 "
    "台湾 新加坡 东京 大阪 京都 首尔 曼谷 清迈 吉隆坡 雅加达 巴厘岛 胡志明 河内 悉尼 墨尔本 奥克兰 伦敦 巴黎 柏林 慕尼黑 阿姆斯特丹 "
    "苏黎世 马德里 巴塞罗那 罗马 米兰 里斯本 都柏林 爱丁堡 纽约 旧金山 湾区 洛杉矶 西雅图 波士顿 芝加哥 多伦多 温哥华 蒙特利尔 迪拜 "
    "美国 英国 德国 法国 日本 韩国 加拿大 澳洲 澳大利亚 新西兰 荷兰 瑞士 瑞典 挪威 丹麦 芬兰 意大利 西班牙 葡萄牙 爱尔兰 比利时 奥地利 "
    "泰国 越南 马来西亚 印尼 菲律宾 印度 欧洲 北美 硅谷 魔都 帝都 江浙沪 长三角 珠三角"
)
PLACES_EN = (
    r"amsterdam|athens|atlanta|auckland|austin|bali|bangalore|bangkok|barcelona|beijing|belgrade|berlin|bogota|bogotá|boston|bristol"
    r"|brussels|bucharest|budapest|buenos aires|cairo|cape town|chengdu|chiang mai|chicago|cologne|copenhagen|dallas|delhi|denver"
    r"|dubai|dublin|edinburgh|frankfurt|geneva|guangzhou|hamburg|hangzhou|hanoi|helsinki|hong kong|istanbul|jakarta|johannesburg"
    r"|kuala lumpur|kyiv|kyoto|lagos|leipzig|lisbon|london|los angeles|lyon|madrid|manchester|manila|melbourne|mexico city|miami"
    r"|milan|montreal|moscow|mumbai|munich|nairobi|nanjing|new york|nyc|oakland|osaka|oslo|paris|philadelphia|porto|portland"
    r"|prague|riga|rome|rotterdam|san diego|san francisco|sao paulo|são paulo|seattle|seoul|shanghai|shenzhen|singapore|sofia"
    r"|stockholm|sydney|taipei|tallinn|tel aviv|tokyo|toronto|turin|utrecht|valencia|vancouver|vienna|vilnius|warsaw|wellington"
    r"|wuhan|zagreb|zurich|zürich|bay area|silicon valley|argentina|australia|austria|bangladesh|belgium|brazil|britain|bulgaria"
    r"|california|canada|chile|china|colombia|croatia|czechia|czech republic|denmark|egypt|england|estonia|ethiopia|finland|france"
    r"|germany|ghana|greece|hungary|iceland|india|indonesia|iran|ireland|israel|italy|japan|kenya|latvia|lithuania|malaysia|mexico"
    r"|morocco|nepal|netherlands|new zealand|nigeria|norway|pakistan|peru|philippines|poland|portugal|romania|russia|scotland|serbia"
    r"|slovakia|slovenia|south africa|south korea|korea|spain|sri lanka|sweden|switzerland|taiwan|tanzania|texas|thailand|tunisia"
    r"|turkey|uganda|ukraine|united kingdom|united states|usa|uk|uruguay|vietnam|wales"
)
