// Sixteen numbers of x as they are.

fn numbers(row: u32, unit: u32, moments: Moments, squares: ptr<function, vec4f>) -> Sixteen {
  return sixteen(row, unit, moments, squares);
}

fn dot16(v: Sixteen, low: mat2x4f, high: mat2x4f) -> f32 { return dot8(v.low, low) + dot8(v.high, high); }
