// 256 weights, 16 under each scale: super · (scale - 32) · (0 … 7 - 4).

override HIGHS: u32;  // [blocks, 32] bytes: the third bit of weight 32 · i + j is bit i of byte j
override QUANTS: u32; // [blocks, 2, 32] bytes: of 128 weights, 32 in each two bits
override SCALES: u32; // [blocks, 3] u32: 8 bytes with the low four bits of scales 0 to 7 below, 8 to 15 above; then two
                      // bits each: of scales 0, 4, 8 and 12 in the first byte
override SUPERS: u32; // [blocks] f16

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 32;
  let lows = (weight[QUANTS + at / 16 * 4 + (at & 3)] >> vec2u((at & 12) / 2)) & vec2u(0x03030303);
  let highs = (weight[HIGHS + nth_block * 4 + (at & 3)] >> vec2u(at / 4 % 8)) & vec2u(0x01010101);
  let quants = lows | (highs << vec2u(2));
  let i = at / 2 % 16; // of the block's scales
  let low = (word(SCALES, nth_block * 3 + i / 4 % 2) >> (i % 4 * 8 + i / 8 * 4)) & 15;
  let high = (word(SCALES, nth_block * 3 + 2) >> (i % 4 * 8 + i / 4 * 2)) & 3;
  let scale = half_float(SUPERS, nth_block) * (f32(low | (high << 4)) - 32);
  return scale * mat2x4f(bytes(quants.x) - 4, bytes(quants.y) - 4);
}
