// Eight numbers at a time, of any layout.

const UNIT = 1u; // groups of 8 numbers that are read together

alias Numbers = mat2x4f; // of x

/// Unit number `unit` of a row of x.
fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Numbers {
  return x8(row, unit, moments, squares);
}

/// The same unit of a row of weight, times these.
fn product(row: u32, unit: u32, v: Numbers) -> f32 {
  let w = weight8(row, unit);
  return dot(v[0], w[0]) + dot(v[1], w[1]);
}
