import type { errors as english } from '../en/errors.ts'
import type { Worded } from '../worded.ts'

export const errors: Worded<typeof english> = {
  errors: {
    aFile: '所需文件',
    'no-webgpu': { what: '这个浏览器没有 WebGPU', do: 'Headlight 在 GPU 上计算，离不开它。' },
    'device-lost': {
      what: 'GPU 连接中断',
      do: '可能是驱动重置过，或电脑休眠过。文字都在；重启引擎会重新载入模型。',
    },
    'too-large': { what: '模型太大，这块 GPU 装不下', do: '换一个小些的模型，或关掉其他占用 GPU 的页面。' },
    offline: { what: '这台设备没有联网', do: '请联网后重试。已存在这里的模型不用联网也能载入。' },
    busy: { what: '服务器请你稍等', do: '发给它的请求太多。请过 {{seconds}} 秒再试。' },
    damaged: { what: '{{file}} 传输中损坏', do: '收到的与模型站标明的不符（SHA-256），已丢弃。请重试。' },
    'no-model': { what: '模型站上没有 {{file}}', do: '请检查名称；若写了版本，也请检查。' },
    gated: { what: '{{file}} 的作者要求先同意其条款', do: '请到它的主页同意条款，再填写你账号的访问令牌。' },
    'bad-token': { what: '模型站不认你的访问令牌', do: '请检查令牌，或到账号设置里另建一个。' },
    'not-granted': {
      what: '你的访问令牌打不开 {{file}}',
      do: '请用该账号到它的主页同意条款，并允许令牌读取受限模型。',
    },
    'missing-file': { what: '模型缺少 {{file}}', do: '请检查模型文件夹的地址，以及里面有没有这个文件。' },
    network: { what: '无法获取 {{file}}', do: '请检查网络；若模型在别的网站，还要看它是否允许本页读取（CORS）。' },
    'no-access': {
      what: '模型站不提供 {{file}}',
      do: '也许没有这个模型，也许它不公开，或要先同意条款。请检查名称，或填写访问令牌。',
    },
    'truncated-file': { what: '{{file}} 不完整', do: '下载中断了，或者服务器上的文件本身就缺了一截。' },
    'bad-file': { what: '读不懂 {{file}}', do: '文件内容与名称不符。请重新下载或导出模型。' },
    'bad-weights': { what: '权重与模型配置对不上', do: 'config.json 和权重可能来自不同的模型，或导出时出了错。' },
    unsupported: {
      what: 'Headlight 不认识这种模型',
      do: '目前能运行 43 个 GPT 类模型家族，safetensors 或 GGUF 均可。详情里写明了不认识的是什么。',
      because: '不支持：{{what}} 为“{{found}}”。请换一个模型；详情里写明了支持哪些。',
      format: '它的权重只有 {{what}}；Headlight 读取 safetensors 和 GGUF。请找找这两种格式的版本。',
      adapter: '这是另一个模型的适配器（LoRA）。请找已合并进原模型的版本。',
    },
    'no-tokenizer': {
      what: '这个模型没有附带分词器',
      do: '它只接受词元编号，不接受文字。请在其文件夹中补上 tokenizer.json 和 tokenizer_config.json。',
    },
    'bad-input': { what: '模型无法接受这样的输入', do: '请检查采样设置，或恢复默认值。' },
    'context-full': {
      what: '文字太长，没有留给模型书写的余地',
      do: '请删去开头的一部分，或让文字往前滑：点下方的词元数来选择。',
    },
    'bad-schema': {
      what: '无法按这个 JSON Schema 约束模型',
      do: '请在采样设置里修改它。详情说明哪里无法理解。',
    },
    'short-length': { what: '符合要求的最短 JSON 也超过了设定的篇幅', do: '请把篇幅设为 {{tokens}} 个词元以上。' },
    'not-finite': { what: '模型算出了无意义的数值', do: '可能是权重损坏，或显卡驱动有问题。文字都在。' },
    destroyed: { what: '引擎已停止', do: '重启后即可继续写。文字都在。' },
    unknown: { what: 'Headlight 自身出了错', do: '文字都在。请重试；若仍然出错，详情有助于反馈问题。' },
  },
}
