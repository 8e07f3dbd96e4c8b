enable f16;

// What subgroup.wgsl does, in plain WGSL: for tests on devices without subgroup matrices. Each of 32 threads keeps a share
// of the sums, and reads the tile itself.

struct Left { at: u32 }
struct Right { at: u32 }
alias Sum = array<Total, M * N / 32>; // of numbers lane, lane + 32, …

/// M rows of the tile, from `at` on.
fn left_at(at: u32) -> Left { return Left(at); }

/// N rows of the tile, which become columns.
fn right_at(at: u32) -> Right { return Right(at); }

/// left · right + sum.
fn multiply_add(left: Left, right: Right, sum: Sum, lane: u32) -> Sum {
  var all = sum;
  let deep = min(K, arrayLength(&y) * K); // K, but compilers do not know, which would write out every step
  for (var j = 0u; j < M * N / 32; j++) {
    let row = left.at + (lane + 32 * j) / N * STRIDE;
    let column = right.at + (lane + 32 * j) % N * STRIDE;
    for (var k = 0u; k < deep; k++) { all[j] += Total(tile[row + k]) * Total(tile[column + k]); }
  }
  return all;
}

/// Puts [M, N] numbers into a block of 16 columns.
fn lay_out(sum: Sum, at: u32, lane: u32) {
  for (var j = 0u; j < M * N / 32; j++) { blocks[at + (lane + 32 * j) / N * 16 + (lane + 32 * j) % N] = sum[j]; }
}
