// The activations, four numbers at a time, for the kernels that end with one.

override ACTIVATION: u32; // one of the constants below
override GATED: bool;     // act(gate) · up, rather than act(x)

// In the order of `kinds` in activation.ts.
const GELU = 0;
const GELU_TANH = 1;
const SILU = 2;
const RELU = 3;
const RELU2 = 4;
const QUICK_GELU = 5;
const CLAMPED_SWIGLU = 6;
const IDENTITY = 7;

/// 1 / (1 + e^−x). The exponent is bounded, so that it never overflows.
fn sigmoid(x: vec4f) -> vec4f { return 1 / (1 + exp(clamp(-x, vec4f(-87), vec4f(87)))); }

/// x · Φ(x), the normal distribution function.
///
/// For x ≥ 0, Φ(−x) = e^(−x²/2) · P(1 / (1 + 0.23·x)): the form of Abramowitz & Stegun 7.1.26 (26.2.17), with P of
/// degree 8 fitted for the least relative error over 0 ≤ x ≤ 16, which is 5e-8; beyond that Φ(−x) is 0 in f32.
/// Taking Φ of a negative number from this directly, not as 1 − Φ(−x), keeps gelu exact on both sides of 0.
fn gelu(x: vec4f) -> vec4f {
  let z = min(abs(x), vec4f(16));
  let t = 1 / (1 + 0.23 * z);
  var p = vec4f(-0.0784951412);
  p = p * t + 0.290553453;
  p = p * t - 0.278426459;
  p = p * t + 0.301831366;
  p = p * t - 0.0331812653;
  p = p * t + 0.119632224;
  p = p * t + 0.0857304969;
  p = p * t + 0.0923833798;
  p = p * t - 0.0000280789116;
  let tail = p * exp(-0.5 * z * z);
  return x * select(1 - tail, tail, x < vec4f());
}

/// ½·x·(1 + tanh u) = x · sigmoid(2·u), which needs no tanh: some drivers' overflow for large arguments.
fn gelu_tanh(x: vec4f) -> vec4f { return x * sigmoid(1.5957691216 * (x + 0.044715 * x * x * x)); } // 2·√(2/π)

fn act(x: vec4f) -> vec4f {
  switch ACTIVATION {
    case GELU: { return gelu(x); }
    case GELU_TANH: { return gelu_tanh(x); }
    case SILU: { return x * sigmoid(x); }
    case RELU: { return max(x, vec4f()); }
    case RELU2: { return max(x, vec4f()) * max(x, vec4f()); }
    case QUICK_GELU: { return x * sigmoid(1.702 * x); }
    default: { return x; } // IDENTITY
  }
}

/// act(gate) · up, or clamped SwiGLU: (up + 1) · gate · sigmoid(1.702 · gate), gate cut off above 7 and up at ±7.
fn act_gated(gate: vec4f, up: vec4f) -> vec4f {
  if (ACTIVATION != CLAMPED_SWIGLU) { return act(gate) * up; }
  let low = min(gate, vec4f(7));
  return (clamp(up, vec4f(-7), vec4f(7)) + 1) * low * sigmoid(1.702 * low);
}
