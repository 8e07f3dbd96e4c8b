/** Every figure on what a real model makes of a sentence: ?lang=zh-CN&theme=dark&figure=attention&text=… */
import '../../src/app/styles/tokens.css'
import '../../src/app/styles/base.css'
import './figures.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startI18n } from '../../src/app/i18n/index.ts'
import { useApp } from '../../src/app/store/app.ts'
import { Attention } from './Attention.tsx'
import { Changes } from './Changes.tsx'
import { Empty } from './Empty.tsx'
import { Large } from './Large.tsx'
import { Layers } from './Layers.tsx'
import { look } from './look.ts'
import { Steps } from './Steps.tsx'
import { Tokens } from './Tokens.tsx'

const asked = new URLSearchParams(location.search)
const language = asked.get('lang') === 'zh-CN' ? 'zh-CN' : 'en'
useApp.setState({ language })
document.documentElement.dataset['theme'] = asked.get('theme') ?? 'light'
document.documentElement.lang = language
await startI18n(language)

const STORY = 'Once upon a time, there was a little cat. The cat liked to play with the big dog. One day, the cat'
const POEM = '春夜喜雨\n好雨知时节，当春乃发生。'
const text = asked.get('text') ?? (language === 'en' ? STORY : POEM)
const folder = asked.get('folder') ?? `public/models/${language === 'en' ? 'stories-3m' : 'poems-4m'}/`
const ids = asked.get('ids')
const looked = await look(new URL(`/${folder}`, location.href).href, ids ? ids.split(',').map(Number) : text)
const figures = {
  attention: <Attention looked={looked} />,
  tokens: <Tokens looked={looked} />,
  layers: <Layers looked={looked} />,
  changes: <Changes looked={looked} />,
  tour: <Steps looked={looked} />,
  empty: <Empty />,
  large: <Large />,
}
const chosen = asked.get('figure')

createRoot(document.getElementById('page')!).render(
  <StrictMode>
    <main>
      <h1 className="only-heard">Figures</h1>
      <h2 className="only-heard">{chosen}</h2>
      {figures[chosen as keyof typeof figures]}
    </main>
  </StrictMode>,
)
