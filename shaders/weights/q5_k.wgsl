// 256 weights, 32 under each pair of scales: super.x · scale · (0 … 31) - super.y · minimum.

override HIGHS: u32;  // [blocks, 32] bytes: the fifth bit of weight 32 · i + j is bit i of byte j
override QUANTS: u32; // [blocks, 4, 32] bytes: of 64 weights, the first 32 below, the others above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 32;
  let i = at / 4 % 8; // of the block's scales
  let lows = (weight[QUANTS + at / 8 * 4 + (at & 3)] >> vec2u(at & 4)) & vec2u(0x0f0f0f0f);
  let highs = (weight[HIGHS + nth_block * 4 + (at & 3)] >> vec2u(i)) & vec2u(0x01010101);
  let quants = lows | (highs << vec2u(4));
  let scale = scale_and_minimum(nth_block, i);
  return mat2x4f(scale.x * bytes(quants.x) - scale.y, scale.x * bytes(quants.y) - scale.y);
}
