/** Writes ONNX files: as much of its protobuf as a decoder's graph takes. Weights go to a file beside it. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { basename } from 'node:path'

type Value = string | Uint8Array
/** Fields of a message: their number, and what they hold. Whole numbers are varints, `{ float }` is 32 bits. */
type Field = readonly [number: number, value: Value | number | bigint | { readonly float: number }]

export type Attribute = number | string | { readonly float: number } | readonly number[]

export type Dimension = number | string

const FLOAT = 1
const UINT8 = 2
const INT64 = 7

/** ONNX's own operators, and those of onnxruntime. */
const OPSET = 21
const MICROSOFT = 'com.microsoft'

export class Onnx {
  readonly #path: string
  readonly #weights: number
  #offset = 0
  #names = 0
  readonly #graph: Field[] = []

  /** @param path of the .onnx file; weights go to `${path}_data` */
  constructor(path: string) {
    this.#path = path
    this.#weights = openSync(`${path}_data`, 'w')
  }

  input(name: string, type: 'float' | 'int64', shape: readonly Dimension[]): string {
    this.#graph.push([11, valueInfo(name, type, shape)])
    return name
  }

  output(name: string, type: 'float' | 'int64', shape: readonly Dimension[]): void {
    this.#graph.push([12, valueInfo(name, type, shape)])
  }

  /** A weight, whose bytes are written now. */
  weight(data: Float32Array | Uint8Array, shape: readonly number[]): string {
    const name = this.#name('weight')
    const entry = (key: string, value: string): Field => [13, message([1, key], [2, value])]
    this.#graph.push([
      5,
      message(
        ...shape.map((size): Field => [1, size]),
        [2, data instanceof Uint8Array ? UINT8 : FLOAT],
        [8, name],
        entry('location', basename(`${this.#path}_data`)),
        entry('offset', String(this.#offset)),
        entry('length', String(data.byteLength)),
        [14, 1],
      ),
    ])
    writeSync(this.#weights, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    this.#offset += data.byteLength
    return name
  }

  /** A few whole numbers, in the graph itself; no shape: a scalar. */
  constant(numbers: readonly number[], shape: readonly number[] = [numbers.length]): string {
    const name = this.#name('constant')
    const data = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer)
    this.#graph.push([5, message(...shape.map((size): Field => [1, size]), [2, INT64], [8, name], [9, data])])
    return name
  }

  /** Adds an operation. @returns its outputs: as many new names as asked for, or those that are given */
  node(
    operator: string,
    inputs: readonly string[],
    {
      outputs = 1,
      ...attributes
    }: { outputs?: number | readonly string[] } & Record<string, Attribute | readonly string[]> = {},
  ): readonly [string, ...string[]] {
    const names =
      typeof outputs === 'number' ? Array.from({ length: outputs }, () => this.#name(operator)) : [...outputs]
    const [domain, type] = operator.includes('.') ? [MICROSOFT, operator.split('.').at(-1)!] : ['', operator]
    this.#graph.push([
      1,
      message(
        ...inputs.map((name): Field => [1, name]),
        ...names.map((name): Field => [2, name]),
        [3, this.#name('node')],
        [4, type],
        ...Object.entries(attributes).map(([name, value]): Field => [5, attribute(name, value as Attribute)]),
        [7, domain],
      ),
    ])
    return names as [string, ...string[]]
  }

  finish(): void {
    closeSync(this.#weights)
    const opset = (domain: string, version: number): Field => [8, message([1, domain], [2, version])]
    const graph = message(...this.#graph, [2, 'decoder'])
    writeFileSync(this.#path, message([1, 10], [7, graph], opset('', OPSET), opset(MICROSOFT, 1)))
  }

  #name(of: string): string {
    return `${of}_${this.#names++}`
  }
}

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2])
  if (typeof value === 'string') return message([1, name], [4, value], [20, 3])
  if ('float' in value) return message([1, name], [2, value], [20, 1])
  return message([1, name], ...value.map((number): Field => [8, number]), [20, 7])
}

function valueInfo(name: string, type: 'float' | 'int64', shape: readonly Dimension[]): Uint8Array {
  const dimensions = shape.map((size): Field => [1, message(typeof size === 'number' ? [1, size] : [2, size])])
  const tensor = message([1, type === 'float' ? FLOAT : INT64], [2, message(...dimensions)])
  return message([1, name], [2, message([1, tensor])])
}

function message(...fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [number, value] of fields) {
    if (typeof value === 'number' || typeof value === 'bigint') parts.push(varint(number << 3), varint(value))
    else if (typeof value === 'object' && 'float' in value) {
      parts.push(varint((number << 3) | 5), new Uint8Array(Float32Array.of(value.float).buffer))
    } else {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
      parts.push(varint((number << 3) | 2), varint(bytes.length), bytes)
    }
  }
  return Buffer.concat(parts)
}

/** Seven bits a byte, the lowest first; negative numbers as 64 bits. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}
