// As weights/q8_0.wgsl: two groups beside each other, one scale. Bytes that are not signed in place begin at -128.

const DISTANCE = 1u;
const ABOVE = vec4f(128, 128, 128, 0);

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let low = weight[QUANTS + 2 * at] ^ vec2u(0x808080);
  let high = weight[QUANTS + 2 * at + 1] ^ vec2u(0x808080);
  let sum = dot8(v.low, low) + dot8(v.high, high);
  return half_float(SCALES, at / 2) * (sum - (v.above.x + v.above.y));
}
