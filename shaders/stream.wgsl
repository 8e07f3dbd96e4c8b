// Streaming read: y = Σ x, in as many sums as threads, `step.rows` times over.   TOGETHER threads share a stretch of x and
// read it side by side, which GPUs like; 1 reads its own, which CPUs like. What a device's memory gives: for measuring.

override COUNT: u32; // vec4s of x: a multiple of 4 · threads
override TOGETHER: u32; // divides the number of threads

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<vec4f>;        // [COUNT]
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;  // [threads]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn stream(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stretch = COUNT / (groups.x * THREADS) * TOGETHER;
  let start = id.x / TOGETHER * stretch + id.x % TOGETHER;
  let end = start + stretch;
  var a = vec4f();
  var b = vec4f();
  var c = vec4f();
  var d = vec4f();
  for (var turn = 0u; turn < step.rows; turn++) {
    for (var i = start; i < end; i += 4 * TOGETHER) { // four loads under way
      a += x[i];
      b += x[i + TOGETHER];
      c += x[i + 2 * TOGETHER];
      d += x[i + 3 * TOGETHER];
    }
  }
  y[id.x] = (a + b) + (c + d);
}
