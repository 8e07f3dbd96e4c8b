// 32 weights: scale · (-128 … 127).

override SCALES: u32; // [blocks] f16
override QUANTS: u32; // [blocks, 32] i8

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let at = row * (WEIGHT_WIDTH / 8) + group;
  let quants = weight[QUANTS + at];
  return half_float(SCALES, at / 4) * mat2x4f(signed_bytes(quants.x), signed_bytes(quants.y));
}
