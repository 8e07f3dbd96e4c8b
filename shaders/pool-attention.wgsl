// A map of attention, small enough to be looked at whole: of every cell of SIZE × SIZE the largest weight, where query and
// key at position p lie in cell ⌊p · SIZE / count⌋. A thread takes the keys of a cell, of one head and one row; rows of a
// cell meet in the map. Weights are not negative, so that they order as their bits do.

override HEADS: u32;
override SIZE: u32; // at most count

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }
struct Area { count: u32 } // positions of the text

@group(0) @binding(0) var<storage, read> weights: array<f32>;              // [rows − first, HEADS, position + rows]
@group(0) @binding(1) var<storage, read_write> cells: array<atomic<u32>>;  // [HEADS, SIZE, SIZE] f32 bits
@group(0) @binding(2) var<uniform> area: Area;
@group(0) @binding(3) var<uniform> step: Step;

const THREADS = 64;

/// The first position of a cell.
fn first_of(cell: u32) -> u32 { return (cell * area.count + SIZE - 1) / SIZE; }

@compute @workgroup_size(THREADS)
fn pool_attention(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x;
  let head = id.y;
  let query = step.position + step.first + id.z;
  let keys = step.position + step.rows;
  if (cell >= SIZE) { return; }

  let line = (id.z * HEADS + head) * keys;
  var largest = 0.0;
  for (var key = first_of(cell); key < min(first_of(cell + 1), query + 1); key++) { largest = max(largest, weights[line + key]); }
  if (largest > 0) { atomicMax(&cells[(head * SIZE + query * SIZE / area.count) * SIZE + cell], bitcast<u32>(largest)); }
}
