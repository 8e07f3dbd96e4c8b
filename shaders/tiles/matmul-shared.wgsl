// A workgroup makes 64 rows × 64 columns of y, 16 numbers of IN_WIDTH at a time, which it keeps in workgroup memory; a
// thread makes 8 × 8 in registers.

const SIDE = 16u; // vec4s: of 4 rows, and of 4 columns
const DEEP = 16u; // numbers of a row of x and of weight at a time
const HALF = 32u; // threads that fetch x; as many fetch weight

var<workgroup> x_tile: array<vec4f, DEEP * SIDE>; // [DEEP, SIDE], 4 rows side by side
var<workgroup> w_tile: array<vec4f, DEEP * SIDE>; // likewise 4 columns

@compute @workgroup_size(8, 8)
fn matmul(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_id) at: vec3u) {
  let thread = at.y * 8 + at.x;
  let first = id.x * 64;
  let left = START / 4 + id.y * SIDE; // which vec4 of a row of y

  let four = thread % SIDE;
  let group = thread / SIDE % 2; // of 8 numbers
  let rows = rows_from(first + four * 4);
  let columns = columns_from((left + four) * 4);

  var a = mat4x4f(); // row of the first four, column of the first four
  var b = mat4x4f(); // columns of the others
  var c = mat4x4f(); // rows of the others
  var d = mat4x4f();
  for (var i = 0u; i < IN_GROUPS; i += 2) {
    let n = i + group;
    if (thread < HALF) {
      var fetched = array<mat2x4f, 4>();
      if (n < IN_GROUPS) {
        for (var k = 0u; k < 4; k++) { fetched[k] = x[rows[k] * IN_GROUPS + n]; }
      }
      let low = transpose(mat4x4f(fetched[0][0], fetched[1][0], fetched[2][0], fetched[3][0]));
      let high = transpose(mat4x4f(fetched[0][1], fetched[1][1], fetched[2][1], fetched[3][1]));
      for (var k = 0u; k < 4; k++) {
        x_tile[(group * 8 + k) * SIDE + four] = low[k];
        x_tile[(group * 8 + 4 + k) * SIDE + four] = high[k];
      }
    } else {
      var fetched = array<mat2x4f, 4>();
      if (n < IN_GROUPS) {
        for (var k = 0u; k < 4; k++) { fetched[k] = weight8(columns[k], n); }
      }
      let low = transpose(mat4x4f(fetched[0][0], fetched[1][0], fetched[2][0], fetched[3][0]));
      let high = transpose(mat4x4f(fetched[0][1], fetched[1][1], fetched[2][1], fetched[3][1]));
      for (var k = 0u; k < 4; k++) {
        w_tile[(group * 8 + k) * SIDE + four] = low[k];
        w_tile[(group * 8 + 4 + k) * SIDE + four] = high[k];
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < DEEP; k++) {
      let x0 = x_tile[k * SIDE + at.y];
      let x1 = x_tile[k * SIDE + 8 + at.y];
      let w0 = w_tile[k * SIDE + at.x];
      let w1 = w_tile[k * SIDE + 8 + at.x];
      add_products(&a, x0, w0);
      add_products(&b, x0, w1);
      add_products(&c, x1, w0);
      add_products(&d, x1, w1);
    }
    workgroupBarrier();
  }

  put_rows(first + 4 * at.y, left + at.x, a);
  put_rows(first + 4 * at.y, left + 8 + at.x, b);
  put_rows(first + 32 + 4 * at.y, left + at.x, c);
  put_rows(first + 32 + 4 * at.y, left + 8 + at.x, d);
}

/// Adds the product of four numbers, one of each row, with four, one of each column. Columns of `sum` are rows of y.
fn add_products(sum: ptr<function, mat4x4f>, rows: vec4f, columns: vec4f) {
  (*sum)[0] += rows.x * columns;
  (*sum)[1] += rows.y * columns;
  (*sum)[2] += rows.z * columns;
  (*sum)[3] += rows.w * columns;
}
