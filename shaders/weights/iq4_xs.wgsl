// 256 weights, 32 under each scale: super · (scale - 32) · one of 16 levels, which lie closer around zero.

override HEADS: u32;  // [blocks] super, f16; u16 with the high two bits of 8 scales; u32 with their low four bits
override QUANTS: u32; // [blocks, 8, 16] bytes: of 32 weights, 0 to 15 below, 16 to 31 above

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let quants = (weight[QUANTS + at / 4 * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  let head = weight[HEADS + at / 32];
  let i = at / 4 % 8; // of the block's scales
  let low = (head.y >> (i * 4)) & 15;
  let high = (head.x >> (16 + i * 2)) & 3;
  let scale = unpack2x16float(head.x).x * (f32(low | (high << 4)) - 32);
  return scale * levels8(quants);
}
