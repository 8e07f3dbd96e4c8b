// 32 weights: scale · (0 … 15) + minimum.

override SCALES: u32; // [blocks, 2] f16: scale, minimum
override QUANTS: u32; // [blocks, 16] bytes: weights 0 to 15 below, 16 to 31 above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 4;
  let quants = (weight[QUANTS + nth_block * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  let scale = unpack2x16float(word(SCALES, nth_block));
  return mat2x4f(scale.x * bytes(quants.x) + scale.y, scale.x * bytes(quants.y) + scale.y);
}
