// Weights as 8-bit floats with 5 bits of exponent, the upper half of a 16-bit float's bits, four to a u32:
// [rows, WEIGHT_WIDTH], a row padded with zeros to a multiple of 8.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
@group(0) @binding(1) var<storage, read> weight: array<vec2u>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f {
  let packed = weight[row * (WEIGHT_WIDTH / 8) + group];
  let even = (packed << vec2u(8)) & vec2u(0xff00ff00); // numbers 0 and 2 of each u32, as 16-bit floats
  let odd = packed & vec2u(0xff00ff00);
  let a = unpack2x16float(even.x);
  let b = unpack2x16float(odd.x);
  let c = unpack2x16float(even.y);
  let d = unpack2x16float(odd.y);
  return mat2x4f(a.x, b.x, a.y, b.y, c.x, d.x, c.y, d.y);
}
