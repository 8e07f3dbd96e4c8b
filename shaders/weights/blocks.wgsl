// What the accessors of block formats share. Blocks of 32 or 256 weights of a row, row after row, are taken apart into
// planes (formats.ts): field after field, each [blocks, bytes of the field] in the file's bits.

override WEIGHT_WIDTH: u32; // numbers in a row, whole blocks
@group(0) @binding(1) var<storage, read> weight: array<vec2u>; // a constant for each plane says where it begins

/// A u32 of a plane.
fn word(plane: u32, at: u32) -> u32 { return weight[plane + at / 2][at % 2]; }

/// A 16-bit float of a plane.
fn half_float(plane: u32, at: u32) -> f32 { return unpack2x16float(word(plane, at / 2) >> (at % 2 * 16)).x; }

/// Four bytes as numbers from 0 to 255: as i32 first, from which one instruction makes f32 on more machines.
fn bytes(packed: u32) -> vec4f {
  return vec4f(bitcast<vec4i>((vec4u(packed) >> vec4u(0, 8, 16, 24)) & vec4u(255)));
}

/// Four bytes as numbers from -128 to 127.
fn signed_bytes(packed: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(packed) << vec4u(24, 16, 8, 0)) >> vec4u(24));
}

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
