// 256 weights, 16 under each pair of scales: super.x · scale · (0 … 3) - super.y · minimum.

override SCALES: u32; // [blocks, 16] bytes: scale below, minimum above
override QUANTS: u32; // [blocks, 2, 32] bytes: of 128 weights, 32 in each two bits
override SUPERS: u32; // [blocks, 2] f16

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 32;
  let quants = (weight[QUANTS + at / 16 * 4 + (at & 3)] >> vec2u((at & 12) / 2)) & vec2u(0x03030303);
  let packed = word(SCALES, at / 8) >> (at / 2 % 4 * 8);
  let scale = unpack2x16float(word(SUPERS, nth_block)) * vec2f(vec2u(packed, packed >> 4) & vec2u(15));
  return mat2x4f(scale.x * bytes(quants.x) - scale.y, scale.x * bytes(quants.y) - scale.y);
}
