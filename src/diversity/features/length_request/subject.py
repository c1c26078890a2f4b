"""Whether a length is said of another thing than the answer: of a password that a program makes, of variable names.

The subject stands before the measure (密码不超过8个字符), behind it ("a 12-character password"), in the clause before
(生成一个密码，不少于8个字符), or is an "it" that means what was spoken of last.
"""

from __future__ import annotations

import re

from diversity.features.length_request.base import FINE
from diversity.text.patterns import compiled_later

# Hardly a text is so short, hardly a name longer: up to here an "it" that nothing in the text explains means a thing
# when it is counted in characters, and above it words and 字 are said of a text.
_SHORT = 30

_THING_ZH = (
    r"(?:密码|口令|密钥|秘钥|令牌|验证码|激活码|邀请码|字符串|(?:变量|函数|方法|类|列|表|字段|文件|用户|账户|键|域|主机|分支|"
    r"参数)名称?|网名|昵称|标识符|哈希值?|账号|短链接?)"
)
_TEXT_ZH = (
    r"(?:文章|文案|作文|短文|全文|正文|论文|故事|小说|邮件|书信|诗|歌词|报告|介绍|简介|总结|摘要|概述|概要|评论|影评|回答|回复|答案|"
    r"描述|说明|段落|句子|标题|题目|口号|标语|广告|微博|推文|朋友圈|演讲|稿|剧本|对话|简历|自述|祝福|贺词|通知|新闻|笑话|谜语|"
    r"台词|日记|留言|消息|翻译|译文|解释|文本|内容|帖子|信息)"
)
_SAID_ZH = (
    r"(?:的?(?:总|最大|最小)?(?:长度|字数|位数|字符数)|都|也|必须|应当?|该|须|需要?|要求?|请|得|不|可以?|能|会|在|为|是|至少|最[多少]|"
    r"大?约|只|有|保持|控制|限制|设[为置]?|定为|成为?|变[成为]|包含|由|[:：\s]){0,8}$"
)
_SUBJECT_ZH = compiled_later(_THING_ZH + _SAID_ZH)
_IT_ZH = compiled_later(r"(?:它们?|(?<!尤)其)" + _SAID_ZH)
_NOTHING_ZH = compiled_later("^" + _SAID_ZH)
_BEHIND_ZH = compiled_later(
    r"\s{0,4}长?的?(?:随机|强|安全|新|临时|复杂|唯一|简单|默认|英文|数字|的){0,3}"
    + _THING_ZH
    + r"\s*(?:$|[^\w\s]|\n|[和或并来吧给])"
)
_MADE_ZH = compiled_later(
    r"(?<![样何么])(?:生成|创建|设置?|起|取|想|制作|给我|需要|想要|弄|做|改)"
    r"(?:[出好成个新的\d一二两三四五六七八九十几位]|随机|安全|字符|数字|英文|字母){0,8}" + _THING_ZH + "$"
)
_NOUN_ZH = compiled_later(f"(?P<thing>{_THING_ZH})|{_TEXT_ZH}")
_WRITES_ZH = compiled_later(r"写|编|拟|译|概括|总结|缩|描述|介绍|解释|说明|回答|回复")

_THING_EN = (
    r"\b(?:passwords?|passphrases?|pass ?codes?|pins?|strings?|tokens?|hash(?:es)?|identifiers?|slugs?|usernames?|"
    r"nicknames?|(?:user|variable|file|column|function|method|class|field|table|branch|host|domain|account|screen)"
    r"[ -]?names?|headers?|urls?)\b"
)
_TEXT_EN = compiled_later(
    r"\b(?:essay|stor(?:y|ies)|poem|paragraph|article|summary|tweet|post|caption|title|headline|slogan|letter|e-?mail|"
    r"message|report|review|speech|description|answer|response|reply|text|paper|blog|note|introduction|bio|biography|"
    r"statement|sentence|haiku|song|lyrics|joke|ad|advert\w*|dialogue|abstract|memo|tagline|passage|translation|"
    r"explanation|outline|piece|copy|quote|bullet)s?\b",
    re.IGNORECASE,
)
_SAID_EN = (
    r"(?:\s+(?:length|that|which|should|must|can|could|needs?|has|have|had|to|be|is|are|contains?|of|with|at|least|most|"
    r"only|also|always|not|never|exceed|between|up|an?|total|will|shall|ought|may|cannot|consists?)){0,8}\s*$"
)
_SUBJECT_EN = compiled_later(_THING_EN + _SAID_EN, re.IGNORECASE)
_IT_EN = compiled_later(r"\b(?:it|they|them)\b" + _SAID_EN, re.IGNORECASE)
_BEHIND_EN = compiled_later(
    r"[\s-]{1,4}(?:long[\s-]{1,4})?(?:(?:random|secure|strong|new|unique|alphanumeric|temporary)\s{1,4}){0,3}"
    + _THING_EN,
    re.IGNORECASE,
)
_NOUN_EN = compiled_later(_THING_EN, re.IGNORECASE)
_WRITES_EN = compiled_later(
    r"\b(?:write|compose|summari[sz]e|describe|explain|rewrite|draft|shorten|condense|paraphrase|translate|answer)\b",
    re.IGNORECASE,
)


def said_of_thing_chinese(before: str, stem: str, clause: str, after: str, unit: str, size: int) -> bool:
    """Whether a measure of `size` units is said of another thing: `before` stands before it, of that `clause` back to
    the last mark, which is `stem` without the words of the relation; `after` follows."""
    if unit not in FINE or (unit != "characters" and size > _SHORT):
        return False
    if _SUBJECT_ZH.search(stem) or _BEHIND_ZH.match(after):
        return True
    earlier = before[: len(before) - len(clause)]
    if _NOTHING_ZH.match(stem) and _MADE_ZH.search(earlier.rstrip("，,、 ")):
        return True
    if not _IT_ZH.search(stem):
        return False
    # The last word of a Chinese phrase is its head: 一篇关于密码的文章 is a text.
    nouns = list(_NOUN_ZH.finditer(before))
    if nouns:
        return nouns[-1]["thing"] is not None
    return unit == "characters" and size <= _SHORT and not _WRITES_ZH.search(before)


def said_of_thing_english(before: str, stem: str, after: str, unit: str, size: int) -> bool:
    """The same for English, where `stem` reaches back to the start of the sentence."""
    if unit not in FINE or (unit != "characters" and size > _SHORT):
        return False
    if _SUBJECT_EN.search(stem) or _BEHIND_EN.match(after):
        return True
    if not _IT_EN.search(stem) or _TEXT_EN.search(before):
        return False
    if _NOUN_EN.search(before):
        return True
    return unit == "characters" and size <= _SHORT and not _WRITES_EN.search(before)
