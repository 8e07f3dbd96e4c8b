/** Installs the service worker, and keeps what it needs to run without a network. */
import { MODEL_CACHE, TAKE_OVER } from './names.ts'

/** Of a built-in model's folder. */
const FILES = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']

/**
 * @param onUpdate a new version of the page is there; `takeOver` reloads into it
 * @returns whether this browser has service workers (it has none in private windows of some, nor without https)
 */
export async function install(onUpdate: (takeOver: () => void) => void): Promise<boolean> {
  const workers = (navigator as Partial<Navigator>).serviceWorker
  if (!workers) return false
  const registration = await workers.register('./sw.js')
  const offer = () => {
    const { waiting } = registration
    if (!waiting || !workers.controller) return // the first one: nothing to reload for
    onUpdate(() => {
      workers.addEventListener('controllerchange', () => location.reload(), { once: true })
      waiting.postMessage(TAKE_OVER)
    })
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
  await workers.ready // from here on the page opens without a network
  return true
}

/** Keeps a built-in model, which the browser has just loaded: most of this comes from its own cache. */
export async function keepModel(folder: URL): Promise<void> {
  const cache = await caches.open(MODEL_CACHE)
  const missing: string[] = []
  for (const file of FILES) {
    const { href } = new URL(file, folder)
    if (!(await cache.match(href))) missing.push(href)
  }
  await cache.addAll(missing) // all or none: half a model is none
}
