/// Negative log-likelihood of the labels, in nats, averaged over the batch.
/// ```
/// print nll(log_softmax(zeros[2, 10]), index([3, 7], 10))
/// ```
loss nll(logp: logprob[B, K], label: index(K)[B]) -> real { -mean(pick(logp, label, over: K)) }

/// Cross entropy of unnormalised scores against labels, in nats, averaged over the batch.
/// ```
/// print cross_entropy(zeros[2, 10], index([3, 7], 10))
/// ```
loss cross_entropy(score: logit[B, K], label: index(K)[B]) -> real {
    -mean(pick(log_softmax(score, over: K), label, over: K))
}

/// Mean of the squared differences.
/// ```
/// print mse([1.0, 2.0], [0.0, 0.0])
/// ```
loss mse(x: real[...S], target: real[...S]) -> real { mean((x - target)^2) }

/// Mean of the absolute differences.
/// ```
/// print mae([1.0, -2.0], [0.0, 0.0])
/// ```
loss mae(x: real[...S], target: real[...S]) -> real { mean(abs(x - target)) }
