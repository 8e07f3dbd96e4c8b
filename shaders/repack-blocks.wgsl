// Moves a run of a file's blocks into planes: each field of all blocks of the matrix lies behind the same field of the
// block before.
//   tensor[plane(field) + to·bytes(field) + i] = source[nth·block_bytes + offset(field) + i]   in bytes
// where to = offset + first_block + nth, its row r replaced by order[r] when HAS_ORDER. Blocks that would lie outside of
// tensor are passed over: another part has them. A thread moves one u32 of one field of one block, or the whole of a
// field of 1 or 2 bytes.

override HAS_ORDER: bool;

struct Field {
  offset: u32, // in a block of source, in bytes
  bytes: u32,  // 1, 2 or a multiple of 4
  plane: u32,  // where it begins in tensor, in u32s
  first: u32,  // which of a block's words, over all fields, is its first one
}

struct Part {
  blocks: u32,      // in this run
  first_block: u32, // of this run, in the file's matrix
  row_blocks: u32,  // in a row
  offset: u32,      // the block of tensor at which the file's matrix begins. Wraps around 0.
  block_bytes: u32,
  words: u32,       // of a block, over all fields
  all: u32,         // blocks in tensor
  @align(16) fields: array<Field, 4>,
}

@group(0) @binding(0) var<storage, read> source: array<u32>;              // [part.blocks], tightly packed
@group(0) @binding(1) var<storage, read_write> tensor: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> part: Part;
@group(0) @binding(3) var<storage, read> order: array<u32>;               // row of tensor, by the file's row

const THREADS = 64;

@compute @workgroup_size(THREADS)
fn repack_blocks(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let index = (group.y * groups.x + group.x) * THREADS + thread;
  let nth = index / part.words;
  if (nth >= part.blocks) { return; }
  let place = part.first_block + nth;
  var to = part.offset + place;
  if (HAS_ORDER) { to = part.offset + order[place / part.row_blocks] * part.row_blocks + place % part.row_blocks; }
  if (to >= part.all) { return; }

  let word = index % part.words;
  var field = part.fields[0];
  for (var i = 1u; i < 4; i++) {
    if (word >= part.fields[i].first) { field = part.fields[i]; }
  }
  let i = (word - field.first) * 4; // byte of the field
  let bits = word_at(nth * part.block_bytes + field.offset + i);
  let byte = to * field.bytes + i; // of the plane
  if (field.bytes < 4) {
    // Blocks share the u32, whoever moves them: into zeros, in any order.
    atomicOr(&tensor[field.plane + byte / 4], (bits & ((1u << (field.bytes * 8)) - 1)) << (byte % 4 * 8));
  } else {
    atomicStore(&tensor[field.plane + byte / 4], bits);
  }
}

/// Four bytes of source from any byte on.
fn word_at(byte: u32) -> u32 {
  let shift = byte % 4 * 8;
  let low = source[byte / 4] >> shift;
  if (shift == 0) { return low; }
  return low | (source[byte / 4 + 1] << (32 - shift));
}
