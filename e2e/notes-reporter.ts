/** Says what tests have measured (`npm run bench:figures`), and nothing else. */
import type { Reporter, TestCase } from 'playwright/types/testReporter'

export default class NotesReporter implements Reporter {
  onTestEnd({ annotations }: TestCase): void {
    for (const { type, description } of annotations) console.log(`${type}: ${description}`)
  }
}
