// Bytes of weight become numbers where they stand in their word, without a shift: 2⁰, 2⁸, 2¹⁶ or 2²⁴ times what they are.
// So numbers of x are that much smaller, which rounds nothing and is done once for all rows of weight. Nor is anything
// taken from each weight: all rows take the same sums of x, times what their block says, from their product.

const PLACES = vec4f(1, 0x1p-8, 0x1p-16, 0x1p-24);
const MASKS = vec4u(0xff, 0xff00, 0xff0000, 0xff000000);

/// Sixteen numbers of x, each times its place, and what they add up to as they are.
struct Placed { low: mat2x4f, high: mat2x4f, low_sum: f32, high_sum: f32 }

fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Placed {
  let v = sixteen(row, unit, moments, squares);
  return Placed(placed(v.low), placed(v.high), dot(v.low[0] + v.low[1], vec4f(1)), dot(v.high[0] + v.high[1], vec4f(1)));
}

fn placed(v: mat2x4f) -> mat2x4f { return mat2x4f(v[0] * PLACES, v[1] * PLACES); }

/// Eight bytes below 128, in place. From i32, as that is a single instruction on more machines than from u32.
fn in_place(packed: vec2u) -> mat2x4f {
  return mat2x4f(vec4f(bitcast<vec4i>(vec4u(packed.x) & MASKS)), vec4f(bitcast<vec4i>(vec4u(packed.y) & MASKS)));
}
