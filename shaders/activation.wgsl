// Activation: y = act(x), or gated: y = act(gate) · up, where a row of x holds gate, then up.
//   clamped SwiGLU, always gated: y = (up + 1) · gate · sigmoid(1.702 · gate), gate cut off above 7 and up at ±7

override KIND: u32; // one of the constants below
override HIDDEN: u32; // numbers in a row of y
override GATED: bool;
override PER_ROW: u32; // rows of x and y for each token
override STRIDE: u32 = (HIDDEN + 7) / 8 * 8; // numbers from row to row of y; numbers after HIDDEN are zero
override GATED_STRIDE: u32 = (2 * HIDDEN + 7) / 8 * 8; // the same for x = gate, up

struct Step { rows: u32, position: u32, first: u32, padding: u32, table: u32 }

@group(0) @binding(0) var<storage, read> x: array<f32>;        // [rows · PER_ROW, HIDDEN or 2 · HIDDEN]
@group(0) @binding(1) var<storage, read_write> y: array<f32>;  // [rows · PER_ROW, HIDDEN]
@group(0) @binding(2) var<uniform> step: Step;

const THREADS = 64;

// In the order of `activations` in activation.ts.
const GELU = 0;
const GELU_TANH = 1;
const SILU = 2;
const RELU = 3;
const RELU2 = 4;
const QUICK_GELU = 5;
const CLAMPED_SWIGLU = 6;

/// 1 / (1 + e^−x). The exponent is bounded, so that it never overflows.
fn sigmoid(x: f32) -> f32 { return 1 / (1 + exp(clamp(-x, -87, 87))); }

/// x · Φ(x), the normal distribution function.
///
/// For x ≥ 0, Φ(−x) = e^(−x²/2) · P(1 / (1 + 0.23·x)): the form of Abramowitz & Stegun 7.1.26 (26.2.17), with P of
/// degree 8 fitted for the least relative error over 0 ≤ x ≤ 16, which is 5e-8; beyond that Φ(−x) is 0 in f32.
/// Taking Φ of a negative number from this directly, not as 1 − Φ(−x), keeps gelu exact on both sides of 0.
fn gelu(x: f32) -> f32 {
  let z = min(abs(x), 16);
  let t = 1 / (1 + 0.23 * z);
  var p = -0.0784951412;
  p = p * t + 0.290553453;
  p = p * t - 0.278426459;
  p = p * t + 0.301831366;
  p = p * t - 0.0331812653;
  p = p * t + 0.119632224;
  p = p * t + 0.0857304969;
  p = p * t + 0.0923833798;
  p = p * t - 0.0000280789116;
  let tail = p * exp(-0.5 * z * z);
  return x * select(1 - tail, tail, x < 0);
}

/// ½·x·(1 + tanh u) = x · sigmoid(2·u), which needs no tanh: some drivers' overflow for large arguments.
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(1.5957691216 * (x + 0.044715 * x * x * x)); } // 2·√(2/π)

fn act(x: f32) -> f32 {
  switch KIND {
    case GELU: { return gelu(x); }
    case GELU_TANH: { return gelu_tanh(x); }
    case SILU: { return x * sigmoid(x); }
    case RELU: { return max(x, 0); }
    case RELU2: { return max(x, 0) * max(x, 0); }
    case QUICK_GELU: { return x * sigmoid(1.702 * x); }
    default: { return x; }
  }
}

fn act_gated(gate: f32, up: f32) -> f32 {
  if (KIND != CLAMPED_SWIGLU) { return act(gate) * up; }
  let low = min(gate, 7);
  return (clamp(up, -7, 7) + 1) * low * sigmoid(1.702 * low);
}

@compute @workgroup_size(THREADS)
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let total = step.rows * PER_ROW * STRIDE;
  for (var i = id.x; i < total; i += groups.x * THREADS) {
    let column = i % STRIDE;
    var value = 0.0;
    if (column < HIDDEN) {
      if (GATED) {
        let gate = i / STRIDE * GATED_STRIDE + column;
        value = act_gated(x[gate], x[gate + HIDDEN]);
      } else {
        value = act(x[i]);
      }
    }
    y[i] = value;
  }
}
