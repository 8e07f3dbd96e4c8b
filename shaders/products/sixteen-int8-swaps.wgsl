// What lanes swap in their quad.
fn swapped_x(v: Numbers) -> Numbers {
  return Numbers(
    Int8(quadSwapX(v.low.bytes), quadSwapX(v.low.scale)), Int8(quadSwapX(v.high.bytes), quadSwapX(v.high.scale)), quadSwapX(v.above));
}
fn swapped_y(v: Numbers) -> Numbers {
  return Numbers(
    Int8(quadSwapY(v.low.bytes), quadSwapY(v.low.scale)), Int8(quadSwapY(v.high.bytes), quadSwapY(v.high.scale)), quadSwapY(v.above));
}
