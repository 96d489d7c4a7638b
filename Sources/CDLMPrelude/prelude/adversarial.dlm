/// What a discriminator loses: scores of real rows should be high, of made ones low.
/// Source: Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
/// ```dlm
/// print gan_critic_loss([2.0], [-1.0])
/// //> 0.44019
/// ```
loss gan_critic_loss(real_score: real[B], fake_score: real[B]) -> real {
    bce_logits(real_score, ones[B]) + bce_logits(fake_score, zeros[B])
}

/// What a generator loses: a discriminator should take its rows for real (the loss that does not
/// saturate).
/// Source: Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
/// ```dlm
/// print gan_generator_loss([-1.0])
/// //> 1.31326
/// ```
loss gan_generator_loss(fake_score: real[B]) -> real { bce_logits(fake_score, ones[B]) }

/// What the critic of a Wasserstein GAN loses: the mean score of made rows less that of real ones.
/// Source: Arjovsky, Chintala and Bottou 2017, https://arxiv.org/abs/1701.07875
/// ```dlm
/// print wasserstein([2.0], [-1.0])
/// //> -3
/// ```
loss wasserstein(real_score: real[B], fake_score: real[B]) -> real {
    mean(fake_score) - mean(real_score)
}

/// How far the slope of a critic is from 1, at random places between real and made rows.
///
/// `critic` is a layer that gives `real[B]`; both inputs are `real[B, ...S]`.
/// Source: Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028
/// ```dlm
/// layer Critic(x: real[B, D]) -> real[B] { x |> Linear(1) |> squeeze(over: 1) }
/// let critic = Critic()
/// print gradient_penalty(critic, ones[4, 3], zeros[4, 3]) >= 0
/// //> true
/// ```
fn gradient_penalty(critic: fn, x: real[B, ...S], fake: real[B, ...S]) -> real {
    let e = uniform[B, 1]
    let a = reshape(x, [B, prod(S)]), b = reshape(fake, [B, prod(S)])
    let mix = reshape(e * a + (1 - e) * b, [B, ...S])
    let g = reshape(grad(sum(critic(mix)), wrt: mix), [B, prod(S)])
    mean((norm(g, over: 1) - 1)^2)
}

/// How far a critic differs between two looks at the same real rows, beyond `margin`: call it on
/// two draws of a layer with dropout or noise.
/// Source: Wei et al. 2018, https://arxiv.org/abs/1803.01541
/// ```dlm
/// print consistency([0.5, 1.0], [0.4, 1.0])
/// //> 0.05
/// ```
loss consistency(first: real[...S], second: real[...S], margin: real = 0) -> real {
    mean(maximum(0, abs(first - second) - margin))
}
