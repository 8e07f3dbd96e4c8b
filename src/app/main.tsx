import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createEngine } from '../index.ts'
import { App } from './App.tsx'
import { createEngineHost } from './engine/host.ts'
import { HostContext } from './engine/host-context.ts'
import { startI18n } from './i18n/index.ts'
import { modelInAddress } from './models/choice.ts'
import { tendPage } from './page.ts'
import { useApp } from './store/app.ts'

const host = createEngineHost(createEngine, useApp, document.baseURI)
void host.start(modelInAddress(location.search)) // the model loads while the page is drawn

await startI18n(useApp.getState().language)
tendPage(useApp, host)

const page = document.getElementById('page')
if (!page) throw new Error('index.html has no #page')
createRoot(page).render(
  <StrictMode>
    <HostContext value={host}>
      <App />
    </HostContext>
  </StrictMode>,
)
