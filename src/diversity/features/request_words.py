"""The words that tell a request from the material it is about, in Chinese and English."""

from __future__ import annotations

import re

_COLON = r"\s*[:：]"
_LEAD = r"[\s#*>\-【\[(（<]*"
_NUMBER = r"(?:\s*(?:\d+|[一二三四五六七八九十]+))?"
_TAIL = r"[】\])）*>]*"


def _label(words: str) -> str:
    return rf"{_LEAD}(?:{words}){_NUMBER}{_TAIL}(?:{_COLON}{_TAIL}|(?=\s*$))"


ASK_LABEL = re.compile(
    _label(
        "(?:the )?(?:question|query|instructions?|task|request|prompt|problem|user)|q|"
        "问题|問題|提问|提問|问|問|题目|題目|指令|任务|任務|要求|请求|請求|问句|用户|输出要求|输出格式|回答要求|注意"
    ),
    re.IGNORECASE,
)
MATERIAL_LABEL = re.compile(
    _label(
        "(?:reference )?(?:context|passage|article|text|document|doc|input|paragraph|background|content|story|source|"
        "material|reference|excerpt|report|email|code|data|table|log|transcript|review)s?|"
        "(?:材料|文章|段落|原文|上下文|背景|背景信息|资料|資料|文本|文段|内容|內容|短文|"
        "阅读材料|阅读|閱讀|文档|文件|输入|輸入|参考资料|参考|新闻|故事|表格|代码|日志|正文|已知信息|对话|句子|选项|场景|数据)"
        "(?:内容|內容|如下)?"
    ),
    re.IGNORECASE,
)
ANSWER_LABEL = re.compile(
    _label(
        "(?:the )?(?:final |your |short |helpful |correct )?(?:answer|output|response|reply|assistant|result)s?|a|"
        "答案|回答|答|输出|輸出|回复|助手|解答"
    )
    + r"\s*$",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[\W_]+|</?\w+>|```\w*")
QUESTION_MARK = re.compile(r"[?？؟][\"'”’」』)）\]】*]*\s*$")
_QUESTION_WORDS = "who|whom|whose|what|when|where|which|why|how"
_IMPERATIVES = (
    "please|kindly|answer|read|based on|according to|given|using|use|with|from|for (?:the|each|this)|consider|suppose|"
    "imagine|you are|your task|i (?:want|need|would)|can you|could you|tell|give|find|identify|extract|list|name|"
    "describe|explain|summari[sz]e|translate|write|rewrite|classify|categori[sz]e|convert|correct|edit|create|generate|"
    "compose|complete|compute|calculate|determine|analy[sz]e|compare|evaluate|provide|state|suggest|sort|select|choose|"
    "pick|paraphrase|detect|fill|make|add|remove|replace|respond|reply|predict|rate|rank|count|"
    "only|just|do not|don't|keep|output|the following|below|"
    "here (?:is|are)|in (?:what|which|the (?:text|passage|article))"
)
_WIDE_IMPERATIVES = (
    "请|請|根据|根據|依据|依據|基于|基於|阅读|閱讀|回答|结合|結合|按照|参考|參考|总结|總結|概括|归纳|翻译|翻譯|将|將|"
    "把|从|從|对以|给|給|帮|幫|写|寫|列出|列举|说明|分析|解释|找出|提取|指出|判断|判斷|计算|計算|比较|改写|润色|续写|"
    "生成|设计|分类|抽取|只|仅|直接|不要|不得|输出|輸出|以下|下面|下列|上述|上文|针对|為下|为下|你是|假设|用(?!户)"
)
_FIRM_IMPERATIVES = (
    r"(?:please|kindly|answer|based on|according to the (?:text|passage|article|above))\b|"
    "请|請|根据上|根據上|根据以|回答|阅读"
)
OPENING = re.compile(
    rf"[\s\"'“‘#*>\-\d.)]*(?:(?:{_QUESTION_WORDS}|{_IMPERATIVES})\b|{_WIDE_IMPERATIVES})", re.IGNORECASE
)
FIRM_OPENING = re.compile(rf"[\s\"'“#*>\-]*(?:{_FIRM_IMPERATIVES})", re.IGNORECASE)
ASKING_WORD = re.compile(
    "谁|誰|什么|什麼|甚麼|哪|多少|几(?:个|年|月|日|岁|人|次|种|位|天|点)|幾|为何|為何|为什么|如何|怎么|怎樣|怎样|"
    "是否|何时|何時|何地|何處|何处|何人|何种|吗|嗎|呢$"
)

# What begins a request at the head of a prompt; further down the same words often begin a sentence of the material.
_HEAD_IMPERATIVES = (
    "show|get|fetch|retrieve|check|search|look up|ask|outline|design|develop|plan|draft|simplify|shorten|condense|"
    "arrange|group|label|match|solve|prove|verify|estimate|recommend|define|draw|highlight|formulate|transform|turn|"
    "change|combine|organi[sz]e|assess|review|construct|devise|brainstorm|reword|rephrase|proofread|split|you will"
)
_WIDE_HEAD_IMPERATIVES = (
    "找到|求出|求解|反转|处理|重写|编辑|编写|撰写|创建|构建|创作|添加|确定|检测|识别|估算|制定|准备|解析|选择|挑选|筛选|"
    "使用|想象|转换|解决|解答|预测|描述|标记|评价|评估|推荐|提供|补全|修改|修复|优化|纠正|校对|排序|排列|重新|简化|扩写|"
    "缩写|匹配|查找|推断|运行|执行|摘要|概述|归类|求(?=[^，。]{1,30}的)|(?:为|在|对)(?:给|以|下|这|上|一)|您(?:将|需)|"
    "你(?:将|需)|一句话"
)
HEAD_OPENING = re.compile(
    rf"{OPENING.pattern}|[\s\"'“‘#*>\-\d.)]*(?:(?:{_HEAD_IMPERATIVES})\b|{_WIDE_HEAD_IMPERATIVES})", re.IGNORECASE
)

# A request that says that what it is about comes next.
AHEAD = re.compile(
    "以下|下面|下列|下文|下述|如下|下段|给定|給定|给出(?:的|一|以|下)|所给|提供的|(?:这|這|该|該)(?:段|篇|个|句|首|组|些|张|封|则|份|条)|"
    "一(?:段|篇|则|組|组)|"
    r"\b(?:the following|below|given|this|these|the (?:text|passage|sentence|paragraph|article|story|review|email|"
    r"code|input)s?)\b",
    re.IGNORECASE,
)
# A passage may well begin like this; it asks only with a sign of its own.
BARE_POINTER = re.compile(
    r"\s*(?:以下|下面|下列|上述|(?:the following|below|these|this|here)\b)(?!.*(?:请|請|please|[:：]\s*$))",
    re.IGNORECASE | re.DOTALL,
)
# What comes next is part of the request itself: rules for the answer.
RULES_AHEAD = re.compile(
    "(?:以下|下面|下列|如下|这些|給定|给定)[^，。：:]{0,6}(?:要求|条件|條件|格式|步骤|步驟|规则|規則|方式|主题)|"
    r"\b(?:following|below|given|these)\b[^.,:]{0,20}\b(?:requirement|rule|format|step|constraint|criteri|instruction)",
    re.IGNORECASE,
)
# A request that is followed by the very question.
QUESTION_AHEAD = re.compile(r"问题|問題|回答|作答|解答|请问|\b(?:questions?|answers?|query)\b", re.IGNORECASE)
# How the answer shall look, said right after what is asked.
ANSWER_RULE = re.compile(
    r"\s*(?:(?:你|您)的?(?:的|将|需|应|可)|不(?:要|得|超过|少于)|长度|字数|输出|輸出|要求|确保|如果(?:没有|存在|不)|只需|并(?:且)?(?:输出|给出)|"
    r"(?:your|the) (?:answer|output|response|summary)\b|(?:you|make sure|ensure|keep|use|do not|don't|only|output|"
    r"respond|reply|answer)\b)",
    re.IGNORECASE,
)
# A request at the end of the line of its material.
TAIL_REQUEST = re.compile(
    r"\s*(?:(?:请|再|并)?(?:用?一句话|用[^，。]{1,6}话|简要|简单)?(?:总结|概括|归纳|概述)|基于(?:以上|上述)|根据(?:以上|上述|上文)|"
    r"(?:in (?:one|a|two) \w+,? )?summari[sz]e\b|tl;?dr)",
    re.IGNORECASE,
)

_MAKES = (
    "(?:write|give|generate|create|provide|suggest|make|produce|compose|come up with|find|choose|add|draft|identify|"
    "extract|determine|detect|list|tell|pick|select|decide on|output|describe|explain|analy[sz]e|predict|assign)"
)
_POLITE = r"[\s\"'“#*>\-\d.)]*(?:(?:please|kindly|can you|could you|i want you to|your task is to|help me)\s+)*"
_WHOLE_ACTS = (
    "summari[sz]e|translate|paraphrase|rewrite|rephrase|reword|proofread|edit|correct|simplify|condense|shorten|"
    "compress|classify|categori[sz]e|convert|continue|tag|compare|rate|rank|sort|critique|review|format|reformat|"
    "transcribe|expand|transform|reply to|respond to|(?:to )?sum up|tl;?dr"
)
_WHOLE_GOODS = (
    r"summary|summari[sz]ation|titles?|headlines?|abstract|synopsis|paraphrase|translation|tl;?dr|key ?words?|"
    r"sentiment|tone|mood|genre|(?:main|key|central) (?:idea|point|topic|theme|message|information|phrase)s?|"
    r"categor(?:y|ies)|all (?:of )?(?:the )?\w+"
)
# A task about all of the material, by how its sentence begins or, in Chinese, by what it names anywhere.
WHOLE_OPENING = re.compile(
    rf"{_POLITE}(?:(?:{_WHOLE_ACTS})\b|{_MAKES}\b[^.?!]{{0,60}}\b(?:{_WHOLE_GOODS})\b)", re.IGNORECASE
)
WHOLE_WORDS = re.compile(
    r"\b(?:summari[sz](?:e|es|ing)|paraphras(?:e|es|ing)|proofread)\b|"
    "总结|總結|概括|摘要|概述|归纳|歸納|提炼|缩写|压缩|翻译|翻譯|译成|译为|改写|改寫|重写|润色|校对|纠正|续写|扩写|简化|"
    "分类|分類|归类|歸類|关键信息|主旨|大意|中心思想|词性|命名实体|(?:主要|核心)(?:内容|观点|信息)|"
    "(?:确定|找|判断|判定|分析|识别|检测|评估|给出|说出|指出)[^。，]{0,20}(?:主题|类别|语气|情绪|情感|领域|态度)|"
    "(?:提取|抽取|找出|给出|列出|写出|生成|梳理)[^。，]{0,16}(?:关键[词字]|關鍵詞|要点|所有|全部|各|信息|实体)|"
    "(?:写|起|取|拟|选|想|加|生成|提供|匹配|创建)[^。，]{0,16}(?:标题|標題)|(?:写|加)[^。，]{0,6}注释|"
    r"^\W*请?(?:比较|对比)|进行(?:比较|对比)|(?:解释|说明)[^，。]{0,8}代码|回复[^。]{0,8}(?:邮件|信(?!息)|评论)",
    re.IGNORECASE,
)
# Even as a question, one about the text as a whole.
WHOLE_QUESTION = re.compile(
    "主旨|大意|中心思想|主要内容|主要观点|核心观点|(?:情感|感情)(?:倾向|色彩|极性)|属于(?:哪|什么)[^。]{0,4}(?:类|领域)|"
    r"\b(?:main (?:idea|point|topic|theme)|sentiment)\b|\b(?:what|which)\b[^?]{0,40}\b(?:category|topic|genre|class)\b"
    r"[^?]{0,80}\b(?:text|article|review|passage|document)\b",
    re.IGNORECASE,
)
ANSWERS = re.compile(r"回答|作答|问题|問題|\b(?:answer|question)", re.IGNORECASE)
