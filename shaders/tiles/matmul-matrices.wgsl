// A workgroup makes 64 rows × 64 columns of y, 32 numbers of IN_WIDTH at a time, which it keeps in workgroup memory as half
// floats; each of its four subgroups makes 32 × 32, as matrices of M × N. The functions for these are in shaders/matrices/.
//
// Half floats end at 65504, and below 2^-14 they lose bits. So a line, which is a row of x or of weight, lies in the tile
// over a power of two, its scale. When that is made, the largest of 32 numbers is from 2^8 to 2^9. Sums in f32 go on for as
// long as each 32 numbers of each line are zero, or the largest of them is from 1 to 2^15: what is lost is below 2^-14 of it.
// Else what there is of all sums is taken out of the matrices and multiplied with the scales, and new ones begin.
// Sums in f16 are taken out each time: of numbers below 2^5, those of 32 products stay below 2^15.

const DEEP = 32u;   // numbers of a line at a time
const STRIDE = 10u; // vec4s from line to line of the tile: fewer of them meet in a bank
const LINES = 128u; // 64 of x, 64 of weight: one is fetched by each thread

const FRESH = select(8u, 4u, SHORT) << 23; // exponent of the largest number under a new scale
const MOST = 14u << 23;                    // under an old one
const ZERO = 9u << 23;                     // of zeros, and of numbers below 2^-117: FRESH can be taken from it

const TALL = 32 / M; // matrices of a subgroup
const WIDE = 32 / N;

var<workgroup> tile: array<vec4h, LINES * STRIDE>;
var<workgroup> scales: array<f32, LINES>;
var<workgroup> blocks: array<vec4<Total>, 4 * 64>; // 16 × 16 numbers of each subgroup
var<workgroup> unfit: atomic<u32>; // scales

@compute @workgroup_size(LINES)
fn matmul(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first = id.x * 64;
  let left = START / 4 + id.y * 16; // which vec4 of a row of y
  let lane = thread % 32;
  let top = thread / 64 * 32; // where the subgroup's rows begin, and its columns
  let side = thread / 32 % 2 * 32;

  var line = rows_from(first + thread).x;
  if (thread >= 64) { line = columns_from(left * 4 + thread - 64).x; }

  var sums: array<Sum, TALL * WIDE>;
  var made: array<vec4f, 8>; // of the subgroup's four blocks, rows lane / 4 and 8 + lane / 4
  var exponent = 0u; // bits of the line's scale
  for (var i = 0u; i < IN_GROUPS; i += DEEP / 8) {
    var p = array<mat2x4f, 4>();
    for (var k = 0u; k < 4; k++) {
      if (i + k < IN_GROUPS) {
        if (thread < 64) { p[k] = x[line * IN_GROUPS + i + k]; }
        else { p[k] = weight8(line, i + k); }
      }
    }
    let most = exponent_of(max(largest(p[0], p[1]), largest(p[2], p[3])));
    let fits = i > 0 && (most == ZERO || (most >= exponent && most <= exponent + MOST));
    if (!fits) { atomicStore(&unfit, 1); }
    let anew = workgroupUniformLoad(&unfit) != 0; // and all have read the tile
    if (SHORT || anew) {
      if (i > 0) { take_out(&sums, &made, top, side, thread); }
      if (SHORT || !fits) {
        exponent = most - FRESH;
        scales[thread] = bitcast<f32>(exponent);
      }
      if (thread == 0) { atomicStore(&unfit, 0); }
    }
    let inverse = bitcast<f32>((254 << 23) - exponent);
    for (var k = 0u; k < 4; k++) {
      tile[thread * STRIDE + 2 * k] = vec4h(p[k][0] * inverse);
      tile[thread * STRIDE + 2 * k + 1] = vec4h(p[k][1] * inverse);
    }
    workgroupBarrier();
    for (var k = 0u; k < DEEP / 4; k += K / 4) {
      var columns: array<Right, WIDE>;
      for (var n = 0u; n < WIDE; n++) { columns[n] = right_at((64 + side + n * N) * STRIDE + k); }
      for (var m = 0u; m < TALL; m++) {
        let rows = left_at((top + m * M) * STRIDE + k);
        for (var n = 0u; n < WIDE; n++) {
          sums[m * WIDE + n] = multiply_add(rows, columns[n], sums[m * WIDE + n], lane);
        }
      }
    }
  }
  take_out(&sums, &made, top, side, thread);

  for (var block = 0u; block < 4; block++) {
    let row = first + top + block / 2 * 16 + lane / 4;
    let out = left + (side + block % 2 * 16) / 4 + lane % 4;
    if (out < END) {
      var shift = vec4f();
      if (HAS_BIAS) { shift = bias[out]; }
      put(row, out, made[2 * block] + shift);
      put(row + 8, out, made[2 * block + 1] + shift);
    }
  }
}

/// Adds the sums, with the scales of their rows and columns, to what there is, and begins new ones.
fn take_out(
  sums: ptr<function, array<Sum, TALL * WIDE>>, made: ptr<function, array<vec4f, 8>>, top: u32, side: u32, thread: u32,
) {
  let lane = thread % 32;
  let at = thread / 32 * 64;
  for (var block = 0u; block < 4; block++) {
    let m = block / 2 * (16 / M);
    let n = block % 2 * (16 / N);
    workgroupBarrier(); // the block before was read
    for (var j = 0u; j < 16 / M; j++) {
      for (var k = 0u; k < 16 / N; k++) {
        lay_out((*sums)[(m + j) * WIDE + n + k], at + j * M * 4 + k * N / 4, lane);
        (*sums)[(m + j) * WIDE + n + k] = Sum();
      }
    }
    workgroupBarrier();
    let row = top + block / 2 * 16 + lane / 4;
    let column = 64 + side + block % 2 * 16 + lane % 4 * 4;
    let scale = vec4f(scales[column], scales[column + 1], scales[column + 2], scales[column + 3]);
    (*made)[2 * block] += scales[row] * scale * vec4f(blocks[at + lane]);
    (*made)[2 * block + 1] += scales[row + 8] * scale * vec4f(blocks[at + lane + 32]);
  }
  workgroupBarrier(); // nobody changes a scale that another still reads
}

/// Bits of the largest power of two in `number`: what is no number has one, too.
fn exponent_of(number: f32) -> u32 { return max(bitcast<u32>(number) & 0x7f800000, ZERO); }
