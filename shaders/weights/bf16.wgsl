// Weights as bfloat16, the upper half of a float's bits, two to a u32: [rows, WEIGHT_WIDTH], a row padded
// with zeros to a multiple of 8.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
@group(0) @binding(1) var<storage, read> weight: array<vec4u>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let packed = weight[row * (WEIGHT_WIDTH / 8) + group];
  let even = bitcast<vec4f>(packed << vec4u(16));
  let odd = bitcast<vec4f>(packed & vec4u(0xffff0000));
  return mat2x4f(vec4f(even.x, odd.x, even.y, odd.y), vec4f(even.z, odd.z, even.w, odd.w));
}
