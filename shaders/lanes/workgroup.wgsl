// Lanes that share output rows are 8 neighbours in a workgroup of 64: they add up through workgroup memory.
// For devices without subgroups.

var<workgroup> lane_values: array<vec4f, 64>;

/// How many lanes share output rows. A power of two, the same for the whole workgroup.
fn lane_count() -> u32 { return 8; }

/// The sum of `value` over the lanes that share output rows. To be called in uniform control flow.
fn sum_lanes(value: vec4f, thread: u32) -> vec4f {
  lane_values[thread] = value;
  workgroupBarrier();
  let first = thread / 8 * 8;
  var total = vec4f();
  for (var i = 0u; i < 8; i++) { total += lane_values[first + i]; }
  workgroupBarrier(); // nobody overwrites what another still reads
  return total;
}
