// y = SCALE · act(x·weightᵀ (+ bias)) (+ y), for many rows. With rows START … START + ROWS − 1 of weight, these numbers of
// each row of y are made, and the others left alone. Who makes which numbers is said in shaders/tiles/.

override IN_WIDTH: u32;
override OUT_WIDTH: u32;
override START: u32;
override ROWS: u32;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override IN_GROUPS: u32 = (IN_WIDTH + 7) / 8;       // of 8 numbers, in a row of x and of weight
override OUT_STRIDE: u32 = (OUT_WIDTH + 7) / 8 * 2; // vec4s from row to row of y
override END: u32 = (START + ROWS + 7) / 8 * 2;     // vec4 of a row of y after the part's last
override WHOLE: bool = START % 4 == 0 && ROWS % 4 == 0 && OUT_WIDTH % 8 == 0; // no vec4 of y is made in part

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<mat2x4f>;      // [step.rows, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through weight8
@group(0) @binding(2) var<storage, read> bias: array<vec4f>;     // [OUT_WIDTH]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;  // [step.rows, OUT_WIDTH]
@group(0) @binding(4) var<uniform> step: Step;

// Rows and columns of y over an edge compute the one beside them again, and are not written; columns after OUT_WIDTH are
// cleared.

/// Four rows of x.
fn rows_from(first: u32) -> vec4u { return min(first + vec4u(0, 1, 2, 3), vec4u(step.rows - 1)); }

/// Four rows of weight that is bound: of four columns of y.
fn columns_from(first: u32) -> vec4u {
  return clamp(first + vec4u(0, 1, 2, 3), vec4u(START), vec4u(START + ROWS - 1)) - START;
}

/// The largest magnitude of sixteen numbers.
fn largest(low: mat2x4f, high: mat2x4f) -> f32 {
  let four = max(max(abs(low[0]), abs(low[1])), max(abs(high[0]), abs(high[1])));
  return max(max(four.x, four.y), max(four.z, four.w));
}

/// Four numbers of y: what is made of `sum` where they belong to the part, 0 after the last, as they were elsewhere.
fn put(row: u32, out: u32, sum: vec4f) {
  if (row >= step.rows) { return; }
  let to = row * OUT_STRIDE + out;
  var made = SCALE * act(sum);
  if (WHOLE && !RESIDUAL) {
    y[to] = made;
    return;
  }
  let before = y[to];
  if (RESIDUAL) { made += before; }
  if (!WHOLE) {
    let column = out * 4 + vec4u(0, 1, 2, 3);
    let others = select(vec4f(), before, column < vec4u(OUT_WIDTH));
    made = select(others, made, (column >= vec4u(START)) & (column < vec4u(START + ROWS)));
  }
  y[to] = made;
}

/// Four numbers of each of four rows: a column of `sums` each.
fn put_rows(row: u32, out: u32, sums: mat4x4f) {
  if (out >= END) { return; }
  var shift = vec4f();
  if (HAS_BIAS) { shift = bias[out]; }
  put(row, out, sums[0] + shift);
  put(row + 1, out, sums[1] + shift);
  put(row + 2, out, sums[2] + shift);
  put(row + 3, out, sums[3] + shift);
}
