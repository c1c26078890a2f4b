"""What a system prompt asks for that an answer can be held against: language, form, names, words, facts.

A system text is cut into sentences and clauses. Each pattern says what is asked; whether it is forbidden is read from
the clause, whether it only holds in some cases ("if", "遇到") from the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from diversity.features.length_request import parse_requests
from diversity.features.system_scope import STATED, Scope, read_scope
from diversity.text.patterns import compiled_later

# Longer systems are read this far: what stands after so much is reference material, not a request.
READ = 6_000
MOST_OF_A_KIND = 12

# Material, and ways that not every answer has occasion for: an answer without them says little.
SOMETIMES = frozenset(
    {
        "name",
        "figure",
        "scope",
        "honorific",
        "analogy",
        "steps",
        "markdown",
        "comfort",
        "refer",
        "iso_date",
        "british",
        "contradict",
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked for. `value` says what exactly (a language, a word, a number), "" where the kind says it all;
    `about` holds the subject of a scope."""

    kind: str
    value: str = ""
    forbidden: bool = False
    conditional: bool = False
    about: Scope | None = None

    @property
    def sometimes(self) -> bool:
        """Whether it only holds in some cases, so that an answer that does not keep it says little."""
        return self.conditional or self.kind in SOMETIMES

    @property
    def code(self) -> str:
        """`kind`, `kind:value` or `not:kind:value`, as stored reports hold it."""
        code = f"{self.kind}:{self.value}" if self.value else self.kind
        return f"not:{code}" if self.forbidden else code


