enable f16;
enable subgroups;
enable chromium_experimental_subgroup_matrix;

// Which part of a tile a subgroup reads depends on which subgroup it is, which is not what this rule takes for uniform.
diagnostic(off, chromium.subgroup_matrix_uniformity);

// Products of small matrices, each made by the 32 threads of a subgroup together. In memory they lie as vec4s, and places
// and strides count these.

alias Left = subgroup_matrix_left<f16, K, M>;
alias Right = subgroup_matrix_right<f16, N, K>;
alias Sum = subgroup_matrix_result<Total, N, M>;

/// M rows of the tile, from `at` on.
fn left_at(at: u32) -> Left { return subgroupMatrixLoad<Left, row_major>(&tile, at, STRIDE); }

/// N rows of the tile, which become columns.
fn right_at(at: u32) -> Right { return subgroupMatrixLoad<Right, col_major>(&tile, at, STRIDE); }

/// left · right + sum.
fn multiply_add(left: Left, right: Right, sum: Sum, lane: u32) -> Sum {
  return subgroupMatrixMultiplyAccumulate(left, right, sum);
}

/// Puts [M, N] numbers into a block of 16 columns.
fn lay_out(sum: Sum, at: u32, lane: u32) { subgroupMatrixStore<row_major>(&blocks, at, sum, 4); }
