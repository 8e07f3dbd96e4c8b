// 32 weights: scale · one of 16 levels, which lie closer around zero.

override SCALES: u32; // [blocks] f16
override QUANTS: u32; // [blocks, 16] bytes: weights 0 to 15 below, 16 to 31 above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 4;
  let quants = (weight[QUANTS + nth_block * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  return half_float(SCALES, nth_block) * levels8(quants);
}
