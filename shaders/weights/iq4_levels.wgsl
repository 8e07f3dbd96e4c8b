// What iq4_nl and iq4_xs share: 16 levels, which lie closer around zero.

/// Numbers of eight bytes: of their low four bits, and of their high ones.
struct Levels { low: vec2u, high: vec2u }

const EVERY_FOURTH = vec2u(0x11111111);
const ABOVE = vec4f(127, 127, 127, -1); // levels, that `levels` gives; the last byte of a word is signed

/// The levels of 16 nibbles n, as bytes that are ABOVE them: -127 -104 -83 -65, -49 -35 -22 -10, 1 13 25 38, 53 69 89 113.
/// 127 more than these are 16 · n - 16 · less + 8 · d3 + 4 · d2 + 2 · d1 + d0, where `less` and the d are logic of the bits of
/// n, which is done for all nibbles at once; a table, or a polynomial, would go number by number.
fn levels(nibbles: vec2u) -> Levels {
  // The bits of n, each where its lowest is. What is beside these bits is cut off in the end.
  let b0 = nibbles;
  let b1 = nibbles >> vec2u(1);
  let b2 = nibbles >> vec2u(2);
  let b3 = nibbles >> vec2u(3);
  let two = b1 & ~b0;
  let rest = b2 & ~two;
  let odd = b0 ^ rest;
  let both = b1 & b3;
  let d1 = odd & ~b3;
  let d2 = odd | ((b2 ^ two) & ~both);
  let d3 = b1 ^ rest ^ (b3 & d2);
  let some = (b3 & d2) | d3;
  let d0 = d2 ^ (some & ~both);
  let less = b3 & some;

  let low_bits = (d0 & EVERY_FOURTH) + 2 * (d1 & EVERY_FOURTH) + 4 * (d2 & EVERY_FOURTH) + 8 * (d3 & EVERY_FOURTH);
  let high_bits = (nibbles - (less & EVERY_FOURTH)) ^ vec2u(0x88000000); // of the last byte, the sign
  return Levels(
    (low_bits & vec2u(0x0f0f0f0f)) + 16 * (high_bits & vec2u(0x0f0f0f0f)),
    ((low_bits >> vec2u(4)) & vec2u(0x0f0f0f0f)) | (high_bits & vec2u(0xf0f0f0f0)),
  );
}

/// The levels of eight bytes from 0 to 15.
fn levels8(nibbles: vec2u) -> mat2x4f {
  let found = levels(nibbles).low;
  return mat2x4f(in_place(found.x) * PLACES - ABOVE, in_place(found.y) * PLACES - ABOVE);
}
