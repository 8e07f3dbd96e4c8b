// Weights as 16-bit floats, two to a u32: [rows, WEIGHT_WIDTH], a row padded with zeros to a multiple of 8.
// Unpacking needs no shader-f16.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
@group(0) @binding(1) var<storage, read> weight: array<vec4u>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let packed = weight[row * (WEIGHT_WIDTH / 8) + group];
  return mat2x4f(
    vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y)),
    vec4f(unpack2x16float(packed.z), unpack2x16float(packed.w)),
  );
}
