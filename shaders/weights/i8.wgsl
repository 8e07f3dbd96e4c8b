// 8-bit integers.

fn eight_numbers(packed: vec2u) -> mat2x4f { return mat2x4f(integers(packed.x), integers(packed.y)); }

fn integers(packed: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(packed) << vec4u(24, 16, 8, 0)) >> vec4u(24));
}
