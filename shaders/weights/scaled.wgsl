// 8-bit numbers, each times a scale: [rows, WEIGHT_WIDTH], four to a u32, a row padded with zeros to a multiple of 8. Behind
// them an f32 for every 128 numbers of a row, and for the rest of it.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
override SCALES: u32;       // where the scales begin, in pairs
override ROW_SCALES: u32 = (WEIGHT_WIDTH + 127) / 128;
@group(0) @binding(1) var<storage, read> weight: array<vec2u>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * ROW_SCALES + group / 16;
  let pair = weight[SCALES + at / 2];
  let scale = bitcast<f32>(select(pair.x, pair.y, (at & 1) == 1));
  return scale * eight_numbers(weight[row * (WEIGHT_WIDTH / 8) + group]);
}