LANGUAGES = {
    "zh-Hant": "繁體中文|繁体中文|繁體|繁体|正體中文|Traditional Chinese",
    "zh": "简体中文|简体|中文|汉语|普通话|Simplified Chinese|Chinese|Mandarin",
    "en": "英文|英语|英語|English",
    "ja": "日文|日语|日語|Japanese",
    "ko": "韩文|韩语|Korean",
    "fr": "法文|法语|French",
    "de": "德文|德语|German",
    "es": "西班牙文|西班牙语|西语|Spanish",
    "ru": "俄文|俄语|Russian",
}
_NAMED = "|".join(LANGUAGES.values())
_LANGUAGE = compiled_later(
    rf"""(?:用|使用|以|说|讲|写成|译成|翻译成|翻译为|输出|输出为|语言[:：为是]?|必须是|一律|都|全部|只)\s?(?P<zh>{_NAMED})
    (?!名|单词|词汇|术语|缩写|字母|老师|教师|文学|标点|注释|夹)
    |(?:\b(?:answer|respond|reply|repl(?:y|ies)|write|speak|output|say|communicate|responses?|answers?)\b[^.\n]{{0,50}}?\b(?:in|into)\s
    (?:\w+\s)?|\buse\s(?:only\s)?|^\s*in\s)(?P<en>{_NAMED})\b(?!\s(?:teacher|words|grammar|literature|names|comments))""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_ANY_LANGUAGE = compiled_later(
    r"chosen by|user'?s language|same language|language (?:of|used by) the user|用户(?:所)?(?:使用|选择)的语言|"
    r"相同的?语言|such as",
    re.IGNORECASE | re.ASCII,
)
_BOTH = compiled_later(
    r"中英(?:双语|文?对照|文?都)|双语|\bbilingual|both (?:English and Chinese|Chinese and English)",
    re.IGNORECASE | re.ASCII,
)

_ONLY = r"(?:只需?要?|仅|(?<!不)(?<!要)直接)(?:能|可以?|许|允许)?(?:输出|给出|返回|回答|回复|回|写|提供|说|用)"
_ASK = r"\b(?:output|return|reply|respond|answer|give|write|print|provide|say)\b"
# kind → how it is asked for. Language, quotations, names, labels and figures are read apart, below.
_PATTERNS: dict[str, str] = {
    "json": r"\bJSON\b",
    "yaml": r"\bYAML\b",
    "csv": r"\bCSV\b",
    "table": r"表格(?!文件)|列表格|\b(?:in|as|into|use|with|using) an? (?:\w+ )?table\b|\bmarkdown tables?\b|"
    r"\btable format",
    "list": r"列表|分点|逐条|分条|条列|要点|编号|项目符号|bullet|numbered|\blist (?:format|items|form)|\b(?:as|"
    r"in) an? (?:\w+ )?list\b",
    "steps": r"分步|步骤|第一步|\bsteps?\b(?! by)|step[- ]by[- ]step",
    "code_only": rf"{_ONLY}[^，。,.]{{0,8}}(?:代码|SQL|命令|脚本|正则)|\bonly (?:the |with )?(?:\w+ )?(?:code|sql|"
    rf"query|command)\b|"
    rf"\bcode only\b|(?:just|only) {_ASK} [^.,]{{0,20}}(?:code|sql|query)",
    "label_only": rf"{_ONLY}[^，。,.:：]{{0,10}}(?:标签|结果|答案|数字|字母|类别|名称|一个[字词]|“是”|是或否|选项|"
    rf"译文|关键词)|"
    r"\b(?:a )?(?:single|one) (?:word|letter|number|label)\b|\b(?:label|answer|number|word|result|name)s? (?:alone|"
    r"only)\b|"
    r"\bonly (?:with )?(?:the|a|one) (?:\w+ )?(?:label|answer|number|category|result|word|letter|translation)|"
    r"\byes or no\b|nothing else|从.{0,12}选(?:出|择)?一|选择?一个(?:作答|回答|输出)|\bchoose (?:exactly )?one\b|"
    r"\bwith (?:the|a) letter\b|"
    r"惜字如金|不写句子|\bfew words\b|\bterse",
    "markdown": r"Markdown|加粗|小标题|\bheadings?\b|\bbold\b",
    "paragraph": r"[用以写]?(?:一|单)(?:个)?(?:自然)?段(?:话|落|文字)?(?:说|写|回答|作答|完成|内|以内|$|，)|"
    r"\b(?:one|a single|single|one short) paragraph\b",
    "lowercase": r"全部?小写|小写字母|\blower ?case\b|\bno capital",
    "uppercase": r"全部?大写|大写字母|\bupper ?case\b|\ball caps\b|\bcapital letters\b",
    "emoji": r"表情|emoji|颜文字",
    "question": r"反问|追问|(?<!用户的)(?<!用户)(?<!提出的)提问(?!者|的)|(?:以|用).{0,6}问(?:题|句)?(?:来)?(?:结尾|"
    r"结束|引导)|"
    r"引导.{0,10}(?:思考|回答|得出)|问一个问题|\bclarifying|\bwith a question\b|\bask .{0,40}question|Socratic|"
    r"guid(?:e|ing) .{0,30}question|苏格拉底",
    "hint": r"不要?(?:直接)?(?:给出?|告诉|说出).{0,8}(?:答案|结果)|只给.{0,4}提示|\bhints?\b|"
    r"\b(?:never|don't|do not) (?:give|reveal|tell) .{0,20}(?:answer|solution|result)",
    "honorific": r"敬[称语]|尊称|[“\"「]您[”\"」]|用您|称.{0,6}为?您",
    "verse": r"(?:用|以|写成|押)(?:[^，。]{0,8})(?:诗|韵|顺口溜|打油)|押韵|\brhym(?:e|ed|ing)\b|\bin verse\b|"
    r"\b(?:as|in) a (?:haiku|poem|limerick|sonnet)|\bhaikus?\b|\bcouplets?\b",
    "analogy": r"比喻|比方|类比|\banalog(?:y|ies)\b|\bmetaphors?\b",
    "no_exclamation": r"(?:不要?|禁止|避免|不得|勿)(?:使用)?(?:感叹号|叹号)|\b(?:never|don't|do not|avoid|"
    r"no) (?:use |using )?exclamation",
    "no_letters": r"(?:不|禁止|勿|避免).{0,8}英文(?:字母|单词|词)?|全中文",
    "hashtag": r"话题标签|#话题|\bhashtags?\b",
    "comfort": r"安慰|安抚|共情|同理心|\bcomfort|\bempath",
    "refer": r"(?:建议|提醒|引导|请).{0,8}(?:咨询|就医|联系|求助)|\brefer (?:the )?\w+ to\b|\b(?:see|consult|"
    r"ask) (?:a|their|your) \w+",
    "code": r"(?:不要?|禁止|避免|勿).{0,10}代码|\b(?:never|don't|do not|without|no) (?:\w+ ){0,3}code\b",
    "contradict": r"反对意见|反方|反驳|唱反调|质疑|\bdisagree|devil'?s advocate|\bcounter-?argu",
    "restate": r"复述|重复(?:一遍)?(?:用户|对方)?的?(?:问题|提问)|\brestate|\brepeat (?:back )?the .{0,10}question",
    "iso_date": r"YYYY|\bISO(?: 8601)? (?:format|dates?)|\bin ISO\b",
    "british": r"\bBritish (?:English|spelling)",
    "scope": STATED,
}
# Ways of speaking that leave words behind: how they are asked for; the words stand with the checks.
VOICES = {
    "classical": r"文言|古文(?!字|物)|半文半白|之乎者也|古人的?口吻",
    "pirate": r"\bpirate|海盗",
    "archaic": r"Shakespeare|\bthou\b|medieval|old english|\bknight",
    "cowboy": r"\bcowboy|\bTexan|\bwestern drawl",
    "sailor": r"nautical|\bsailor|航海|水手|大副",
    "northeast": r"东北(?:话|大哥|大姐|口音|腔|味)",
    "sichuan": r"(?:四川|重庆|川)(?:话|口音|妹子)",
    "cantonese": r"粤语|广东话|Cantonese",
    "slang": r"网络(?:用语|流行语|梗)|\bslang\b|\bGen ?Z",
}
_PATTERNS |= {f"voice:{voice}": pattern for voice, pattern in VOICES.items()}
# ASCII: `\b` then stands between a Chinese character and a Latin word, as in 以JSON格式, too.
_FLAGS = re.IGNORECASE | re.ASCII
_COMPILED = {kind: compiled_later(pattern, _FLAGS) for kind, pattern in _PATTERNS.items()}

# "e.g. this" ends no sentence.
_SENTENCE = compiled_later(r"[。！？!?；;\n]+|(?<!\be\.g)\.(?=\s|$)", re.ASCII)
_CLAUSE = compiled_later(r"[，,]|\b(?:and|but|instead)\b|并且|而且|但是?|而是")
_FORBIDDEN = compiled_later(
    r"不要|不得|不能|不可|不许|不准|不允许|禁止|避免|切勿|勿|别|不使用|不用|不带|不加|不出现|\bdo not\b|\bdon'?t\b|"
    r"\bnever\b|\bavoid\b|\bwithout\b|"
    r"\bmust not\b|\bshould not\b|\bno\b(?! more than)",
    re.IGNORECASE | re.ASCII,
)
_CONDITIONAL = compiled_later(
    r"如果|若|假如|要是|倘若|当.{0,24}?(?:时|的时候)|遇到|遇上|碰到|凡|涉及|一旦|(?<!之类)的话|\bif\b|\bwhen(?:ever)?\b|"
    r"\bin case\b|\bunless\b|\bshould the user\b",
    re.IGNORECASE | re.ASCII,
)
_QUOTED = compiled_later(r"“([^”\n]{1,80})”|「([^」\n]{1,80})」|『([^』\n]{1,80})』|\"([^\"\n{}:]{2,80})\"")
_MASK = compiled_later("\x01(\\d+)\x01")
# Quotations in a row, and what makes them a choice of examples: what leads to them or what follows.
_LISTED = compiled_later(
    r"(?P<lead>(?:\b(?:like|such as|e\.g\.?|for example|for instance)|例如|比如|譬如|诸如|类似于?|好像|[如像])"
    r"[ ,，:：]{0,2})?\x01\d+\x01(?:(?:[ ,，、;；/]|\b(?:and|or)\b|[和或与及]|或者|以及){0,4}\x01\d+\x01){0,40}"
    r"(?P<tail>[ ,，、.]{0,3}(?:\betc\b|\band (?:so on|the like)\b|\bor (?:something )?similar\b|等|之类|这类|这样的|"
    r"诸如此类))?",
    re.IGNORECASE | re.ASCII,
)
_LABEL = compiled_later(
    r"(?:^|[\n；;，,：:]|\x01)\s*[-*#\d.、【\[]*\s*([^\W\d_][^\s:：，。,.\x01【】\[\]“”\"]{0,7}|"
    r"[A-Z][\w ]{1,20})[】\]]?\s*[:：](?!//)"
)
_FORMAT = compiled_later(r"格式|模板|结构|\bformat|\btemplate|\bstructure", re.IGNORECASE | re.ASCII)
_HAN_NAME = compiled_later(
    r"(?:你叫|名叫|名字(?:是|叫|为)|叫做|叫作|名为|昵称[:：是为]?|姓名[:：是为]?|自称(?:为)?|化名|称呼?(?:对方|"
    r"用户|我|顾客|客户)为?|自己是|自称是)\s?[“\"「『]?"
    r"([\u4e00-\u9fffA-Za-z0-9·]{1,8}?)(?=[”\"」』，。；、,.;\s\n（(和]|$)"
)
_HAN_BRAND = compiled_later(
    r"([\u4e00-\u9fff]{2,6}?(?:公司|书店|银行|平台|学校|大学|医院|诊所|酒店|餐厅|科技|商城|超市|航空|保险|旅行社|"
    r"出版社|图书馆|博物馆|茶馆|咖啡馆|咖啡|健身))"
)
_BRAND_LEAD = compiled_later(
    r"^.*?(?:你是|你们?|由|为|在|是|的|家|名|位|个|属于|来自|使用|欢迎)(?=[\u4e00-\u9fff]{3,})"
)
_LATIN_NAME = compiled_later(
    r"\b(?:[Nn]ame(?:'s| is|d)?|[Cc]alled|[Nn]amed|You are|I am|[Aa]t|[Ff]or|[Bb]y|"
    r"[Oo]f)[:]?\s((?:[A-Z][\w'’-]+)(?:\s[A-Z][\w'’-]+){0,3})"
)
_ADDRESS = compiled_later(
    r"\b(?:call|address) (?:the user|them|me|users|people|humans|everyone) (?:as )?[\"“]?(?!by\b|with\b|in\b)(\w{3,})",
    re.ASCII,
)
_BRACKETED = compiled_later(r"【([^】\n]{1,12})】|\[([A-Z]\w{2,15})\]")
_SIGNS = compiled_later(r"\*{3,}|-{4,}|={3,}|[～~](?!\d)")
# Capitalised words that say what is talked about, not who talks.
_NO_NAMES = frozenset(
    [
        *("english", "chinese", "french", "german", "spanish", "japanese", "korean", "russian", "mandarin"),
        *("json", "sql", "html", "css", "xml", "csv", "yaml", "python", "java", "javascript", "typescript", "markdown"),
        *("ai", "api", "llm", "excel", "google", "windows", "linux", "chatgpt"),
        *("the", "a", "an", "you", "your", "i", "it", "this", "that", "if", "when", "use", "do", "not", "only"),
        *("never", "always", "answer", "output", "return", "reply", "respond"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december"),
    ]
)
_ROLES = compiled_later(
    r"老师|医生|律师|专家|助手|助理|客服|顾问|工程师|程序员|作家|诗人|编辑|翻译|学家|教练|导师|管家|店员|厨师|记者|"
    r"模型|机器人|老板|经理"
)
# A telephone number is one figure: groups of three digits or more may stand apart.
_FIGURE = compiled_later(r"(?<![\w.])\d+(?:(?:[.:：,/-]| (?=\d{3}))\d+)*%?")


def requests_of(system: str) -> tuple[Request, ...]:
    """Everything checkable that `system` asks for, each once, in the order of the text within a kind."""
    return requests_of_all([system])[0]


def requests_of_all(systems: Sequence[str]) -> list[tuple[Request, ...]]:
    """The same for many systems; what none of a system's words can ask for is ruled out for all at once."""
    texts = [text[:READ] for text in systems]
    column = pa.array(texts, pa.large_string())
    likely = {kind: _matches(column, pattern) for kind, pattern in _LIKELY.items()}
    return [_of_text(text, {kind for kind, rows in likely.items() if rows[at]}) for at, text in enumerate(texts)]


def _matches(column: pa.Array, pattern: str) -> NDArray[np.bool_]:
    return np.asarray(pc.match_substring_regex(column, pattern).to_numpy(zero_copy_only=False), dtype=bool)


def _of_text(text: str, kinds: set[str]) -> tuple[Request, ...]:
    quotes: list[str] = []
    masked = _QUOTED.sub(lambda found: _masked(found, quotes), text)
    found: dict[tuple[str, str], Request] = {}
    if quotes or kinds & _SENTENCE_KINDS:
        for sentence in _SENTENCE.split(masked):
            for request in _of_sentence(sentence, quotes, kinds) if sentence.strip() else ():
                found.setdefault((request.kind, request.value), request)
    rest = [*_marks(text), *_names(text), *_figures(text)]
    rest += _labels(text) if ":" in text or "：" in text else []
    rest += _lengths(text) if "length" in kinds else []
    if "scope" in kinds and (scope := read_scope(masked)):
        rest.append(Request("scope", about=scope))
    for request in rest:
        found.setdefault((request.kind, request.value), request)
    return tuple(found.values())


def asks_too(request: Request, prompt: str) -> bool:
    """Whether a prompt asks for the same by itself: what it gets then is no sign of the system. Its two ends count."""
    text = prompt if len(prompt) <= 2_000 else f"{prompt[:1000]}\n{prompt[-1000:]}"
    if request.kind == "language":
        return request.value in _LANGUAGE_NAMES and _LANGUAGE_NAMES[request.value].search(text) is not None
    if request.kind == "length":
        return _COUNTED.search(text) is not None
    kind = f"voice:{request.value}" if request.kind == "voice" else request.kind
    return kind in _COMPILED and _COMPILED[kind].search(text) is not None


_COUNTED = compiled_later(
    r"[字词句段条行个项点]|\b(?:words?|sentences?|paragraphs?|bullets?|lines?|items?|short|brief)\b",
    re.IGNORECASE | re.ASCII,
)
_LANGUAGE_NAMES = {code: compiled_later(names, _FLAGS) for code, names in LANGUAGES.items()}
# The patterns without what only Python's engine knows (looking ahead and back): they match at least as much.
_LOOKING = compiled_later(r"\(\?<?[!=](?:[^()\\]|\\.)*\)")
_LIKELY = {kind: f"(?i){_LOOKING.sub('', pattern)}" for kind, pattern in _PATTERNS.items()} | {
    "language": f"(?i){_NAMED}|双语|bilingual",
    "length": f"(?i){_COUNTED.pattern}",
}
_SENTENCE_KINDS = frozenset([*_PATTERNS, "language"])


def _masked(found: re.Match[str], quotes: list[str]) -> str:
    quotes.append(next(group for group in found.groups() if group is not None))
    return f"\x01{len(quotes) - 1}\x01"


def _of_sentence(sentence: str, quotes: list[str], kinds: set[str]) -> list[Request]:
    conditional = _CONDITIONAL.search(sentence) is not None
    out: list[Request] = []
    plain = _MASK.sub(lambda found: f"“{quotes[int(found.group(1))]}”", sentence)
    for kind in [kind for kind in _COMPILED if kind in kinds and kind != "scope"]:
        if hit := _COMPILED[kind].search(plain):
            out.append(_request(kind, hit, plain, conditional))
    if "language" not in kinds:
        pass
    elif _BOTH.search(plain):
        out.append(Request("language", "both", False, conditional))
    elif not _ANY_LANGUAGE.search(plain):
        out += [_language(hit, plain, conditional) for hit in _LANGUAGE.finditer(plain)][:1]
    return out + _words_of(sentence, quotes, conditional)


def _words_of(sentence: str, quotes: list[str], conditional: bool) -> list[Request]:
    """The quotations of a sentence, list by list: where a list's first clause forbids, it forbids them all."""
    barred = {
        number for clause in _CLAUSE.split(sentence) if _FORBIDDEN.search(clause) for number in _MASK.findall(clause)
    }
    out = []
    for listed in _LISTED.finditer(sentence):
        numbers = _MASK.findall(listed.group())
        for number in numbers:
            quote = quotes[int(number)].strip(" 。.，,！!")
            forbidden = number in barred or numbers[0] in barred
            # Phrases "like these" or "etc." are examples: that none of them stands there breaks nothing.
            optional = not forbidden and (listed["lead"] or listed["tail"]) is not None
            if len(quote) >= (1 if quote and quote[0] > "\u2e80" else 3):
                out.append(Request("words", quote, forbidden, conditional or optional))
    return out


def _request(kind: str, hit: re.Match[str], sentence: str, conditional: bool) -> Request:
    if kind.startswith("voice:"):
        return Request("voice", kind.removeprefix("voice:"), False, conditional)
    if kind in ("code", "no_letters"):
        return Request(kind, "", kind == "code", conditional)
    before = _CLAUSE.split(sentence[: hit.start()])[-1]
    negatable = kind in ("markdown", "list", "emoji", "table", "steps", "json")
    return Request(kind, "", negatable and _FORBIDDEN.search(before) is not None, conditional)


def _language(hit: re.Match[str], sentence: str, conditional: bool) -> Request:
    name = hit.group("zh") or hit.group("en")
    code = next(code for code, names in LANGUAGES.items() if re.fullmatch(names, name, re.IGNORECASE))
    before = _CLAUSE.split(sentence[: hit.start()])[-1]
    return Request("language", code, _FORBIDDEN.search(before) is not None, conditional)


def _names(text: str) -> list[Request]:
    found = [name for name in _HAN_NAME.findall(text) if not _ROLES.search(name)]
    found += [_BRAND_LEAD.sub("", name) for name in _HAN_BRAND.findall(text)]
    for hit in _LATIN_NAME.finditer(text):
        words = [word for word in hit.group(1).split() if word.lower().strip("'’-") not in _NO_NAMES]
        found += [" ".join(words)] if words else []
    found += _ADDRESS.findall(text)
    kept = dict.fromkeys(name.strip() for name in found if len(name.strip()) >= 2)
    return [Request("name", name, False, True) for name in kept][:MOST_OF_A_KIND]


def _marks(text: str) -> list[Request]:
    """Headings in brackets and unquoted signs that the answer shall carry."""
    found = [first or second for first, second in _BRACKETED.findall(text)] + _SIGNS.findall(text)
    return [Request("words", mark, False, True) for mark in dict.fromkeys(found)][:MOST_OF_A_KIND]


def _labels(text: str) -> list[Request]:
    """Field names before a colon: of a form to fill in where the text speaks of one, else of material."""
    form = _FORMAT.search(text) is not None
    labels = dict.fromkeys(label.strip() for label in _LABEL.findall(text))
    kept = [label for label in labels if not _FORMAT.search(label)]
    return [Request("label", label, False, not form) for label in kept][:MOST_OF_A_KIND]


def _figures(text: str) -> list[Request]:
    """Numbers of at least two digits: facts that an answer may quote."""
    found = dict.fromkeys(hit for hit in _FIGURE.findall(text) if sum(map(str.isdigit, hit)) >= 2)
    return [Request("figure", figure, False, True) for figure in found][:MOST_OF_A_KIND]


def _lengths(text: str) -> list[Request]:
    """Limits on the whole answer's length, as `unit:relation:low:high` with nothing where a side is open."""
    asked = (one for one in parse_requests(text) if one.scope == "answer")
    return [Request("length", f"{one.unit}:{one.relation}:{one.low or ''}:{one.high or ''}") for one in asked][
        :MOST_OF_A_KIND
    ]
