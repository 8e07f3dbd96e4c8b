import type { compare as english } from '../en/compare.ts'
import type { Worded } from '../worded.ts'

export const compare: Worded<typeof english> = {
  compare: {
    open: '比较…',
    openHint: '让两个模型、同一模型的两种精度或两套设置并排续写这篇文稿',
    title: '比较',
    noText: '文稿是空的：两边随意开头。',
    first: '第一边',
    second: '第二边',
    settings: '设置',
    asSet: '按这篇文稿的设置',
    idle: '写出的内容会显示在这里。',
    waiting: '等另一边写完就轮到它。',
    loading: '正在载入模型…',
    tokens: '{{tokens}} 个词元',
    keep: '留下这段',
    run: '两边都写',
    same: '两边完全一样：请换一个模型、一种精度或一套设置。',
    sameSettings: '两边的设置和随机种子相同。',
    differences: '不同之处，第一边 | 第二边',
    museum: '取来 2018 年的 GPT，与今天的模型放在一起看',
  },
}
