// Weights as 32-bit floats: [rows, WEIGHT_WIDTH], a row padded with zeros to a multiple of 8.

override WEIGHT_WIDTH: u32; // numbers in a row, padding included
@group(0) @binding(1) var<storage, read> weight: array<mat2x4f>;

/// Eight consecutive weights of a row: columns 8·group … 8·group + 7.
fn weight8(row: u32, group: u32) -> mat2x4f { return weight[row * (WEIGHT_WIDTH / 8) + group]; }
