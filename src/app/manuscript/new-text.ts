import type { LibraryState } from '../library/store.ts'
import { keptModel } from '../models/choice.ts'
import { forAnother } from '../sampling/parameters.ts'
import type { AppState } from '../store/app.ts'
import { itemOf, manuscriptOf, treeOf } from './open-text.ts'

/** Opens a text of nothing for the model in use; the open one, where it is that already. */
export function newText(library: LibraryState, { model, sampling }: AppState): void {
  if (treeOf(library) && manuscriptOf(library).text === '' && itemOf(library)?.title === '') return
  library.create('text', { model: keptModel(model), sampling: forAnother(sampling) })
}
