// The functions of lanes/ by themselves: y = (lane_count(), Σ x over the lanes that share output rows). Other kernels rely
// on these lanes being neighbours, as many in every workgroup: for finding out whether a device keeps to that.

@group(0) @binding(0) var<storage, read> x: array<f32>;         // [threads]
@group(0) @binding(1) var<storage, read_write> y: array<vec2f>; // [threads]

@compute @workgroup_size(64)
fn lane_sums(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lanes = lane_count();
  y[id.x] = vec2f(f32(lanes), sum_lanes(vec4f(x[id.x], 0, 0, 0), thread).x);
}
