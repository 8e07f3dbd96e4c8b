// 32 weights: 2^(scale - 128) · twice a 4-bit float (e2m1). Blocks with a scale below 2, numbers under 2^-123, are zero.

override SCALES: u32; // [blocks] bytes
override QUANTS: u32; // [blocks, 16] bytes: weights 0 to 15 below, 16 to 31 above

// 0 1 2 3, 4 6 8 12, and the same below zero
const LEVELS = vec4u(0x03020100, 0x0c080604, 0xfdfeff00, 0xf4f8fafc);

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let nth_block = at / 4;
  let quants = (weight[QUANTS + nth_block * 2 + (at & 1)] >> vec2u((at & 2) * 2)) & vec2u(0x0f0f0f0f);
  let exponent = (word(SCALES, nth_block / 4) >> (nth_block % 4 * 8)) & 255;
  let scale = bitcast<f32>((max(exponent, 1) - 1) << 23);
  return scale * mat2x4f(looked_up(LEVELS, quants.x), looked_up(LEVELS, quants.y));
}
