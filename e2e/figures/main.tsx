/**
 * Every figure on what a real model makes of a sentence: #lang=zh-CN&theme=dark&figure=attention&text=…
 * Another hash shows another figure: of a sentence that was looked at, without a model being loaded again.
 */
import '../../src/app/styles/tokens.css'
import '../../src/app/styles/base.css'
import './figures.css'
import i18next from 'i18next'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startI18n } from '../../src/app/i18n/index.ts'
import { useApp } from '../../src/app/store/app.ts'
import { Attention } from './Attention.tsx'
import { Changes } from './Changes.tsx'
import { Empty } from './Empty.tsx'
import { Growing, Heads, Large } from './Large.tsx'
import { Layers } from './Layers.tsx'
import { type Looked, look } from './look.ts'
import { Steps } from './Steps.tsx'
import { Tokens } from './Tokens.tsx'

const STORY = 'Once upon a time, there was a little cat. The cat liked to play with the big dog. One day, the cat'
const POEM = '春夜喜雨\n好雨知时节，当春乃发生。'

const looks = new Map<string, Promise<Looked>>()

/** @param ids separated by commas; absent: the tokens of `text` */
function lookOnce(folder: string, text: string, ids: string | null): Promise<Looked> {
  const key = [folder, text, ids].join('\n')
  const looked =
    looks.get(key) ?? look(new URL(`/${folder}`, location.href).href, ids ? ids.split(',').map(Number) : text)
  looks.set(key, looked)
  return looked
}

const root = createRoot(document.getElementById('page')!)

async function show(hash: string): Promise<void> {
  const asked = new URLSearchParams(hash.slice(1))
  const language = asked.get('lang') === 'zh-CN' ? 'zh-CN' : 'en'
  const text = asked.get('text') ?? (language === 'en' ? STORY : POEM)
  const folder = asked.get('folder') ?? `public/models/${language === 'en' ? 'stories-3m' : 'poems-4m'}/`
  const looked = await lookOnce(folder, text, asked.get('ids'))
  if (i18next.language !== language) {
    const spoken = new Promise((resolve) => i18next.on('languageChanged', resolve))
    useApp.setState({ language })
    await spoken
  }
  document.documentElement.dataset['theme'] = asked.get('theme') ?? 'light'
  document.documentElement.lang = language
  const figures = {
    attention: <Attention looked={looked} />,
    tokens: <Tokens looked={looked} />,
    layers: <Layers looked={looked} />,
    changes: <Changes looked={looked} />,
    tour: <Steps looked={looked} />,
    empty: <Empty />,
    heads: <Heads />,
    growing: <Growing positions={2048} />,
    large: <Large />,
  }
  const chosen = asked.get('figure')
  root.render(
    <StrictMode key={hash}>
      <main data-hash={hash}>
        <h1 className="only-heard">Figures</h1>
        <h2 className="only-heard">{chosen}</h2>
        {figures[chosen as keyof typeof figures]}
      </main>
    </StrictMode>,
  )
}

await startI18n(useApp.getState().language)
addEventListener('hashchange', () => void show(location.hash))
await show(location.hash)
