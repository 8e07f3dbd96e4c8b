// As weights/iq4_nl.wgsl: a byte holds weight i below and i + 16 above.

const DISTANCE = 2u;

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Sixteen) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let low = low_nibbles(packed);
  let high = high_nibbles(packed);
  let levels = dot16(v, mat2x4f(level(low.x), level(low.y)), mat2x4f(level(high.x), level(high.y)));
  return half_float(SCALES, at / 2) * levels;
}
