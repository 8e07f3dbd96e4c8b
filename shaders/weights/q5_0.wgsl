// 32 weights: scale · (0 … 31 - 16).

override SCALES: u32; // [blocks] f16
override HIGHS: u32;  // [blocks] u32: the fifth bit of weight i is bit i
override QUANTS: u32; // [blocks, 16] bytes: weights 0 to 15 below, 16 to 31 above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 4;
  let lows = (weight[QUANTS + nth_block * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  let highs = word(HIGHS, nth_block) >> ((at & 3) * 8);
  let quants = lows | (bits(vec2u(highs, highs >> 4)) << vec2u(4));
  return half_float(SCALES, nth_block) * mat2x4f(bytes(quants.x) - 16, bytes(quants.y) - 16);
}
