// As weights/q6_k.wgsl: a byte holds the low bits of weight i below and of i + 64 above, each under a scale of its own.

const DISTANCE = 8u;
const ABOVE = vec4f(32);

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let half = at / 8; // 128 weights
  let group = half * 16 + at % 8;
  let lows = weight[QUANTS + at];
  let highs = weight[HIGHS + half * 4 + at % 4] >> vec2u(at / 4 % 2 * 2);
  let low = low_nibbles(lows) | ((highs & vec2u(0x03030303)) << vec2u(4));
  let high = high_nibbles(lows) | (highs & vec2u(0x30303030));
  let scales = vec2f(small_scale(group / 2), small_scale(group / 2 + 4));
  let sums = vec2f(dot8(v.low, low) - v.above.x, dot8(v.high, high) - v.above.y);
  return half_float(SUPERS, at / 16) * dot(scales, sums);
}

/// A scale of 16 weights.
fn small_scale(at: u32) -> f32 {
  return f32(bitcast<i32>(word(SCALES, at / 4) << (24 - at % 4 * 8)) >> 24);
}
