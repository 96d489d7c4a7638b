/// A penalty for the squares of weights: `penalize l2(1e-4)` behind a `param`, or `l2(1e-4)(w)`.
///
/// A function of any shape `[...]` to a number.
/// Source: Hoerl and Kennard 1970, Ridge regression.
/// ```dlm
/// print l2(0.5)([1.0, 2.0])
/// //> 2.5
/// ```
fn l2(rate: real) { fn (w) { rate * sum(w^2) } }

/// A penalty for absolute weights, which makes many of them 0.
///
/// A function of any shape `[...]` to a number.
/// Source: Tibshirani 1996, Regression shrinkage and selection via the lasso.
/// ```dlm
/// print l1(0.5)([1.0, -2.0])
/// //> 1.5
/// ```
fn l1(rate: real) { fn (w) { rate * sum(abs(w)) } }

/// A penalty for absolute weights and for squares.
///
/// A function of any shape `[...]` to a number.
/// Source: Zou and Hastie 2005, Regularization and variable selection via the elastic net.
/// ```dlm
/// print elastic(0.5, 0.1)([1.0, -2.0])
/// //> 2
/// ```
fn elastic(l1: real, l2: real) { fn (w) { l1 * sum(abs(w)) + l2 * sum(w^2) } }

/// The sum of a penalty over all parameters of a layer:
/// `minimize mse(net(x), y) + penalty(net, l2(1e-4)) over net ...`.
///
/// Parameters of any shape `[...]`.
/// Source: definition.
/// ```dlm
/// let net = Linear(1, bias: false)
/// let y = net([[0.0, 0.0]])
/// print penalty(net, l2(1.0)) > 0
/// //> true
/// ```
fn penalty(net: fn, rule: fn) -> real {
    var all = 0.0
    for w in parameters(net) { all = all + rule(w) }
    all
}

/// Rows of weights no longer than `most`: `update net.linear1 with max_norm(3)` behind a
/// `minimize`.
///
/// A function from `[...]` to the same shape; what has no rows, such as a bias, stays as it is.
/// Source: Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from
/// overfitting.
/// ```dlm
/// print max_norm(1)([[3.0, 4.0], [0.3, 0.4]])
/// //> [[0.6, 0.8],
/// //>  [0.3, 0.4]]
/// ```
fn max_norm(most: real) {
    fn (w) {
        if rank(w) < 2 {
            w
        } else {
            w * minimum(1, most / maximum(sqrt(sum(w^2, over: -1, keep: true)), 1e-12))
        }
    }
}

/// Weights that follow others as a fading average:
/// `update slow from net with moving_average(0.999)`.
///
/// A function of two tensors of any shape `[...]` to the same.
/// Source: Polyak and Juditsky 1992, Acceleration of stochastic approximation by averaging.
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1), slow = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: 0.1)
///     update slow from net with moving_average(0.9)
/// }
/// print slow([[3.0]])
/// //> [[7]]
/// ```
fn moving_average(decay: real) { fn (mean, w) { lerp(mean, w, 1 - decay) } }

/// Weights that are the average of all that others have been: `update slow from net with
/// equal_average(step)`, or once an epoch with the number of the epoch.
///
/// A function of two tensors of any shape `[...]` to the same; `count` says how many went in, this
/// one too.
/// Source: Izmailov et al. 2018, https://arxiv.org/abs/1803.05407
/// ```dlm
/// data line = rows(x: [[0.0], [1.0], [2.0]], y: [[1.0], [3.0], [5.0]])
/// let net = Linear(1), slow = Linear(1)
/// train fit on line {
///     batch 3
///     epochs 200
///     minimize mse(net(x), y) over net with SGD(lr: 0.1)
///     update slow from net with equal_average(step)
/// }
/// print slow([[3.0]])
/// //> [[6.9619]]
/// ```
fn equal_average(count: real) { fn (mean, w) { mean + (w - mean) / count } }

/// Penalises activities, the mean over the batch of their squares: `penalize activity_l2(h, 1e-3)`
/// in a layer.
/// Source: definition.
/// ```dlm
/// print activity_l2([[1.0, 2.0], [0.0, 1.0]], 0.5)
/// //> 1.5
/// ```
fn activity_l2(h: real[B, ...S], rate: real) -> real { rate * sum(h^2) / B }

/// Penalises activities, the mean over the batch of their absolute values, so that few are not 0.
/// Source: Olshausen and Field 1996, Emergence of simple-cell receptive field properties by a
/// sparse code.
/// ```dlm
/// print activity_l1([[1.0, -2.0], [0.0, 1.0]], 0.5)
/// //> 1
/// ```
fn activity_l1(h: real[B, ...S], rate: real) -> real { rate * sum(abs(h)) / B }

/// Penalises units whose mean activity over the batch is not the share `p` of the time.
/// Source: Ng 2011, Sparse autoencoder, CS294A lecture notes.
/// ```dlm
/// print mean_activity([[0.1, 0.5], [0.1, 0.5]], 0.1, 1.0)
/// //> 0.36806
/// ```
fn mean_activity(h: real[B, D], p: real, rate: real) -> real {
    rate * kl_bernoulli(p, mean(h, over: 0))
}

/// Labels of which each is, with probability `p`, another one drawn from all classes.
/// Source: Angluin and Laird 1988, Learning from noisy examples.
/// ```dlm
/// print noisy_labels(index([0, 1], 2), 0.0)
/// //> [0, 1]
/// ```
fn noisy_labels(label: index(K)[...S], p: real) -> index(K)[...S] {
    select(uniform[...S] < p, categorical(zeros[...S, K]), label)
}
