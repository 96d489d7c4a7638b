/// Negative log-likelihood of the labels, in nats, averaged over the batch.
/// Source: definition.
/// ```dlm
/// print nll(log_softmax(zeros[2, 10]), index([3, 7], 10))
/// //> 2.30259
/// ```
loss nll(logp: logprob[...S, K], label: index(K)[...S]) -> real {
    -mean(pick(logp, label, over: K))
}

/// Cross entropy of unnormalised scores against labels, in nats, averaged over the batch.
///
/// With `smoothing` e, each target has `1 - e` of its weight at the label and e spread over all
/// classes.
/// Source: definition; Szegedy et al. 2015, https://arxiv.org/abs/1512.00567 (smoothing)
/// ```dlm
/// print cross_entropy(zeros[2, 10], index([3, 7], 10))
/// //> 2.30259
/// print cross_entropy([[2.0, 0.0]], index([0], 2), smoothing: 0.1)
/// //> 0.22693
/// ```
loss cross_entropy(score: logit[...S, K], label: index(K)[...S], smoothing: real = 0) -> real
    where smoothing >= 0 and smoothing < 1 : "`smoothing` lies in 0..<1, but this is {smoothing}"
{
    let logp = log_softmax(score, over: K)
    let right = -mean(pick(logp, label, over: K))
    smoothing == 0 ? right : (1 - smoothing) * right - smoothing * mean(logp)
}

/// Cross entropy against labels of which each was flipped by chance: `noise[i, j]` is the share of
/// class i that is labelled j. The scores are those of the true classes.
///
/// `noise: real[K, K]`, rows that add up to 1.
/// Source: Patrini et al. 2016, https://arxiv.org/abs/1609.03683 (forward correction)
/// ```dlm
/// print noisy_cross_entropy([[2.0, 0.0]], index([1], 2), [[0.9, 0.1], [0.2, 0.8]])
/// //> 1.69586
/// ```
loss noisy_cross_entropy(score: logit[...S, K], label: index(K)[...S], noise: real[K, K]) -> real {
    let p = softmax(score, over: -1) @ noise
    -mean(pick(log(p), label, over: -1))
}

/// Mean of the squared differences.
/// Source: Gauss 1809, Theoria motus corporum coelestium.
/// ```dlm
/// print mse([1.0, 2.0], [0.0, 0.0])
/// //> 2.5
/// ```
loss mse(x: real[...S], target: real[...S]) -> real { mean((x - target)^2) }

/// Mean of the absolute differences.
/// Source: Laplace 1774, Memoire sur la probabilite des causes par les evenements.
/// ```dlm
/// print mae([1.0, -2.0], [0.0, 0.0])
/// //> 1.5
/// ```
loss mae(x: real[...S], target: real[...S]) -> real { mean(abs(x - target)) }

/// Binary cross entropy of probabilities against targets in 0 to 1, in nats. Logarithms stop at
/// -100.
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
loss bce_logits(z: logit[...S], target: real[...S]) -> real {
    mean(softplus(z) - z * target)
}

