// As weights/q4_k.wgsl: a byte holds weight i below and i + 32 above, each under scales of its own.

const DISTANCE = 4u;
const ABOVE = vec4f(1); // times the minimum

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let nth_block = at / 16;
  let i = at / 4 % 4 * 2; // of the block's scales
  let a = scale_and_minimum(nth_block, i);
  let b = scale_and_minimum(nth_block, i + 1);
  return a.x * dot8(v.low, low_nibbles(packed)) - a.y * v.above.x
    + b.x * dot8(v.high, high_nibbles(packed)) - b.y * v.above.y;
}
