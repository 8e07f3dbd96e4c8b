// As mxfp4, its numbers in another order: those that are neighbours share a byte.

override SCALES: u32; // [blocks] bytes
override QUANTS: u32; // [blocks, 16] bytes: weights 0, 2, 4 … below, 1, 3, 5 … above

// 0 1 2 3, 4 6 8 12, and the same below zero
const LEVELS = vec4u(0x03020100, 0x0c080604, 0xfdfeff00, 0xf4f8fafc);

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let packed = word(QUANTS, at);
  let even = looked_up(LEVELS, packed & 0x0f0f0f0f);
  let odd = looked_up(LEVELS, (packed >> 4) & 0x0f0f0f0f);
  let exponent = (word(SCALES, at / 16) >> (at / 4 % 4 * 8)) & 255;
  let scale = bitcast<f32>((max(exponent, 1) - 1) << 23);
  return scale * mat2x4f(even.x, odd.x, even.y, odd.y, even.z, odd.z, even.w, odd.w);
}
