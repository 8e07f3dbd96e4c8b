// What the accessors of 8-bit numbers share. Four to a u32: [rows, WEIGHT_WIDTH], a row padded with zeros to a multiple of 8.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
@group(0) @binding(1) var<storage, read> weight: array<vec2u>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f { return eight_numbers(weight[row * (WEIGHT_WIDTH / 8) + group]); }