/// Binary cross entropy in which examples that are right already count little.
/// Source: Lin et al. 2017, https://arxiv.org/abs/1708.02002
/// ```dlm
/// print focal([2.0, -1.0], [1.0, 0.0])
/// //> 0.01223
/// ```
loss focal(z: real[...S], target: real[...S], gamma: real = 2) -> real {
    let wrong = maximum(z, 0) - z * target + log(1 + exp(-abs(z)))
    mean((1 - exp(-wrong))^gamma * wrong)
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

/// How far scores are on the wrong side of a margin of 1, or not far enough on the right one: the
/// loss of a support vector machine. Targets are -1 and 1.
/// Source: Cortes and Vapnik 1995, Support-vector networks.
/// ```dlm
/// print hinge([0.3, -2.0], [1.0, -1.0])
/// //> 0.35
/// ```
loss hinge(score: real[...S], target: real[...S]) -> real { mean(maximum(0, 1 - target * score)) }

/// The hinge loss of several classes: every wrong score that is not below the right one by
/// `margin`.
/// Source: Weston and Watkins 1999, Support vector machines for multi-class pattern recognition.
/// ```dlm
/// print multi_hinge([[0.1, 0.5, 0.2]], index([1], 3))
/// //> 0.43333
/// ```
loss multi_hinge(score: real[...S, K], label: index(K)[...S], margin: real = 1) -> real
    where margin >= 0 : "a margin is not negative, but this is {margin}"
{
    let right = reshape(pick(score, label, over: K), [...S, 1])
    // The right class itself adds the margin once.
    mean(sum(maximum(0, margin - right + score), over: -1) - margin) / K
}

/// Kullback and Leibler's divergence of a distribution q from p, `sum p * log(p / q)`, averaged
/// over the batch.
///
/// `p: prob[...S, K]`, `q` as logarithms.
/// Source: Kullback and Leibler 1951, On information and sufficiency.
/// ```dlm
/// print kl(log_softmax([[1.0, 2.0]]), softmax([[0.0, 0.0]]))
/// //> 0.12011
/// ```
loss kl(logq: logprob[...S, K], p: prob[...S, K]) -> real {
    mean(sum(p * (log(select(p > 0, p, 1)) - logq), over: -1))
}

/// Divergence of Bernoulli distributions: how far means `q` of units are from the share `p` that is
/// wanted.
/// Source: Kullback and Leibler 1951, On information and sufficiency.
/// ```dlm
/// print kl_bernoulli(0.05, [0.05, 0.5])
/// //> 0.49463
/// ```
fn kl_bernoulli(p: real, q: real[...S]) -> real
    where p > 0 and p < 1 : "the share that is wanted lies between 0 and 1, but this is {p}"
{
    sum(p * log(p / q) + (1 - p) * log((1 - p) / (1 - q)))
}

/// Divergence of a normal distribution with independent elements from the standard one, averaged
/// over the batch: the second term of a variational autoencoder.
/// Source: Kingma and Welling 2013, https://arxiv.org/abs/1312.6114, appendix B
/// ```dlm
/// print kl_normal([[0.0, 1.0]], [[0.0, 0.0]])
/// //> 0.5
/// ```
loss kl_normal(mean: real[B, D], logvar: real[B, D]) -> real {
    sum(0.5 * (exp(logvar) + mean^2 - 1 - logvar)) / B
}

/// Negative logarithm of a Poisson density without its constant, for counts; `z` is the logarithm
/// of the rate.
/// Source: definition.
/// ```dlm
/// print poisson([0.0, 1.0], [1.0, 2.0])
/// //> 0.85914
/// ```
loss poisson(z: real[...S], target: real[...S]) -> real { mean(exp(z) - target * z) }

/// Cosine of the angle between vectors of the last axis: -1 to 1, and 0 where one has no length.
/// Source: definition.
/// ```dlm
/// print cosine([[1.0, 0.0]], [[1.0, 1.0]])
/// //> [0.70711]
/// ```
fn cosine(a: real[...S, D], b: real[...S, D]) -> real[...S] {
    sum(a * b, over: -1) / maximum(norm(a, over: -1) * norm(b, over: -1), 1e-8)
}

/// One less the cosine where `target` is 1; the cosine beyond `margin` where it is -1.
/// Source: definition.
/// ```dlm
/// print cosine_loss([[1.0, 0.0]], [[1.0, 1.0]], [1.0])
/// //> 0.29289
/// ```
loss cosine_loss(a: real[...S, D], b: real[...S, D], target: real[...S], margin: real = 0) -> real
    where margin >= -1 and margin <= 1 : "a margin of cosines lies in -1..1, but this is {margin}"
{
    let c = cosine(a, b)
    mean(select(target > 0, 1 - c, maximum(0, c - margin)))
}

/// Pulls an anchor to the positive and pushes it from the negative until that is farther by
/// `margin`.
///
/// All three are `real[B, D]`.
/// Source: Schroff, Kalenichenko and Philbin 2015, https://arxiv.org/abs/1503.03832
/// ```dlm
/// print triplet([[0.0, 0.0]], [[1.0, 0.0]], [[0.0, 1.5]])
/// //> 0.5
/// ```
loss triplet(
    anchor: real[B, D], positive: real[B, D], negative: real[B, D], margin: real = 1
) -> real
    where margin >= 0 : "a margin is not negative, but this is {margin}"
{
    let near = norm(anchor - positive + 1e-6, over: 1)
    let far = norm(anchor - negative + 1e-6, over: 1)
    mean(maximum(0, near - far + margin))
}

/// Pulls pairs with `same` 1 together, and pushes those with 0 apart up to `margin`.
/// Source: Hadsell, Chopra and LeCun 2006, Dimensionality reduction by learning an invariant
/// mapping.
/// ```dlm
/// print contrastive([[0.0, 0.0]], [[0.3, 0.4]], [1.0])
/// //> 0.125
/// ```
loss contrastive(a: real[B, D], b: real[B, D], same: real[B], margin: real = 1) -> real
    where margin >= 0 : "a margin is not negative, but this is {margin}"
{
    let d = norm(a - b, over: 1)
    mean(same * d^2 + (1 - same) * maximum(0, margin - d)^2) / 2
}

/// Cross entropy of finding each row's partner among all rows of the batch, by their cosine.
/// Source: van den Oord, Li and Vinyals 2018, https://arxiv.org/abs/1807.03748
/// ```dlm
/// print info_nce([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]])
/// //> 4.54177e-5
/// ```
loss info_nce(a: real[B, D], b: real[B, D], temperature: real = 0.1) -> real
    where temperature > 0 : "a temperature is above 0, but this is {temperature}"
{
    let u = a / maximum(norm(a, over: 1)[.., new], 1e-8)
    let v = b / maximum(norm(b, over: 1)[.., new], 1e-8)
    let logp = log_softmax(u @ rearrange(v, [N, D] -> [D, N]) / temperature, over: -1)
    -mean(pick(logp, positions(B), over: -1))
}

/// Difference of two images as a network sees them: the mean squared difference of its features.
///
/// `features` is a function or a layer from images to features.
/// Source: Johnson, Alahi and Fei-Fei 2016, https://arxiv.org/abs/1603.08155
/// ```dlm
/// let eye = Conv(4, k: 3)
/// print perceptual(eye, ones[1, 1, 5, 5], ones[1, 1, 5, 5])
/// //> 0
/// ```
loss perceptual(features: fn, x: real[...S], target: real[...S]) -> real {
    mse(features(x), stop_gradient(features(target)))
}
