// Rounds a chunk of whole rows of a file's matrix to blocks of 32 weights, in the planes of q8_0 or iq4_nl.
//   q8_0:   scale = largest |x| / 127, quant = x · (1 / scale), rounded half away from zero
//   iq4_nl: the scale is the best of eight, by the sum of squared errors, that put the number of largest magnitude on or
//           beside one of the two ends of the levels; quant is the nearest level
// Numbers of the tensor's row `out` that one thread rounds: source[out, 32·b …], or source[32·b …, out] when TRANSPOSED.
// Drivers may divide inexactly, and fuse or reorder sums. What decides a bit is therefore a product of two numbers, which
// all round alike, or a whole number.

const F32 = 0u;
const F16 = 1u;
override FROM: u32;
override Q8: bool; // otherwise iq4_nl
override TRANSPOSED: bool;
override HAS_ORDER: bool;

struct Part {
  rows: u32,       // in this chunk; a multiple of 32 when TRANSPOSED
  columns: u32,    // a multiple of 32 unless TRANSPOSED
  first_row: u32,  // of this chunk, in the file's matrix; a multiple of 32 when TRANSPOSED
  row_blocks: u32, // blocks in a row of tensor
  offset: u32,     // the row of tensor at which the file's matrix begins. Wraps around 0.
  scales: u32,     // where planes begin in tensor, in u32s
  quants: u32,
  all: u32,        // rows of tensor
}

@group(0) @binding(0) var<storage, read> source: array<u32>;              // [part.rows, part.columns], tightly packed
@group(0) @binding(1) var<storage, read_write> tensor: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> part: Part;
@group(0) @binding(3) var<storage, read> order: array<u32>;               // row of tensor, by the file's row or column

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn quantise(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  // Along a row of tensor lie the source's columns; its rows, when transposed.
  let blocks = select(part.columns, part.rows, TRANSPOSED) / 32;
  let lines = select(part.rows, part.columns, TRANSPOSED);
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  let line = index / blocks;
  let first = index % blocks * 32;
  if (line >= lines) { return; }

  var row = line + select(part.first_row, 0, TRANSPOSED);
  if (HAS_ORDER) { row = order[row]; }
  row += part.offset;
  if (row >= part.all) { return; } // another part of the matrix has it
  let place = row * part.row_blocks + (first + select(0, part.first_row, TRANSPOSED)) / 32; // of the block
  var scale: u32;
  if (Q8) { scale = rounded_q8_0(line, first, place); } else { scale = rounded_iq4_nl(line, first, place); }
  // Two blocks share the u32, whoever rounds them: into zeros, in any order.
  atomicOr(&tensor[part.scales + place / 2], scale << (place % 2 * 16));
}

/// Writes the quants; returns the bits of the scale.
fn rounded_q8_0(line: u32, first: u32, place: u32) -> u32 {
  let extreme = abs(largest(line, first));
  var scale = 0.0;
  var inverse = 0.0;
  if (extreme >= LEAST) {
    scale = divided(extreme, 127);
    inverse = divided(1, scale);
  }
  for (var i = 0u; i < 8; i++) {
    let x = numbers(line, first + i * 4) * inverse;
    let whole = (vec4i(abs(x) * 2) + 1) >> vec4u(1);
    let quant = select(whole, -whole, x < vec4f());
    atomicStore(&tensor[part.quants + place * 8 + i], packed(vec4u(quant) & vec4u(255)));
  }
  return f32_to_f16(bitcast<u32>(scale));
}

/// Writes the quants; returns the bits of the scale.
fn rounded_iq4_nl(line: u32, first: u32, place: u32) -> u32 {
  let extreme = largest(line, first);
  // Errors are counted in units of which `extreme` has 2^12 to 2^13: squares of 32 add up to 2^31 at most.
  let exponent = (bitcast<u32>(max(abs(extreme), LEAST)) >> 23) & 0xff;
  let units = bitcast<f32>((266 - exponent) << 23); // 2^(12 - (exponent - 127))
  var scale = 0u;
  var least = 0xffffffffu;
  for (var i = 0u; i < 8; i++) {
    let bits = f32_to_f16(bitcast<u32>(extreme * INVERSES[i]));
    let d = unpack2x16float(bits).x;
    var error = 0u;
    for (var j = 0u; j < 8; j++) {
      let x = numbers(line, first + j * 4);
      let off = vec4i(x * units) - vec4i(d * level(nearest(x, d)) * units);
      error += u32(dot(off, off));
    }
    if (error < least) {
      least = error;
      scale = bits;
    }
  }
  let d = unpack2x16float(scale).x;
  for (var i = 0u; i < 4; i++) {
    let low = nearest(numbers(line, first + i * 4), d);
    let high = nearest(numbers(line, first + 16 + i * 4), d);
    atomicStore(&tensor[part.quants + place * 4 + i], packed(low | (high << vec4u(4))));
  }
  return scale;
}

/// Blocks of smaller numbers are zeros: every scale of theirs is 0 as a 16-bit float.
const LEAST = 0x1p-100f;

