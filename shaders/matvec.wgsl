// y = SCALE · act(norm(x)·weightᵀ (+ bias)) (+ y), for the few rows of a decode step; act may be GATED: of gate and up,
// where rows of weight are those of gate, then of up. A lane group makes four or eight numbers of y (fragments/products).
// With rows START … START + ROWS − 1 of weight, these numbers of each row of y are made, and the others left alone; GATED
// takes them all.

override OUT_WIDTH: u32; // numbers in a row of y
override START: u32;
override ROWS: u32;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override OUT_STRIDE: u32 = (OUT_WIDTH + 7) / 8 * 2; // vec4s from row to row of y
override LAST: u32 = min(START + ROWS, OUT_WIDTH);  // number of a row of y after the part's last
override END: u32 = (LAST + 7) / 8 * 2;             // vec4 of a row of y after the part's last

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through product
@group(0) @binding(2) var<storage, read> bias: array<f32>;       // [OUT_WIDTH], GATED: [2 · OUT_WIDTH]
@group(0) @binding(3) var<storage, read> gain: array<vec4f>;     // [IN_WIDTH]
@group(0) @binding(4) var<storage, read> shift: array<vec4f>;    // [IN_WIDTH]
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;  // [rows, OUT_WIDTH]

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn matvec(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let index = (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes;
  let out = START / 4 + index * select(QUADS, 1, GATED); // which vec4 of the row of y, the first one

  // Columns of y beside the part read its first or last row, and are not written; those after OUT_WIDTH are cleared.
  let column = out * 4 + vec4u(0, 1, 2, 3);
  let other = column + select(4, OUT_WIDTH, GATED);
  var sums = products(group.y * IN_GROUPS * 2, within(column), within(other), out < END, thread);

  if (thread % lanes == 0) {
    if (HAS_BIAS) { sums += mat2x4f(biases(column), biases(other)); }
    let to = group.y * OUT_STRIDE + out;
    if (GATED) {
      put(to, column, act_gated(sums[0], sums[1]));
    } else {
      put(to, column, act(sums[0]));
      if (QUADS == 2) { put(to + 1, other, act(sums[1])); }
    }
  }
}

/// Rows of the part.
fn within(rows: vec4u) -> vec4u { return clamp(rows, vec4u(START), vec4u(START + ROWS - 1)) - START; }

fn biases(at: vec4u) -> vec4f { return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]); }

/// Four numbers of y, at `column` of a row: `made` where they belong to the part, 0 after the last.
fn put(to: u32, column: vec4u, made: vec4f) {
  if (column.x >= END * 4) { return; }
  let before = y[to];
  var total = SCALE * made;
  if (RESIDUAL) { total += before; }
  let others = select(vec4f(), before, column < vec4u(OUT_WIDTH));
  y[to] = select(others, total, (column >= vec4u(START)) & (column < vec4u(LAST)));
}
