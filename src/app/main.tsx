import './styles/tokens.css'
import './styles/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createEngine } from '../index.ts'
import { App } from './App.tsx'
import { createEngineHost } from './engine/host.ts'
import { HostContext } from './engine/host-context.ts'
import { startI18n } from './i18n/index.ts'
import { useLibrary } from './library/use-library.ts'
import { tendDesk } from './manuscript/desk.ts'
import { modelInAddress } from './models/choice.ts'
import { tendPage } from './page.ts'
import { useApp } from './store/app.ts'

const host = createEngineHost(createEngine, useApp, useLibrary, document.baseURI)
const asked = modelInAddress(location.search)
void host.start(asked) // the model loads while the page is drawn
void tendDesk(useApp, useLibrary, host, asked !== undefined)

await startI18n(useApp.getState().language)
tendPage(useApp, useLibrary, host)

const page = document.getElementById('page')
if (!page) throw new Error('index.html has no #page')
createRoot(page).render(
  <StrictMode>
    <HostContext value={host}>
      <App />
    </HostContext>
  </StrictMode>,
)

if (import.meta.env.PROD)
  void import('./offline/tend.ts').then(({ tendOffline }) => tendOffline(useApp, document.baseURI))
