// Sixteen numbers at a time, of blocks whose words hold two groups of eight: DISTANCE, which a layout's file says, apart.

const UNIT = 2u; // groups of 8 numbers that are read together

struct Sixteen { low: mat2x4f, high: mat2x4f }

/// Unit number `unit` of a row of x.
fn sixteen(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Sixteen {
  let group = unit / DISTANCE * (2 * DISTANCE) + unit % DISTANCE;
  return Sixteen(x8(row, group, moments, squares), x8(row, group + DISTANCE, moments, squares));
}

fn dot8(a: mat2x4f, b: mat2x4f) -> f32 { return dot(a[0], b[0]) + dot(a[1], b[1]); }

/// The low and the high four bits of eight bytes, as bytes.
fn low_nibbles(packed: vec2u) -> vec2u { return packed & vec2u(0x0f0f0f0f); }
fn high_nibbles(packed: vec2u) -> vec2u { return (packed >> vec2u(4)) & vec2u(0x0f0f0f0f); }
