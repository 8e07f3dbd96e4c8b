enable subgroups;

// Lanes that share output rows are one subgroup, of whatever size the driver chose: they add up without a barrier.

/// How many lanes share output rows. A power of two, the same for the whole workgroup.
fn lane_count() -> u32 { return subgroupAdd(1u); }

/// The sum of `value` over the lanes that share output rows. To be called in uniform control flow.
fn sum_lanes(value: vec4f, thread: u32) -> vec4f { return subgroupAdd(value); }
