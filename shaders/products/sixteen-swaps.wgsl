// What lanes swap in their quad.
fn swapped_x(v: Numbers) -> Numbers {
  return Numbers(
    mat2x4f(quadSwapX(v.low[0]), quadSwapX(v.low[1])), mat2x4f(quadSwapX(v.high[0]), quadSwapX(v.high[1])), quadSwapX(v.above));
}
fn swapped_y(v: Numbers) -> Numbers {
  return Numbers(
    mat2x4f(quadSwapY(v.low[0]), quadSwapY(v.low[1])), mat2x4f(quadSwapY(v.high[0]), quadSwapY(v.high[1])), quadSwapY(v.above));
}
