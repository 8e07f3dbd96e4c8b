// As weights/q8_0.wgsl: two groups beside each other, one scale.

const DISTANCE = 1u;

fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Sixteen {
  return sixteen(row, unit, moments, squares);
}

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Sixteen) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let first = weight[QUANTS + 2 * at];
  let second = weight[QUANTS + 2 * at + 1];
  let low = mat2x4f(signed_bytes(first.x), signed_bytes(first.y));
  let high = mat2x4f(signed_bytes(second.x), signed_bytes(second.y));
  return half_float(SCALES, at / 2) * (dot8(v.low, low) + dot8(v.high, high));
}
