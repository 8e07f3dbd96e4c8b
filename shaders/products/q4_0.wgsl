// As weights/q4_0.wgsl: a byte holds weight i below and i + 16 above.

const DISTANCE = 2u;

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Placed) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let quants = dot8(v.low, in_place(low_nibbles(packed))) + dot8(v.high, in_place(high_nibbles(packed)));
  return half_float(SCALES, at / 2) * (quants - 8 * (v.low_sum + v.high_sum));
}
