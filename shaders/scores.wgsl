// Attention scores before the mask: s = q·k · SCALE, capped, of every query with every key.   One thread a key.
//
// ALIBI adds slope · (key position − query position).

override HEADS: u32;
override KV_HEADS: u32;
override HEAD_DIM: u32;
override SCALE: f32;
override SOFTCAP: f32; // score ← SOFTCAP · tanh(score / SOFTCAP); 0: none
override ALIBI: bool;
override CACHE_F16: bool;
override GROUPS: u32 = (HEAD_DIM + 7) / 8; // of 8 dims from head to head; dims after HEAD_DIM are zero

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> q: array<vec4f>;           // [rows, HEADS, HEAD_DIM]
@group(0) @binding(1) var<storage, read> keys: array<vec4u>;        // [capacity, KV_HEADS, HEAD_DIM], f32 or f16
@group(0) @binding(2) var<storage, read> slopes: array<f32>;        // [HEADS]
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;  // [HEADS, rows, position + rows]
@group(0) @binding(4) var<uniform> step: Step;

const THREADS = 64;

/// Eight numbers of the cache: `at` counts groups of 8.
fn key8(at: u32) -> mat2x4f {
  if (CACHE_F16) {
    let packed = keys[at];
    return mat2x4f(
      vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y)),
      vec4f(unpack2x16float(packed.z), unpack2x16float(packed.w)),
    );
  }
  return mat2x4f(bitcast<vec4f>(keys[2 * at]), bitcast<vec4f>(keys[2 * at + 1]));
}

@compute @workgroup_size(THREADS)
fn attention_scores(@builtin(global_invocation_id) id: vec3u) {
  let key = id.x;
  let row = id.y;
  let head = id.z;
  let count = step.position + step.rows;
  if (key >= count) { return; }

  let query = (row * HEADS + head) * GROUPS * 2;
  let start = (key * KV_HEADS + head / (HEADS / KV_HEADS)) * GROUPS;
  var sum = vec4f();
  for (var i = 0u; i < GROUPS; i++) {
    let k = key8(start + i);
    sum += q[query + 2 * i] * k[0] + q[query + 2 * i + 1] * k[1];
  }
  var s = dot(sum, vec4f(1)) * SCALE;
  // ±1 from 10 on; some drivers' tanh overflows for large arguments.
  if (SOFTCAP > 0) { s = SOFTCAP * tanh(clamp(s / SOFTCAP, -15, 15)); }
  if (ALIBI) { s += slopes[head] * (f32(key) - f32(step.position + row)); }
  scores[(head * step.rows + row) * count + key] = s;
}
