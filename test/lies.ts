/** JSON files that lie, for fuzzing: good ones, of which some places hold what nobody expects there. */
import fc from 'fast-check'
import { HeadlightError } from '../src/errors.ts'

const DEPTH = 20_000

/** As text, since some of it no program would write. */
const LIES = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1', '2', '3', '7', '0.5', '31', '4096', '65535', '16777216'],
  ...[
    '2147483648',
    '-2147483649',
    '1099511627776',
    '9007199254740991',
    '18446744073709551616',
    '1e308',
    '1e999',
    '-1e999',
    '5e-324',
  ],
  ...['""', '"x"', '"F32"', '"__proto__"', '"constructor"', '"\\ud800"', '"\\u0000"', '"1"', '"∞"'],
  ...['[]', '[null]', '[-1]', '[[1]]', '[0,0]', '[1,0]', '["a","b"]', '[9007199254740993,1]'],
  ...['{}', '{"a":1}', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":1}}', '{"type":"x"}', '{"length":1e9}'],
  `"${'long '.repeat(20_000)}"`,
  `[${'1,'.repeat(20_000)}1]`,
  '['.repeat(DEPTH) + ']'.repeat(DEPTH),
  `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
] as const

type Place = readonly (string | number)[]

/** Where values lie in `json`; of long lists and large objects the beginning, so that others have their turn, too. */
function placesOf(json: unknown, here: Place = []): Place[] {
  if (typeof json !== 'object' || json === null) return [here]
  return [
    here,
    ...Object.entries(json)
      .slice(0, here.length === 0 ? 60 : 12)
      .flatMap(([name, each]) => placesOf(each, [...here, name])),
  ]
}

/** Files that are like `json`, but for up to four places: another value there, none, or a second one of the same name. */
export function lyingFiles(json: object): fc.Arbitrary<string> {
  const places = placesOf(json).slice(1)
  const edit = fc.tuple(
    fc.nat(places.length - 1),
    fc.constantFrom('instead', 'instead', 'missing', 'twice', 'named'),
    fc.nat(LIES.length - 1),
  )
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const file = structuredClone(json)
    for (const [place, how, lie] of edits) {
      const path = places[place]!
      const parent = path.slice(0, -1).reduce<unknown>((at, name) => Object(at)[name], file)
      if (typeof parent !== 'object' || parent === null) continue // an edit before this one took it away
      const name = path.at(-1)!
      const mark = `lie ${lie}`
      if (how === 'missing') Reflect.deleteProperty(parent, name)
      else if (how === 'instead') Reflect.set(parent, name, mark)
      else Reflect.set(parent, how === 'twice' ? `twice ${name}` : '__proto__ ', mark)
    }
    return JSON.stringify(file)
      .replace(/"lie (\d+)"/g, (_, lie: string) => LIES[Number(lie)]!)
      .replaceAll('"twice ', '"')
      .replaceAll('"__proto__ "', '"__proto__"')
  })
}

/** True where `run` succeeds or says what is wrong in words that a person can read. @throws anything else */
export async function succeedsOrSays(run: () => unknown): Promise<boolean> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof HeadlightError)) throw error
    return error.message.length < 2500 && JSON.stringify(error.details).length < 10_000
  }
  return true
}
