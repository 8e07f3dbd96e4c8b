import { expect, test } from 'vitest'
import { checkBlocks } from './check-blocks.ts'

test('a block layout wants whole blocks in a row', () => {
  expect(() => checkBlocks('q4_k', 576, 'token_embd.weight')).toThrow(
    'token_embd.weight has rows of 576 numbers; q4_k comes in blocks of 256',
  )
  checkBlocks('q4_0', 576, 'token_embd.weight')
})
