// Moves a chunk of whole rows of a file's matrix to the tensor that kernels read, changing the number type on the way.
//   tensor[offset + order[first_row + r]·width + c] = source[r, c]
//   tensor[offset + order[c]·width + first_row + r] = source[r, c]   when TRANSPOSED
// where order[i] is i unless HAS_ORDER. What would lie outside of begin … end − 1 is passed over: another part has it.
// A thread writes one u32 of tensor. All in integers: the rounding of WGSL's own conversions is not specified.

const F32 = 0u;
const F16 = 1u;
const BF16 = 2u;
const F8_E4M3 = 3u;
const F8_E5M2 = 4u;
const I8 = 5u;
override FROM: u32;
override TO: u32; // below F8_E4M3, or FROM
override TRANSPOSED: bool;
override HAS_ORDER: bool;
override PER_SOURCE: u32 = select(select(4u, 2u, FROM < F8_E4M3), 1u, FROM == F32); // numbers in a u32 of source
override PER_WORD: u32 = select(select(4u, 2u, TO < F8_E4M3), 1u, TO == F32);       // and of tensor

struct Part {
  rows: u32,      // in this chunk
  columns: u32,
  first_row: u32, // of this chunk, in the file's matrix; a multiple of PER_WORD
  width: u32,     // numbers from row to row of tensor; a multiple of PER_WORD
  offset: u32,    // where in tensor the matrix begins, in numbers; a multiple of PER_WORD. Wraps around 0.
  begin: u32,     // numbers of tensor that may be written; multiples of PER_WORD
  end: u32,
}

@group(0) @binding(0) var<storage, read> source: array<u32>;         // [part.rows, part.columns], tightly packed
@group(0) @binding(1) var<storage, read_write> tensor: array<u32>;
@group(0) @binding(2) var<uniform> part: Part;
@group(0) @binding(3) var<storage, read> order: array<u32>;          // row of tensor, by the file's row or column

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn repack(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  // Along a row of tensor lie the source's columns; its rows, when transposed.
  let along = select(part.columns, part.rows, TRANSPOSED);
  let lines = select(part.rows, part.columns, TRANSPOSED);
  let words = (along + PER_WORD - 1) / PER_WORD;
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  let line = index / words;
  let i = index % words * PER_WORD;
  if (line >= lines) { return; }

  var word = converted(line, i);
  for (var n = 1u; n < PER_WORD && i + n < along; n++) { word |= converted(line, i + n) << (n * (32 / PER_WORD)); }

  var row = line + select(part.first_row, 0, TRANSPOSED);
  if (HAS_ORDER) { row = order[row]; }
  let column = i + select(0, part.first_row, TRANSPOSED);
  let to = part.offset + row * part.width + column;
  if (to >= part.begin && to < part.end) { tensor[to / PER_WORD] = word; }
}

/// Number `i` of a row of tensor, in the tensor's bits.
fn converted(line: u32, i: u32) -> u32 {
  let at = select(line * part.columns + i, i * part.columns + line, TRANSPOSED);
  let width = 32 / PER_SOURCE; // in bits
  var bits = (source[at / PER_SOURCE] >> (at % PER_SOURCE * width)) & (0xffffffffu >> (32 - width));
  if (FROM == TO) { return bits; }

  if (FROM == F16) { bits = f16_to_f32(bits); }
  if (FROM == BF16) { bits = bits << 16; }
  if (FROM == F8_E4M3) { bits = f8_e4m3_to_f32(bits); }
  if (FROM == F8_E5M2) { bits = f16_to_f32(bits << 8); }
  if (FROM == I8) { bits = bitcast<u32>(f32(bitcast<i32>(bits << 24) >> 24)); }
  if (TO == F16) { return f32_to_f16(bits); }
  if (TO == BF16) { return f32_to_bf16(bits); }
  return bits;
}

/// Exact.
fn f16_to_f32(bits: u32) -> u32 {
  let sign = (bits & 0x8000) << 16;
  let exponent = bits & 0x7c00;
  let fraction = bits & 0x03ff;
  if (exponent == 0) { return sign | bitcast<u32>(f32(fraction) * 0x1p-24f); } // normal as an f32
  if (exponent == 0x7c00) { return sign | 0x7f800000 | (fraction << 13); }
  return sign | (((bits & 0x7fff) << 13) + (112 << 23)); // exponent bias 15 → 127
}

/// Exact. There is no infinity; only the largest magnitude is NaN.
fn f8_e4m3_to_f32(bits: u32) -> u32 {
  let sign = (bits & 0x80) << 24;
  let magnitude = bits & 0x7f;
  if (magnitude < 8) { return sign | bitcast<u32>(f32(magnitude) * 0x1p-9f); } // normal as an f32
  if (magnitude == 0x7f) { return sign | 0x7fc00000; }
  return sign | ((magnitude << 20) + (120 << 23)); // exponent bias 7 → 127
}

/// Nearest, ties to even; infinity from 65520 on; NaN stays NaN.
fn f32_to_f16(bits: u32) -> u32 {
  let sign = (bits >> 16) & 0x8000;
  let magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) { return sign | 0x7e00 | ((magnitude >> 13) & 0x03ff); }
  if (magnitude >= 0x477ff000) { return sign | 0x7c00; }
  if (magnitude >= 0x38800000) { return sign | shift_to_even(magnitude - (112 << 23), 13); }
  // Below 2^-14: a whole number of 2^-24.
  let shift = 126 - (magnitude >> 23);
  if (shift > 24) { return sign; }
  return sign | shift_to_even((magnitude & 0x007fffff) | 0x00800000, shift);
}

/// Nearest, ties to even; NaN stays NaN.
fn f32_to_bf16(bits: u32) -> u32 {
  if ((bits & 0x7fffffff) > 0x7f800000) { return (bits >> 16) | 0x0040; }
  return shift_to_even(bits, 16);
}

/// bits / 2^shift, rounded to nearest, ties to even.
fn shift_to_even(bits: u32, shift: u32) -> u32 {
  return (bits + (1u << (shift - 1)) - 1 + ((bits >> shift) & 1)) >> shift;
}
