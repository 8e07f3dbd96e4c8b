// Activation: y = act(x), or gated: y = act(gate) · up, where a row of x holds gate, then up. A thread makes four numbers
// at a time.

override HIDDEN: u32; // numbers in a row of y
override PER_ROW: u32; // rows of x and y for each token
override STRIDE: u32 = (HIDDEN + 7) / 8 * 2; // vec4s from row to row of y; numbers after HIDDEN are zero
override GATED_STRIDE: u32 = (2 * HIDDEN + 7) / 8 * 8; // numbers from row to row of x = gate, up

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>;          // [rows · PER_ROW, HIDDEN or 2 · HIDDEN]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;  // [rows · PER_ROW, HIDDEN]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

fn four(at: u32) -> vec4f { return vec4f(x[at], x[at + 1], x[at + 2], x[at + 3]); }

@compute @workgroup_size(THREADS)
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let total = step.rows * PER_ROW * STRIDE;
  for (var i = id.x; i < total; i += groups.x * THREADS) {
    let column = i % STRIDE * 4;
    var value: vec4f;
    if (GATED) {
      let gate = i / STRIDE * GATED_STRIDE + column;
      value = act_gated(four(gate), four(gate + HIDDEN));
    } else {
      value = act(four(i * 4));
    }
    y[i] = select(vec4f(), value, column + vec4u(0, 1, 2, 3) < vec4u(HIDDEN));
  }
}
