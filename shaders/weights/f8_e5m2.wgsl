// 8-bit floats with 5 bits of exponent, the upper half of a 16-bit float's bits.

fn eight_numbers(packed: vec2u) -> mat2x4f {
  let even = (packed << vec2u(8)) & vec2u(0xff00ff00); // numbers 0 and 2 of each u32, as 16-bit floats
  let odd = packed & vec2u(0xff00ff00);
  let a = unpack2x16float(even.x);
  let b = unpack2x16float(odd.x);
  let c = unpack2x16float(even.y);
  let d = unpack2x16float(odd.y);
  return mat2x4f(a.x, b.x, a.y, b.y, c.x, d.x, c.y, d.y);
}
