// Multiply-add: y = x · a + b, again and again.   Chains that need not wait for each other: what a device's arithmetic
// gives, for measuring.

override TURNS: u32; // times `step.rows`

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [2]: x; a and b
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;  // [threads]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn multiply_add(@builtin(global_invocation_id) id: vec3u) {
  let a = x[1].x;
  let b = x[1].y;
  var first = x[0];
  var second = -x[0];
  var third = x[0].wzyx;
  for (var turn = 0u; turn < TURNS * step.rows; turn++) {
    first = fma(first, vec4f(a), vec4f(b));
    second = fma(second, vec4f(a), vec4f(b));
    third = fma(third, vec4f(a), vec4f(b));
  }
  y[id.x] = first + second + third;
}
