"""Systems that say nothing but that an assistant is an assistant: "You are a helpful assistant." in any wording."""

from __future__ import annotations

import re

from diversity.text.patterns import compiled_later

# A text of these words alone is a stock phrase: what an assistant is called, how it is praised, and that it answers.
_WORDS = (
    "you you're are a an the i am it is be being as and or that who which with for of in on to by from at your my "
    "their them they any all every each various always very while will can help helps assist assists provide "
    "provides give gives answer answers answering respond responds reply replies response responses question "
    "questions request requests query queries task tasks instruction instructions need needs information user users "
    "user's human humans people between chat conversation curious please possible best ability try assistant "
    "assistants chatbot bot robot model language large ai artificial intelligence intelligent virtual digital "
    "personal conversational general purpose role name chatgpt openai trained developed created designed helpful "
    "useful honest harmless respectful polite friendly professional smart kind knowledgeable reliable capable "
    "competent advanced powerful expert patient warm trustworthy accurate accurately correct correctly careful "
    "carefully detailed helpfully truthful truthfully safe safely appropriately appropriate good great efficient "
    "below describes write completes complete following follow"
)
_HAN_WORDS = (
    "你 您 是 我 一 个 個 名 位 款 种 種 的 地 得 和 与 與 并 並 且 而 为 為 能 够 夠 可以 会 會 以 作为 作為 请 請 "
    "将 將 在 对 對 给 給 出 由 根据 根據 按照 "
    "乐于助人 樂於助人 助人为乐 有用 有帮助 有幫助 有益 无害 無害 诚实 誠實 专业 專業 友好 友善 礼貌 禮貌 认真 認真 "
    "准确 準確 仔细 仔細 详细 詳細 优秀 優秀 出色 强大 強大 聪明 聰明 热心 熱心 热情 熱情 耐心 贴心 貼心 可靠 可信 "
    "尽职 负责任 高效 全能 万能 通用 博学 知识渊博 先进 虚拟 数字 私人 个人 在线 "
    "智能 智慧 人工 助手 助理 聊天 对话 對話 问答 問答 机器人 機器人 大 语言 語言 模型 回答 回复 回覆 解答 解决 解決 "
    "提供 帮助 幫助 帮忙 协助 協助 服务 服務 支持 完成 满足 滿足 尽力 盡力 尽可能 尽量 始终 总是 随时 "
    "用户 用戶 使用者 人类 人類 人们 他人 大家 问题 問題 提问 提問 需求 需要 要求 指令 任务 任務 信息 各种 各種 各类 "
    "任何 所有 一切"
)
# Which language an assistant has says nothing either, but "answer in Chinese" does: so these count before the word for
# an assistant alone, with what may stand between.
_HAN_LANGUAGES = (
    "(?:精通|擅长|熟悉|懂)?(?:(?:中英文?|双语|雙語|中文|英文|汉语|漢語|华语|英语|英語|普通话|国语|多语言|多语种|简体|"
    "繁体|繁體)[和与、/]?)+"
)
_LATIN_LANGUAGES = "(?:chinese|english|mandarin|bilingual|multilingual)"
_KEYS = "助手|助理|机器人|機器人|模型"
_HAN_BETWEEN = "的|大|AI|智能|智慧|人工|虚拟|语言|語言|对话|對話|聊天|问答|問答|通用|专业|[ ]"
_LATIN_BETWEEN = f"{_LATIN_LANGUAGES}|speaking|and|ai|large|language|virtual|digital|helpful|conversational"


def _pattern() -> str:
    """Any of the words, the longer ones first; punctuation and space between them."""
    latin = "|".join(re.escape(word) for word in sorted(_WORDS.split(), key=len, reverse=True))
    han = "|".join(sorted(_HAN_WORDS.split(), key=len, reverse=True))
    assistants = f"(?:{_HAN_BETWEEN}){{0,6}}(?:{_KEYS}|assistant|chatbot)"
    latin_assistants = rf"(?:[\s,/&-]+(?:{_LATIN_BETWEEN})){{0,6}}[\s-]+(?:assistant|chatbot|bot|model|ai)(?![A-Za-z])"
    return (
        rf"{_HAN_LANGUAGES}(?={assistants})|"
        rf"(?<![A-Za-z]){_LATIN_LANGUAGES}(?:[ -]speaking)?(?={latin_assistants}|{assistants})|"
        rf"(?<![A-Za-z])(?:{latin})(?![A-Za-z])|{han}|[\W_]+"
    )


_STOCK = compiled_later(_pattern(), re.IGNORECASE)
_LENGTH = 240


def is_stock(system: str) -> bool:
    """Whether a system says nothing but that an assistant is an assistant."""
    return len(system) <= _LENGTH and not _STOCK.sub("", system)
