import type { controls as english } from '../en/controls.ts'
import type { Worded } from '../worded.ts'

export const controls: Worded<typeof english> = {
  presets: {
    label: '预设',
    own: '模型自带',
    ownHint: '按模型作者的建议',
    precise: '严谨',
    preciseHint: '几乎总取最可能的词',
    balanced: '均衡',
    balancedHint: '偶尔出人意料',
    lively: '活泼',
    livelyHint: '只要不离谱，什么都可能',
  },
  endless: {
    label: '收尾后接着写',
    hint: '模型收尾之后另起一篇，直到写满篇幅',
  },
  json: {
    label: '写成 JSON',
    hint: '写出的是完整的 JSON：一个对象、一个列表，或 JSON Schema 所规定的内容。',
    schema: 'JSON Schema',
    schemaHint: '填写 JSON Schema；留空则为任意对象或列表。停止词此时不起作用。',
    any: '任意对象或列表',
    'not-json': '这还不是 JSON。',
    'not-a-schema': 'JSON Schema 应是一个对象、true 或 false。',
    refused: '无法按它约束模型。',
  },
  context: {
    title: '模型看得到的部分',
    used: '全文 {{text}} 个词元。模型一次最多看 {{limit}} 个。',
    allSeen: '全文都在它眼前。',
    tooLong: '文字太长，没有留给它书写的余地。',
    partSeen: '接着写时，它看得到前 {{kept}} 个和后 {{latest}} 个。',
    gone: '中间的 {{tokens}} 个看不到。',
    goneWords: '从“{{from}}……”到“……{{to}}”，中间的 {{tokens}} 个看不到。',
    whenFull: '写满之后',
    slide: '往前滑',
    slideHint: '开头与最近的部分留在眼前，合起来占一半；中间的看不到了。模型要把它们重读一遍，需要一点时间。',
    keep: '开头保留的词元数',
    keepHint: '最多占模型所能看到的四分之一。',
    stop: '停下',
    stopHint: '写到那里就停，并告诉你。',
  },
}
