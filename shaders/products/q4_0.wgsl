// As weights/q4_0.wgsl: a byte holds weight i below and i + 16 above.

const DISTANCE = 2u;
const ABOVE = vec4f(8);

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let sum = dot8(v.low, low_nibbles(packed)) + dot8(v.high, high_nibbles(packed));
  return half_float(SCALES, at / 2) * (sum - (v.above.x + v.above.y));
}
