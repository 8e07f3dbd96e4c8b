// Sixteen numbers at a time, of blocks whose words hold two groups of eight: DISTANCE, which a layout's file says, apart.
//
// Bytes of weight are taken where they stand in their word, so numbers of x are over their places: once for all rows of
// weight, and nothing is rounded. Nor is anything taken from each weight: a layout's file says by how much the bytes of a
// word are ABOVE weights, and that times x, which is the same for all rows, is taken from their product.

const UNIT = 2u; // groups of 8 numbers that are read together

/// Numbers of x, times PLACES; and those of low and of high times ABOVE, summed.
struct Numbers { low: mat2x4f, high: mat2x4f, above: vec2f }

/// Unit number `unit` of a row of x.
fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Numbers {
  let group = unit / DISTANCE * (2 * DISTANCE) + unit % DISTANCE;
  let low = x8(row, group, moments, squares);
  let high = x8(row, group + DISTANCE, moments, squares);
  return Numbers(
    mat2x4f(low[0] * PLACES, low[1] * PLACES),
    mat2x4f(high[0] * PLACES, high[1] * PLACES),
    vec2f(dot(low[0] + low[1], ABOVE), dot(high[0] + high[1], ABOVE)),
  );
}

/// Eight numbers of x times bytes of weight, in place.
fn dot8(v: mat2x4f, packed: vec2u) -> f32 { return dot(v[0], in_place(packed.x)) + dot(v[1], in_place(packed.y)); }
