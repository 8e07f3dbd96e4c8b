// As sixteen.wgsl, with numbers of x rounded to whole numbers of 8 bits, under a scale for each eight of them: products are
// of whole numbers, four at a time, and exact.

const UNIT = 2u; // groups of 8 numbers that are read together

/// Eight numbers of x: scale · bytes.
struct Int8 { bytes: vec2u, scale: f32 }

/// Numbers of x; and those of low and of high times how much bytes of weight are above weights, summed.
struct Numbers { low: Int8, high: Int8, above: vec2f }

// Where a word's first bytes are not signed in place, they are made so; all are above weights by what the last one is.
const FLIPPED = vec2u(select(0u, 0x00808080u, ABOVE.x != ABOVE.w));
const ONES = vec2u(0x01010101);

/// Unit number `unit` of a row of x.
fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Numbers {
  let group = unit / DISTANCE * (2 * DISTANCE) + unit % DISTANCE;
  let low = rounded(x8(row, group, moments, squares));
  let high = rounded(x8(row, group + DISTANCE, moments, squares));
  return Numbers(low, high, ABOVE.w * vec2f(times(low, ONES), times(high, ONES)));
}

fn rounded(v: mat2x4f) -> Int8 {
  let most4 = max(abs(v[0]), abs(v[1]));
  let most = max(max(most4.x, most4.y), max(most4.z, most4.w));
  let inverse = select(0, 127 / most, most > 0);
  return Int8(vec2u(pack4xI8(vec4i(round(inverse * v[0]))), pack4xI8(vec4i(round(inverse * v[1])))), most / 127);
}

/// Eight numbers of x times bytes of weight, in place.
fn dot8(v: Int8, packed: vec2u) -> f32 { return times(v, packed ^ FLIPPED); }

/// The same with signed bytes.
fn times(v: Int8, packed: vec2u) -> f32 {
  return v.scale * f32(dot4I8Packed(v.bytes.x, packed.x) + dot4I8Packed(v.bytes.y, packed.y));
}
