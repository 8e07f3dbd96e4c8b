// As weights/iq4_nl.wgsl: a byte holds weight i below and i + 16 above. ABOVE is that of the levels.

const DISTANCE = 2u;

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let found = levels(weight[QUANTS + at]);
  let sum = dot8(v.low, found.low) + dot8(v.high, found.high);
  return half_float(SCALES, at / 2) * (sum - (v.above.x + v.above.y));
}