/// a / b, to the nearest, of positive numbers: WGSL's own division may be 2.5 units off. A quotient of two numbers of 24
/// bits never lies in the middle of two others.
fn divided(a: f32, b: f32) -> f32 {
  let divisor = mantissa(b);
  let less = u32(mantissa(a) < divisor);
  var rest = (mantissa(a) << less) - divisor;
  var quotient = 1u; // and 24 bits more, in three digits
  for (var i = 0u; i < 3; i++) {
    rest <<= 8;
    quotient = (quotient << 8) | (rest / divisor);
    rest %= divisor;
  }
  let exponent = 126 + (bitcast<u32>(a) >> 23) - (bitcast<u32>(b) >> 23) - less; // of 1.f: f adds the 1
  return bitcast<f32>((exponent << 23) + ((quotient + 1) >> 1));
}

/// 2^23 ≤ mantissa < 2^24
fn mantissa(x: f32) -> u32 { return (bitcast<u32>(x) & 0x007fffff) | 0x00800000; }

/// By the number of largest magnitude: the scales that are tried. The levels end at -127 and 113.
const INVERSES = array(
  1 / -127f, 1 / -121f, 1 / -115f, 1 / -133f, 1 / 113f, 1 / 107f, 1 / 101f, 1 / 119f,
);

/// The number of largest magnitude of 32, the first of equals.
fn largest(line: u32, first: u32) -> f32 {
  var found = 0.0;
  for (var i = 0u; i < 8; i++) {
    let x = numbers(line, first + i * 4);
    if (abs(x.x) > abs(found)) { found = x.x; }
    if (abs(x.y) > abs(found)) { found = x.y; }
    if (abs(x.z) > abs(found)) { found = x.z; }
    if (abs(x.w) > abs(found)) { found = x.w; }
  }
  return found;
}

/// Which level of iq4_nl is nearest to x / d, the upper one of two. The products, of 9 by 11 bits, are exact.
fn nearest(x: vec4f, d: f32) -> vec4u {
  let v = x * select(-1.0, 1.0, d >= 0);
  let unit = abs(d) * 0.5;
  var above = vec4u();
  above += vec4u(v >= vec4f(unit * -231));
  above += vec4u(v >= vec4f(unit * -187));
  above += vec4u(v >= vec4f(unit * -148));
  above += vec4u(v >= vec4f(unit * -114));
  above += vec4u(v >= vec4f(unit * -84));
  above += vec4u(v >= vec4f(unit * -57));
  above += vec4u(v >= vec4f(unit * -32));
  above += vec4u(v >= vec4f(unit * -9));
  above += vec4u(v >= vec4f(unit * 14));
  above += vec4u(v >= vec4f(unit * 38));
  above += vec4u(v >= vec4f(unit * 63));
  above += vec4u(v >= vec4f(unit * 91));
  above += vec4u(v >= vec4f(unit * 122));
  above += vec4u(v >= vec4f(unit * 158));
  above += vec4u(v >= vec4f(unit * 202));
  return above;
}

/// The levels of iq4_nl: -127 -104 -83 -65, -49 -35 -22 -10, 1 13 25 38, 53 69 89 113.
fn level(index: vec4u) -> vec4f {
  let second = (index & vec4u(4)) != vec4u(0);
  let low = select(vec4u(0xbfad9881), vec4u(0xf6eaddcf), second);
  let high = select(vec4u(0x26190d01), vec4u(0x71594535), second);
  let four = select(low, high, (index & vec4u(8)) != vec4u(0));
  return vec4f(bitcast<vec4i>(four << (24 - (index & vec4u(3)) * 8)) >> vec4u(24));
}

fn packed(bytes: vec4u) -> u32 { return bytes.x | (bytes.y << 8) | (bytes.z << 16) | (bytes.w << 24); }

/// Numbers i to i + 3 of a line.
fn numbers(line: u32, i: u32) -> vec4f {
  let at = select(line * part.columns + i, i * part.columns + line, TRANSPOSED);
  let stride = select(1, part.columns, TRANSPOSED);
  return vec4f(number(at), number(at + stride), number(at + stride * 2), number(at + stride * 3));
}

fn number(at: u32) -> f32 {
  if (FROM == F32) { return bitcast<f32>(source[at]); }
  let bits = source[at / 2] >> (at % 2 * 16);
  if (FROM == F16) { return unpack2x16float(bits).x; }
  return bitcast<f32>(bits << 16); // bf16
}

/// Nearest, ties to even; infinity from 65520 on. As in repack.wgsl: the rounding of WGSL's own conversion is not specified.
fn f32_to_f16(bits: u32) -> u32 {
  let sign = (bits >> 16) & 0x8000;
  let magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x477ff000) { return sign | 0x7c00; }
  if (magnitude >= 0x38800000) { return sign | shift_to_even(magnitude - (112 << 23), 13); }
  // Below 2^-14: a whole number of 2^-24.
  let shift = 126 - (magnitude >> 23);
  if (shift > 24) { return sign; }
  return sign | shift_to_even((magnitude & 0x007fffff) | 0x00800000, shift);
}

/// bits / 2^shift, rounded to nearest, ties to even.
fn shift_to_even(bits: u32, shift: u32) -> u32 {
  return (bits + (1u << (shift - 1)) - 1 + ((bits >> shift) & 1)) >> shift;
}
