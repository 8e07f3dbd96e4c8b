// What the accessors of block formats share. Blocks of 32 or 256 weights of a row, row after row, are taken apart into
// planes (formats.ts): field after field, each [blocks, bytes of the field] in the file's bits.

override WEIGHT_WIDTH: u32; // numbers in a row, whole blocks
@group(0) @binding(1) var<storage, read> weight: array<vec2u>; // a constant for each plane says where it begins

/// A u32 of a plane.
fn word(plane: u32, at: u32) -> u32 { return weight[plane + at / 2][at % 2]; }

/// A 16-bit float of a plane.
fn half_float(plane: u32, at: u32) -> f32 { return unpack2x16float(word(plane, at / 2) >> (at % 2 * 16)).x; }

const MASKS = vec4u(0xff, 0xff00, 0xff0000, 0xff000000);
const PLACES = vec4f(1, 0x1p-8, 0x1p-16, 0x1p-24);

/// Four bytes, the last one signed, over their PLACES: a byte becomes a number where it stands in its word. Some drivers shift
/// lane by lane; and on CPUs, f32 comes from i32 in one instruction, from u32 in several.
fn in_place(packed: u32) -> vec4f { return vec4f(bitcast<vec4i>(vec4u(packed) & MASKS)); }

/// Four bytes as numbers from 0 to 127.
fn bytes(packed: u32) -> vec4f { return in_place(packed) * PLACES; }

/// Four bytes as numbers from -128 to 127.
fn signed_bytes(packed: u32) -> vec4f { return in_place(packed ^ 0x808080) * PLACES - vec4f(128, 128, 128, 0); }

/// The low and the high four bits of eight bytes, as bytes.
fn low_nibbles(packed: vec2u) -> vec2u { return packed & vec2u(0x0f0f0f0f); }
fn high_nibbles(packed: vec2u) -> vec2u { return (packed >> vec2u(4)) & vec2u(0x0f0f0f0f); }

/// Bits 0 to 3 of each u32, apart: a byte each, 0 or 1.
fn bits(packed: vec2u) -> vec2u { return ((packed & vec2u(15)) * 0x00204081) & vec2u(0x01010101); }

/// What a table of 16 signed bytes has for four bytes from 0 to 15.
fn looked_up(table: vec4u, packed: u32) -> vec4f {
  let at = vec4u(packed) >> vec4u(0, 8, 16, 24);
  let second = (at & vec4u(4)) != vec4u(0);
  let low = select(vec4u(table.x), vec4u(table.y), second);
  let high = select(vec4u(table.z), vec4u(table.w), second);
  let four = select(low, high, (at & vec4u(8)) != vec4u(0));
  return vec4f(bitcast<vec4i>(four << (24 - (at & vec4u(3)) * 8)) >> vec4u(24));
}
