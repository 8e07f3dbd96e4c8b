// 256 weights, 16 under each scale: super · scale · (0 … 63 - 32).

override QUANTS: u32; // [blocks, 2, 64] bytes: of 128 weights, the low four bits; the first 64 below, the others above
override HIGHS: u32;  // [blocks, 2, 32] bytes: of 128 weights, the high two bits, 32 in each two bits
override SCALES: u32; // [blocks, 16] i8
override SUPERS: u32; // [blocks] f16

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let half = at / 16; // 128 weights
  let lows = (weight[QUANTS + half * 8 + (at & 7)] >> vec2u((at & 8) / 2)) & vec2u(0x0f0f0f0f);
  let highs = (weight[HIGHS + half * 4 + (at & 3)] >> vec2u((at & 12) / 2)) & vec2u(0x03030303);
  let quants = lows | (highs << vec2u(4));
  let packed = word(SCALES, at / 8) << (24 - at / 2 % 4 * 8);
  let scale = half_float(SUPERS, at / 32) * f32(bitcast<i32>(packed) >> 24);
  return scale * mat2x4f(bytes(quants.x) - 32, bytes(quants.y) - 32);
}
