// What it costs that threads share numbers: y = the number that a thread holds after step.rows turns. In each, it becomes
// MULTIPLY · n + ADD, sixteen times over; with SHARED, threads then hand theirs to the one before them in the workgroup,
// between two barriers. For measuring.

override MULTIPLY: f32;
override ADD: f32;
override SHARED: bool;

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>;        // [threads]
@group(0) @binding(1) var<storage, read_write> y: array<f32>;  // [threads]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

var<workgroup> held: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn relay(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  var n = x[id.x];
  for (var turn = 0u; turn < step.rows; turn++) {
    for (var i = 0; i < 16; i++) { n = MULTIPLY * n + ADD; }
    if (SHARED) {
      held[thread] = n;
      workgroupBarrier();
      n = held[(thread + 1) % THREADS];
      workgroupBarrier();
    }
  }
  y[id.x] = n;
}
