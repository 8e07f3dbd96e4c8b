// 256 weights, 32 under each pair of scales: super.x · scale · (0 … 15) - super.y · minimum.

override QUANTS: u32; // [blocks, 4, 32] bytes: of 64 weights, the first 32 below, the others above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let quants = (weight[QUANTS + at / 8 * 4 + (at & 3)] >> vec2u(at & 4)) & vec2u(0x0f0f0f0f);
  let scale = scale_and_minimum(at / 32, at / 4 % 8);
  return mat2x4f(scale.x * bytes(quants.x) - scale.y, scale.x * bytes(quants.y) - scale.y);
}
