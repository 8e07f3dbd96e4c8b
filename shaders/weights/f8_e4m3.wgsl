// 8-bit floats with 4 bits of exponent (e4m3fn: no infinity). NaN, which no checkpoint that works has, reads as ±480.

fn eight_numbers(packed: vec2u) -> mat2x4f {
  let even = halves(packed << vec2u(8));
  let odd = halves(packed);
  let a = unpack2x16float(even.x);
  let b = unpack2x16float(odd.x);
  let c = unpack2x16float(even.y);
  let d = unpack2x16float(odd.y);
  return mat2x4f(a.x, b.x, a.y, b.y, c.x, d.x, c.y, d.y) * 256; // the biases of the exponents are 7 and 15
}

/// The upper byte of each half of a u32, exponent and fraction one bit lower: a 16-bit float.
fn halves(packed: vec2u) -> vec2u { return (packed & vec2u(0x80008000)) | ((packed & vec2u(0x7f007f00)) >> vec2u(1)); }
