import '../app/styles/tokens.css'
import '../app/styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startI18n } from '../app/i18n/index.ts'
import { useApp } from '../app/store/app.ts'
import { Bench } from './Bench.tsx'
import { addBenchWords } from './i18n/catalogue.ts'
import { tendPage } from './page.ts'

await startI18n(useApp.getState().language)
addBenchWords()
tendPage(useApp)

const page = document.getElementById('page')
if (!page) throw new Error('bench.html has no #page')
createRoot(page).render(
  <StrictMode>
    <Bench />
  </StrictMode>,
)
