/// How many inputs and outputs each unit of a weight has: `(in, out)`, of `w: real[out, in, ...k]`.
/// A vector has its length for both.
/// Source: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural
/// networks.
/// ```dlm
/// print fans(zeros[8, 4, 3, 3])
/// //> (36, 72)
/// ```
fn fans(w: real[...S]) {
    if rank(w) < 2 {
        (real(count(w)), real(count(w)))
    } else {
        (count(w) / count(w, over: 0), count(w) / count(w, over: 1))
    }
}

/// First values drawn evenly so that the spread of activities and of gradients stays in layers of
/// tanh.
///
/// A function from `[out, in, ...]` to the same shape: `param w: real[out, I] = glorot()`.
/// Source: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural
/// networks.
/// ```dlm
/// print max(abs(glorot()(zeros[3, 3]))) <= 1
/// //> true
/// ```
fn glorot(gain: real = 1) {
    fn (w) {
        let (ins, outs) = fans(w)
        gain * sqrt(6 / (ins + outs)) * (2 * uniform like w - 1)
    }
}

/// First values drawn from a normal distribution as wide as `glorot`.
///
/// A function from `[out, in, ...]` to the same shape.
/// Source: Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural
/// networks.
/// ```dlm
/// print glorot_normal()(zeros[2, 3]) - glorot_normal()(zeros[2, 3]) == zeros[2, 3]
/// //> [[false, false, false],
/// //>  [false, false, false]]
/// ```
fn glorot_normal(gain: real = 1) {
    fn (w) {
        let (ins, outs) = fans(w)
        gain * sqrt(2 / (ins + outs)) * normal like w
    }
}

/// First values from a normal distribution that keeps the spread of activities in layers of relu,
/// which lose half.
///
/// A function from `[out, in, ...]` to the same shape: `param w: real[out, I] = he()`.
/// Source: He et al. 2015, https://arxiv.org/abs/1502.01852
/// ```dlm
/// print abs(mean(he()(zeros[100, 100])^2) * 100 - 2) < 0.2
/// //> true
/// ```
fn he(gain: real = 2) {
    fn (w) {
        let (ins, outs) = fans(w)
        sqrt(gain / ins) * normal like w
    }
}

/// First values drawn evenly, as wide as `he`.
///
/// A function from `[out, in, ...]` to the same shape.
/// Source: He et al. 2015, https://arxiv.org/abs/1502.01852
/// ```dlm
/// print max(abs(he_uniform()(zeros[2, 6]))) <= 1
/// //> true
/// ```
fn he_uniform(gain: real = 2) {
    fn (w) {
        let (ins, outs) = fans(w)
        sqrt(3 * gain / ins) * (2 * uniform like w - 1)
    }
}

/// First values from a normal distribution of variance `1 / in`.
///
/// A function from `[out, in, ...]` to the same shape.
/// Source: LeCun et al. 1998, Efficient backprop.
/// ```dlm
/// print abs(mean(lecun()(zeros[100, 100])^2) * 100 - 1) < 0.1
/// //> true
/// ```
fn lecun() { he(gain: 1) }

/// First values of a normal distribution of which none is farther than `bound` deviations from the
/// mean.
///
/// A function from any shape `[...]` to the same. Values beyond the bound are folded back by the
/// inverse of the distribution: the draw is even in its probabilities.
/// Source: Robert 1995, Simulation of truncated normal variables.
/// ```dlm
/// print max(abs(truncated(1.0)(zeros[100]))) <= 2
/// //> true
/// ```
fn truncated(deviation: real, bound: real = 2) {
    fn (w) {
        let most = erf(bound / sqrt(2))
        deviation * clamp(sqrt(2) * erf_inverse((2 * uniform like w - 1) * most), -bound, bound)
    }
}

/// First values whose rows, or columns where there are fewer, are at right angles and of length
/// `gain`.
///
/// A function from `[out, in, ...]` to the same shape.
/// Source: Saxe, McClelland and Ganguli 2013, https://arxiv.org/abs/1312.6120
/// ```dlm
/// let w = orthogonal_start()(zeros[2, 3])
/// print w @ w.T ~= identity(2)
/// //> true
/// ```
fn orthogonal_start(gain: real = 1) {
    fn (w: real[M, ...S]) {
        let tall = M >= prod(S)
        let q = orthogonal(tall ? normal[M, prod(S)] : normal[prod(S), M])
        gain * reshape(tall ? q : q.T, [M, ...S])
    }
}

/// First values that pass on what comes in: 1 on the diagonal.
///
/// A function from a matrix `[out, in]` to the same shape.
/// Source: Le, Jaitly and Hinton 2015, https://arxiv.org/abs/1504.00941
/// ```dlm
/// print identity_start()(zeros[2, 3])
/// //> [[1, 0, 0],
/// //>  [0, 1, 0]]
/// ```
fn identity_start(gain: real = 1) {
    fn (w: real[M, N]) { gain * identity(M + N)[0..<M, 0..<N] }
}

/// First values of which only a `share`, drawn at random, is not 0.
///
/// A function from any shape `[...]` to the same.
/// Source: Martens 2010, Deep learning via Hessian-free optimization.
/// ```dlm
/// print sum(real(sparse_start(0.5)(zeros[100]) == 0)) > 20
/// //> true
/// ```
fn sparse_start(share: real, deviation: real = 0.01) {
    fn (w) { deviation * normal like w * real(uniform like w < share) }
}
