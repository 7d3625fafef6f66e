"""Everyday words that name no theme by themselves, however often they are said near one place.

They are no stop words: "paper" and "时间" tell what a text is about beside others. Where half of what is said near a
place uses one of them, it is what people talk of there after all ("music" in a choir).
"""

from __future__ import annotations

_ENGLISH = """
js tx app apps api ok id url ability able access account action activity addition address advantage advice age
agreement air amount announcement answer anybody approach area argument article aspect assumption attack attacker
attempt attention attribute audience available average base basis beginning behavior behaviour benefit bit block
board body bonus box branch bring broken browser budget bug button call capacity care case category cause challenge
chance change channel character check choice city claim class clean client close code comment common community
company comparison complete complexity component computer concept concern condition conclusion confirmation
confusion connection consequence consider content context control conversation copy correct cost count country
couple course create creation current custom damage danger data date deal death debate decade decision default
definition degree delay delete demand department depth description design detail developer development device
difference difficult difficulty direct direction discussion display distance distribution doc document door draft
drive duty earth edge edit editor effect effort element email end energy engineer entire entry environment equal
error estimate event evidence example exception exchange execution existence existing expectation expense experience
experiment expert explanation express extra face fact factor failure fair fall family fast fault fear feature
feedback feeling field fight figure file fine finish fix flag flow focus folder follow force form format forum
forward foundation framework free friend friends full function future gain gap general generate generation goal good
great ground group guess guide habit half hand happen hard head heart heavy help high history hold hole hope hour
house human idea identity image impact implementation importance important improvement incentive incident income
increase individual individuals industry influence info information input inside instance intention interest
internal issue item job join joint judge keep key kind knowledge label lack land language large launch law layer
lead learn legal lesson letter level library life light limit limitation line link list load local location logic
long loss love low machine mail main major majority management manager manner margin mark market mass master match
material matter meaning measure mechanism member memory mention message method middle mind minimum minor minute miss
mistake mode model moment money month monthly mood motivation move multiple name nation native nature necessary need
network news next node noise normal note notice notion number object objective objection observation offer office
official online open opening operation operator opinion opportunity option order orders organization original
outcome output outside overall overview owner package page paper parameter parent part participant partner party
password past path pattern payment people percent percentage performance period permission person perspective phase
phone phrase piece place plan plans platform player point policy population position possible post posts potential
power practical practice preference presence present price principle private prize problem procedure process product
professional profile profit program programs progress project promise proof property proposal protection public
publication purpose push quality quantity question questions queue quick quiet quote random range rate rates raw
reach reaction real reality reason recent record reduce reference region relation relationship release releases
remaining remark remove reply report repository request requirement research resource respect response
responsibility rest restriction result results return review revision reward right risk risks role room root rule
rules safe sale sample save scale scenario schedule scheme school scope score script search second section secure
security selection self sense sentence separate sequence series server service session set setting settings setup
shape share shared sharing sheet shift short side sign signal significant similar simple single site situation size
skill slow small society software solution sort sound source space speak special speech speed spend spot staff stage
standard start state statement static station statistic status step stop storage store story strategy street
strength stress string strong structure student study stuff style subject submit success sufficient suggestion
summary supply support surface survey switch symbol sync system systems table tag target task teacher team technical
technique technology term test tests text theme theory thought thread threat time times title today tool tools top
topic total touch track trade tradition traffic transfer translation trial trick trouble trust truth turn type types
unit universe update updates upgrade usage user users validity value values variable variant variation variety
version versions video view voice volume wait walk wall warning waste water way weak web website week weekly weight
wide wind window wish wonder word words work worker works workshop world write writer writing wrong year yearly
yesterday young
"""
_CHINESE = """
应用程序 程序 代码 时间 事情 东西 问题 方法 方式 情况 内容 部分 结果 原因 过程 开始 结束 建议 想法 经验 感觉 机会 地方
朋友 同学 老师 大家 时候 今年 去年 明年 生活 工作 学习 世界 国家 社会 公司 项目 产品 用户 信息 数据 文件 文章 链接
图片 视频 资料 工具 平台 系统 功能 版本 软件 网站 网络 手机 电脑 技术 团队 活动 群里 话题 主题 作品 作者 读者 文字
语言 中文 英文 城市 附近 价格 价值 质量 数量 水平 能力 努力 目标 计划 需求 需要 要求 条件 标准 选择 决定 变化 影响
关系 意义 意思 区别 好处 坏处 优点 缺点 特点 重点 细节 步骤 例子 例如 比如 案例 实践 理论 概念 模式 结构 环境 背景
未来 过去 现在 目前 最近 最后 首先 其次 同时 然后 以后 以前 之后 之前 期间 阶段 人员 成员 个人 别人 人们 孩子 老人
父母 家人 家里 公众 社区 群体 行业 领域 方面 方向 角度 位置 地址 号码 名字 标题 关键 核心 基础 整体 全部 大量 少量
简单 复杂 困难 容易 重要 必要 可能 正常 一般 特别 具体 实际 真实 完整 有效 正确 错误 失败 成功 发展 提高 提升 改进
优化 设计 开发 实现 使用 应用 操作 处理 管理 支持 帮助 解决 讨论 分享 交流 沟通 介绍 推荐 参考 了解 理解 掌握 研究
分析 测试 检查 更新 修改 增加 减少 添加 删除 创建 生成 返回 获取 提交 发布 显示 运行 执行 调用 加载 保存 打开 关闭
连接 输入 输出 参数 变量 函数 对象 元素 属性 类型 状态 事件 请求 响应 接口 初级 高级 中级 部门 板子 周末 材料
"""
GENERAL_WORDS = frozenset(f"{_ENGLISH} {_CHINESE}".split())
