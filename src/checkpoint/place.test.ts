import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingFile } from './folder.ts'
import { openPlace, type Place } from './place.ts'
import { parseSource } from './source.ts'

const QUICK = { attempts: 2, firstMs: 1, silenceMs: 500 }
const PAGE = '<!DOCTYPE html><html><body>Not here</body></html>'

let server: Server
let host: string
const requested: string[] = []

const answer: RequestListener = ({ url = '' }, response) => {
  requested.push(url)
  const name = url.replace(/\?.*/, '').split('/').at(-1) ?? ''
  const status = /^\d+$/.exec(name)?.[0]
  if (status) return void response.writeHead(Number(status), { 'content-type': 'text/html' }).end(PAGE)
  switch (name) {
    case 'config.json':
      return void response.end('{"layers": 2}')
    case 'broken.json':
      return void response.end('{"layers": 2')
    case 'typed-page.json':
      return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE)
    case 'page.json':
    case 'page.bin':
      return void response.end(`\n${PAGE}`)
    case 'empty.bin':
      return void response.end()
    case 'data.bin':
      return void response.writeHead(200, { 'content-length': 100_000 }).end(new Uint8Array(100_000).fill(7))
    case 'short.bin':
      response.writeHead(200, { 'content-length': 100_000 }).write(new Uint8Array(50_000))
      return void setTimeout(() => response.destroy(), 20)
    case 'slow.bin':
      return void response.writeHead(200).write(new Uint8Array(100))
    default:
      return void response.writeHead(404).end('no')
  }
}

beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** A folder of the host, of which nothing is stored. */
const open = (url: string | URL): Promise<Place> => openPlace(parseSource(url), { cache: false, patience: QUICK })

async function byteLengthOf(body: ReadableStream<Uint8Array>): Promise<number> {
  let length = 0
  for await (const chunk of body) length += chunk.length
  return length
}

describe('addresses', () => {
  test.each([
    ['/models/tiny', 'config.json', '/models/tiny/config.json'],
    ['/models/tiny/', 'config.json', '/models/tiny/config.json'],
    ['/models/tiny?revision=main&key=a%2Fb#part', 'config.json', '/models/tiny/config.json?revision=main&key=a%2Fb'],
    ['/m/', 'onnx/a file?.json', '/m/onnx/a%20file%3F.json'],
  ])('%s and %s', async (folder, name, want) => {
    expect((await open(host + folder)).locate(name)).toBe(host + want)
    expect((await open(new URL(host + folder))).locate(name)).toBe(host + want)
  })
})

describe('files', () => {
  test('are fetched once', async () => {
    requested.length = 0
    const folder = await open(`${host}/m?key=1`)
    expect(await folder.json('config.json')).toEqual({ layers: 2 })
    expect(await folder.text('config.json')).toBe('{"layers": 2}')
    const file = await folder.open('data.bin')
    expect(file).toMatchObject({ name: 'data.bin', byteLength: 100_000 })
    expect(await byteLengthOf(file!.body)).toBe(100_000)
    expect(await byteLengthOf((await folder.open('empty.bin'))!.body)).toBe(0)
    expect(requested).toEqual([
      '/m/config.json?key=1',
      '/m/config.json?key=1',
      '/m/data.bin?key=1',
      '/m/empty.bin?key=1',
    ])
  })

  test.each(['404', '410', 'none.json', 'typed-page.json', 'page.json', 'page.bin'])('%s is missing', async (name) => {
    const folder = await open(host)
    expect(await folder.json(name)).toBeUndefined()
    expect(await folder.text(name)).toBeUndefined()
    expect(await folder.open(name)).toBeUndefined()
    expect(missingFile(folder, name)).toMatchObject({
      code: 'missing-file',
      details: { file: name, url: `${host}/${name}` },
    })
  })

  test.each([
    ['500', 'Try again'],
    ['403', 'public'],
    ['429', 'Try again'],
    ['400', 'address'],
  ])('status %s is an error of the network', async (name, advice) => {
    const error = { code: 'network', message: expect.stringContaining(advice), details: { status: Number(name) } }
    await expect((await open(host)).json(name)).rejects.toMatchObject(error)
    await expect((await open(host)).open(name)).rejects.toMatchObject(error)
  })

  test('what is not JSON says how it starts', async () => {
    const error = { code: 'bad-file', message: expect.stringContaining('layers') }
    await expect((await open(host)).json('broken.json')).rejects.toMatchObject(error)
  })

  test('no host, or one that hangs up, is an error of the network', async () => {
    const nobody = await open('http://127.0.0.1:9/')
    await expect(nobody.json('config.json')).rejects.toMatchObject({ code: 'network' })
    await expect(nobody.open('data.bin')).rejects.toMatchObject({ code: 'network' })
    const short = await (await open(host)).open('short.bin')
    await expect(byteLengthOf(short!.body)).rejects.toMatchObject({ code: 'network' })
  })

  test('aborting throws the reason: before, while connecting, while reading', async () => {
    const reason = new Error('enough')
    await expect((await open(host)).json('config.json', AbortSignal.abort(reason))).rejects.toBe(reason)
    const abort = new AbortController()
    const file = await (await open(host)).open('slow.bin', abort.signal)
    const reading = byteLengthOf(file!.body)
    abort.abort(reason)
    await expect(reading).rejects.toBe(reason)
  })
})
