// What q4_k and q5_k share: 256 weights, 32 under each pair of scales of 6 bits.

override HEADS: u32; // [blocks, 4] u32: super, two f16; bytes with the scales 0 to 3 in the low six bits; bytes with the
                     // minimums 0 to 3; bytes with the low bits of scale 4 to 7 below, of minimum 4 to 7 above, whose
                     // high bits are above those of 0 to 3

/// (super.x · scale, super.y · minimum) of a block's 32 weights number i.
fn scale_and_minimum(nth_block: u32, i: u32) -> vec2f {
  let first = weight[HEADS + nth_block * 2];
  let second = weight[HEADS + nth_block * 2 + 1];
  let shift = i % 4 * 8;
  let own = vec2u(first.y, second.x) >> vec2u(shift);
  let lows = (vec2u(second.y) >> vec2u(shift, shift + 4)) & vec2u(15);
  let packed = select(own & vec2u(63), lows | ((own >> vec2u(2)) & vec2u(48)), i >= 4);
  return unpack2x16float(first.x) * vec2f(packed);
}
