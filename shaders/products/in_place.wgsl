// Bytes of weight become numbers where they stand in their word: 1, 2⁸ and 2¹⁶ times what they are, but the last. So
// numbers of x are that much smaller, which rounds nothing and is done once for all rows of weight. Nor is anything taken
// from each weight: all rows take the same sums of x, times what their block says, from their product.

const PLACES = vec4f(1, 0x1p-8, 0x1p-16, 1);

/// Sixteen numbers of x, each over its place, and what they add up to.
struct Placed { low: mat2x4f, high: mat2x4f, low_sum: f32, high_sum: f32 }

fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Placed {
  let v = sixteen(row, unit, moments, squares);
  return Placed(placed(v.low), placed(v.high), sum8(v.low), sum8(v.high));
}

fn placed(v: mat2x4f) -> mat2x4f { return mat2x4f(v[0] * PLACES, v[1] * PLACES); }
fn sum8(v: mat2x4f) -> f32 { return dot(v[0] + v[1], vec4f(1)); }

/// Eight bytes, times their places.
fn in_place(packed: vec2u) -> mat2x4f { return mat2x4f(in_place4(packed.x), in_place4(packed.y)); }
fn in_place4(packed: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(packed & 0xff, packed & 0xff00, packed & 0xff0000, packed >> 24)));
}
