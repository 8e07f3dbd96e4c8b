// As weights/q4_k.wgsl: a byte holds weight i below and i + 32 above, each under scales of its own.

const DISTANCE = 4u;

/// A unit of a row of weight, times one of x.
fn product(row: u32, unit: u32, v: Sixteen) -> f32 {
  let at = row * (WEIGHT_WIDTH / 16) + unit;
  let packed = weight[QUANTS + at];
  let low = low_nibbles(packed);
  let high = high_nibbles(packed);
  let nth_block = at / 16;
  let i = at / 4 % 4 * 2; // of the block's scales
  let a = scale_and_minimum(nth_block, i);
  let b = scale_and_minimum(nth_block, i + 1);
  return a.x * dot8(v.low, mat2x4f(bytes(low.x), bytes(low.y))) - a.y * sum8(v.low)
    + b.x * dot8(v.high, mat2x4f(bytes(high.x), bytes(high.y))) - b.y * sum8(v.high);
}

fn sum8(v: mat2x4f) -> f32 { return dot(v[0] + v[1], vec4f(1)); }
