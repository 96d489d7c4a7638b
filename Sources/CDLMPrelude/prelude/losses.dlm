/// Negative log-likelihood of the labels, in nats, averaged over the batch.
/// Source: definition.
/// ```dlm
/// print nll(log_softmax(zeros[2, 10]), index([3, 7], 10))
/// //> 2.30259
/// ```
loss nll(logp: logprob[...S, K], label: index(K)[...S]) -> real { -mean(pick(logp, label, over: K)) }

/// Cross entropy of unnormalised scores against labels, in nats, averaged over the batch.
/// Source: definition.
/// ```dlm
/// print cross_entropy(zeros[2, 10], index([3, 7], 10))
/// //> 2.30259
/// ```
loss cross_entropy(score: logit[...S, K], label: index(K)[...S]) -> real {
    -mean(pick(log_softmax(score, over: K), label, over: K))
}

/// Mean of the squared differences.
/// Source: definition.
/// ```dlm
/// print mse([1.0, 2.0], [0.0, 0.0])
/// //> 2.5
/// ```
loss mse(x: real[...S], target: real[...S]) -> real { mean((x - target)^2) }

/// Mean of the absolute differences.
/// Source: definition.
/// ```dlm
/// print mae([1.0, -2.0], [0.0, 0.0])
/// //> 1.5
/// ```
loss mae(x: real[...S], target: real[...S]) -> real { mean(abs(x - target)) }

/// Binary cross entropy of probabilities against targets in 0 to 1, in nats. Logarithms stop at -100.
/// Source: definition.
/// ```dlm
/// print bce(sigmoid([2.0, -1.5]), [1.0, 0.0])
/// //> 0.16417
/// ```
loss bce(p: prob[...S], target: real[...S]) -> real {
    -mean(target * maximum(log(p), -100) + (1 - target) * maximum(log(1 - p), -100))
}

/// Binary cross entropy of scores before the sigmoid, computed so that no score overflows.
/// Source: definition.
/// ```dlm
/// print bce_logits([2.0, -1.0], [1.0, 0.0])
/// //> 0.22009
/// ```
loss bce_logits(z: real[...S], target: real[...S]) -> real {
    mean(softplus(z) - z * target)
}

/// Half the square of small differences, `delta` times the absolute of large ones.
/// Source: Huber 1964, Robust estimation of a location parameter.
/// ```dlm
/// print huber([0.0, 3.0], [0.5, 0.0])
/// //> 1.3125
/// ```
loss huber(x: real[...S], target: real[...S], delta: real = 1.0) -> real {
    let d = abs(x - target)
    mean(select(d <= delta, 0.5 * d^2, delta * (d - 0.5 * delta)))
}

/// Divergence of Bernoulli distributions: how far means `q` of units are from the share `p` that is wanted.
/// Source: Kullback and Leibler 1951, On information and sufficiency.
/// ```dlm
/// print kl_bernoulli(0.05, [0.05, 0.5])
/// //> 0.49463
/// ```
fn kl_bernoulli(p: real, q: real[...S]) -> real {
    sum(p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)))
}
