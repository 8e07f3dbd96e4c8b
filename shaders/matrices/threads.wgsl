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

/// `count`, which is at most 8. Compilers do not know: they would write out every turn, and some take half a minute then.
fn turns(count: u32) -> u32 { return min(count, 8 * arrayLength(&y)); }

/// left · right + sum.
fn multiply_add(left: Left, right: Right, sum: Sum, lane: u32) -> Sum {
  var all = sum;
  for (var j = 0u; j < turns(M * N / 32); j++) {
    let row = left.at + (lane + 32 * j) / N * STRIDE;
    let column = right.at + (lane + 32 * j) % N * STRIDE;
    for (var k = 0u; k < turns(K / 4); k++) {
      all[j] += dot(vec4<Total>(tile[row + k]), vec4<Total>(tile[column + k]));
    }
  }
  return all;
}

/// Puts [M, N] numbers into a block of 16 columns.
fn lay_out(sum: Sum, at: u32, lane: u32) {
  for (var j = 0u; j < turns(M * N / 32); j++) {
    let row = (lane + 32 * j) / N;
    let column = (lane + 32 * j) % N;
    blocks[at + row * 4 + column / 4][column % 4] = sum[j];
  }
}
