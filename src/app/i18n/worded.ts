/** The keys of a catalogue, with words of any language. */
export type Worded<T> = { readonly [K in keyof T]: T[K] extends string ? string : Worded<T[K]> }
