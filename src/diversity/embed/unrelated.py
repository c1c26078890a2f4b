"""What an embedder makes of texts that have nothing to do with each other: the zero point of relatedness.

Embedders differ in how similar they find unrelated texts (mean cosine 0.1 for one, 0.8 for another), so no fixed cosine
says "the same subject".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Forty sentences on forty subjects, half Chinese and half English, written for this purpose.
SENTENCES = (
    "潮汐是月球和太阳的引力共同作用的结果。",
    "房东把押金退给我了，只扣了两天的水费。",
    "这道红烧排骨要先焯水，再用小火炖四十分钟。",
    "法院认为合同中的格式条款无效。",
    "她第一次登台演奏，手心里全是汗。",
    "用二分查找定位有序数组中的元素，复杂度是对数级。",
    "北方的候鸟在十月飞往长江中下游过冬。",
    "唐代的长安城有一百零八坊。",
    "血压偏高的人每天吃盐最好不超过五克。",
    "公司计划下季度在成都开设新的办事处。",
    "这趟列车晚点二十分钟，请乘客耐心等候。",
    "孩子不肯写作业，家长急得直跺脚。",
    "三角形的内角和等于一百八十度。",
    "他把旧自行车改装成了一辆送货车。",
    "央行下调了存款准备金率。",
    "陶瓷入窑之前要先晾干坯体。",
    "足球比赛在点球大战中分出了胜负。",
    "这首诗写的是送别友人时的惆怅。",
    "手机进水以后不要马上开机。",
    "果园里的桃树得了缩叶病，需要及时喷药。",
    "The glacier has retreated almost two kilometres since the first survey.",
    "Please forward the signed invoice to our accounting team by Friday.",
    "Knead the dough until it is smooth, then let it rest for an hour.",
    "A deadlock occurs when two threads each wait for a lock the other holds.",
    "The jury found the defendant not guilty on all counts.",
    "Her grandmother knitted socks for every soldier in the village.",
    "Photosynthesis turns light, water and carbon dioxide into sugar.",
    "The band released its third album without any announcement.",
    "Solve for x when three times x plus seven equals twenty-two.",
    "Our flight was diverted to Lisbon because of fog.",
    "The vaccine is given in two doses, four weeks apart.",
    "He negotiated a lower rent after pointing out the leaking roof.",
    "Medieval guilds set the prices of bread and candles.",
    "The goalkeeper was sent off in the final minute.",
    "Install the update and restart the router before calling support.",
    "A recession is often defined as two quarters of shrinking output.",
    "The puppy chewed through the cable of the vacuum cleaner.",
    "The museum borrowed the painting from a private collection.",
    "Write a haiku that mentions neither the season nor the moon.",
    "Sailors used the pole star to find their latitude.",
)


def mean_cosine(vectors: NDArray[np.float32]) -> float:
    """Mean cosine over all pairs of unit rows (n, d); 0 for fewer than two."""
    count = len(vectors)
    if count < 2:
        return 0.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return float((total @ total - count) / (count * (count - 1)))
