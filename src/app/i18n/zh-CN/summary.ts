import type { summary as english } from '../en/summary.ts'
import type { Worded } from '../worded.ts'

export const summary: Worded<typeof english> = {
  summary: {
    title: '为看不到的部分写摘要',
    about: '模型接着写时看不到这一部分。你的摘要会代替它，放在开头与最近的部分之间；文稿本身不变。',
    aboutChat: '模型回答时看不到这几句。你的摘要会代替它们，放在括号里，写在下一句之前；对话本身不变。',
    nothing: '全部都在模型眼前。等有内容看不到了，可以在这里为它写摘要。',
    falls: '看不到的部分',
    turn: '{{who}}：{{words}}',
    label: '你的摘要',
    count: '{{tokens}} 个词元，最多 {{most}} 个',
    tooLong: '{{tokens}} 个词元：模型只会读到前 {{most}} 个。',
    draft: '让模型起草',
    draftHint: '写一份草稿代替现有内容，供你修改',
    failed: '模型没能起草。请自己写，或者再试一次。',
    use: '使用',
    remove: '去掉摘要',
    used: '摘要已代替看不到的部分。',
    removed: '摘要已去掉。',
    instruction: '请用几句话概括下面的内容，使人不看原文也能接着写：',
    cue: '简单说：',
    choice: '自己写摘要',
    choiceHint: '写到那里就停，由你写一份摘要，模型会读它来代替看不到的部分。',
    open: '写摘要…',
    notYet: '还没有看不到的内容。',
    stands: '你的摘要代替了它们。',
    standsOld: '你的摘要代替了它们，但之后又有 {{tokens}} 个词元看不到了。',
    standsOldOfChat: '你的摘要代替了它们，但之后又有 {{turns}} 句看不到了。',
  },
}
