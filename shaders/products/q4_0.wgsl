// As weights/q4_0.wgsl: a byte holds weight i below and i + 16 above.

const DISTANCE = 2u;

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Sixteen) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let low = low_nibbles(packed);
  let high = high_nibbles(packed);
  let quants = dot16(v, mat2x4f(bytes(low.x) - 8, bytes(low.y) - 8), mat2x4f(bytes(high.x) - 8, bytes(high.y) - 8));
  return half_float(SCALES, at / 2) * quants;
}
