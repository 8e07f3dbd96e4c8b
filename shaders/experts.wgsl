// What each row's experts make of it: experts' matrices lie behind each other in weight, and routes says which of them,
// e, are for a row, and how much each counts.
//   spread: y[row · ACTIVE + slot] = act(W_e·norm(x[row]) (+ b_e)); act may be GATED: rows of W_e are those of gate, then of up
//   gather: y[row] = SCALE · Σ_slot weight_slot · (W_e·x[row · ACTIVE + slot] (+ b_e)) (+ y[row])
// As in matvec, a lane group makes four or eight consecutive numbers of y. With rows START … START + ROWS − 1 of weight,
// spread makes these numbers and leaves the others alone; gather sums up what these add, on top of y unless START is 0;
// GATED takes them all.

override OUT_WIDTH: u32;
override EXPERT_ROWS: u32; // of weight: OUT_WIDTH, GATED twice that
override START: u32;
override ROWS: u32;
override ACTIVE: u32; // experts of a row
override GATHER: bool;
override HAS_BIAS: bool;
override RESIDUAL: bool;
override SCALE: f32;
override PRODUCTS: u32 = select(1u, ACTIVE, GATHER); // that make a row of y
override OUT_STRIDE: u32 = (OUT_WIDTH + 7) / 8 * 2;  // vec4s from row to row of y

// The shapes of x and y are those of spread, then of gather.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [rows, IN_WIDTH], or [rows · ACTIVE, IN_WIDTH]
// @binding(1) weight: [ROWS, IN_WIDTH], read through product
@group(0) @binding(2) var<storage, read> bias: array<f32>;       // [experts · EXPERT_ROWS]
@group(0) @binding(3) var<storage, read> gain: array<vec4f>;     // [IN_WIDTH]
@group(0) @binding(4) var<storage, read> shift: array<vec4f>;    // [IN_WIDTH]
@group(0) @binding(5) var<storage, read> routes: array<vec2u>;   // [rows, ACTIVE] id, weight (f32 bits)
@group(0) @binding(6) var<storage, read_write> y: array<vec4f>;  // [rows · ACTIVE, OUT_WIDTH], or [rows, OUT_WIDTH]

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn experts(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let lanes = lane_count();
  let index = (group.z * groups.x + group.x) * (THREADS / lanes) + thread / lanes;
  let out = index * select(QUADS, 1, GATED); // which vec4 of the row of y, the first one
  let column = out * 4 + vec4u(0, 1, 2, 3);
  let other = column + select(4, OUT_WIDTH, GATED);
  var total = mat2x4f();
  var here = vec4<bool>(); // numbers of y to which rows of the part belong
  var others = vec4<bool>();
  for (var product = 0u; product < PRODUCTS; product++) {
    let slot = group.y * PRODUCTS + product; // of all rows' slots
    let route = routes[slot];
    // Rows of the weight in all its parts, of which this one has some.
    let first = route.x * EXPERT_ROWS + column;
    let second = route.x * EXPERT_ROWS + other;
    let mine = (column < vec4u(OUT_WIDTH)) & has(first);
    let more = (other < vec4u(EXPERT_ROWS)) & has(second);
    let row = select(slot / ACTIVE, slot, GATHER) * IN_GROUPS * 2;
    var sums = products(row, within(first), within(second), any(mine | more), thread);
    if (HAS_BIAS) { sums += mat2x4f(biases(first), biases(second)); }
    sums *= select(1, bitcast<f32>(route.y), GATHER);
    total += mat2x4f(select(vec4f(), sums[0], mine), select(vec4f(), sums[1], more));
    here |= mine;
    others |= more;
  }

  if (thread % lanes == 0) {
    if (GATED) {
      put(group.y, column, act_gated(total[0], total[1]), here);
    } else {
      put(group.y, column, act(total[0]), here);
      if (QUADS == 2) { put(group.y, other, act(total[1]), others); }
    }
  }
}

/// Which rows of weight are in the part; and rows of it.
fn has(rows: vec4u) -> vec4<bool> { return (rows >= vec4u(START)) & (rows < vec4u(START + ROWS)); }
fn within(rows: vec4u) -> vec4u { return clamp(rows, vec4u(START), vec4u(START + ROWS - 1)) - START; }

fn biases(at: vec4u) -> vec4f { return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]); }

/// Four numbers of a row of y, at `column`: `made` where they are `here`, 0 after the last.
fn put(row: u32, column: vec4u, made: vec4f, here: vec4<bool>) {
  if (column.x >= OUT_STRIDE * 4) { return; }
  let to = row * OUT_STRIDE + column.x / 4;
  let real = column < vec4u(OUT_WIDTH);
  let before = y[to];
  var total = SCALE * made;
  if (RESIDUAL || (GATHER && START > 0)) { total += before; }
  let others = select(vec4f(), before, real);
  y[to] = select(others, total, here | (vec4<bool>(GATHER) & real));
}
