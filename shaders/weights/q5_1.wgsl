// 32 weights: scale · (0 … 31) + minimum.

override HEADS: u32;  // [blocks] scale and minimum, f16; u32: the fifth bit of weight i is bit i
override QUANTS: u32; // [blocks, 16] bytes: weights 0 to 15 below, 16 to 31 above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 4;
  let head = weight[HEADS + nth_block];
  let lows = (weight[QUANTS + nth_block * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  let highs = head.y >> ((at & 3) * 8);
  let quants = lows | (bits(vec2u(highs, highs >> 4)) << vec2u(4));
  let scale = unpack2x16float(head.x);
  return mat2x4f(scale.x * bytes(quants.x) + scale.y, scale.x * bytes(quants.y) + scale.y);
}
