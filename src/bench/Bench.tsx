import './Bench.css'
import '../app/header/Header.css'
import { ThemeMenu } from '../app/header/ThemeMenu.tsx'
import { useWords } from '../app/i18n/index.ts'
import { Notice } from '../app/notices/Notice.tsx'
import { useApp } from '../app/store/app.ts'
import { BenchForm } from './BenchForm.tsx'
import { Card } from './Card.tsx'
import { useBenchWords } from './i18n/catalogue.ts'
import { Results } from './Results.tsx'
import { useBench } from './run.ts'
import '../app/notices/Notices.css'

export function Bench() {
  const { t } = useBenchWords()
  const report = useBench((state) => state.report)
  return (
    <>
      <header className="header">
        <h1 className="header-name">Headlight · {t('heading')}</h1>
        <a className="quiet-button" href="./">
          {t('toWriting')}
        </a>
        <span className="header-space" />
        <LanguageButton />
        <ThemeMenu />
      </header>
      <main className="bench">
        <p className="bench-about">{t('about')}</p>
        <BenchForm />
        <ProblemNotice />
        {report && <Results report={report} />}
        {report && <Card report={report} />}
      </main>
    </>
  )
}

function LanguageButton() {
  const { t, language } = useWords()
  const setLanguage = useApp((state) => state.setLanguage)
  const other = language === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      className="quiet-button"
      type="button"
      aria-label={t('language.toOtherLabel')}
      onClick={() => setLanguage(other)}
    >
      <span lang={other}>{t('language.toOther')}</span>
    </button>
  )
}

function ProblemNotice() {
  const { t } = useWords()
  const problem = useBench((state) => state.problem)
  if (!problem) return null
  const { code, message, details } = problem
  const file = String(details['file'] ?? details['url'] ?? t('errors.aFile'))
  return (
    <Notice
      what={t(`errors.${code}.what`, { file })}
      todo={t(`errors.${code}.do`)}
      details={{ message, facts: details }}
    />
  )
}
