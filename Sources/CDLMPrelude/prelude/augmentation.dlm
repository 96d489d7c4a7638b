/// Each image turned about its middle, by interpolation in straight lines; what comes in is 0.
///
/// `x: real[B, C, H, W]`, `degrees: real[B]`.
/// Source: definition.
/// ```dlm
/// print rotated([[[[1.0, 2.0], [3.0, 4.0]]]], [90.0])
/// //> [[[[3, 1],
/// //>    [4, 2]]]]
/// ```
fn rotated(x: real[B, C, H, W], degrees: real[B]) -> real[B, C, H, W] {
    let angle = reshape(degrees * (pi / 180), [B, 1])
    let place = real(positions(H * W)), line = floor((place + 0.5) / W)
    let down = reshape(line, [1, H * W]) - (H - 1) / 2
    let right = reshape(place - line * W, [1, H * W]) - (W - 1) / 2
    // Where each pixel comes from; the weights fall off to the neighbours in a straight line.
    let row = cos(angle) * down - sin(angle) * right + (H - 1) / 2
    let column = sin(angle) * down + cos(angle) * right + (W - 1) / 2
    let rows = maximum(0, 1 - abs(reshape(row, [B, H * W, 1]) - real(positions(H))))
    let columns = maximum(0, 1 - abs(reshape(column, [B, H * W, 1]) - real(positions(W))))
    let found = reshape(rows, [B, H * W, H, 1]) * reshape(columns, [B, H * W, 1, W])
    let turned = reshape(found, [B, H * W, H * W]) @ rearrange(x, [B, C, H, W] -> [B, (H W), C])
    rearrange(turned, [B, (H W), C] -> [B, C, H, W])
}

/// Each image turned about its middle by an angle of up to `most` degrees, at random; what comes in
/// is 0.
///
/// `x: real[B, C, H, W]`. In `augment` it is called `rotate`.
/// Source: Simard, Steinkraus and Platt 2003, Best practices for convolutional neural networks.
/// ```dlm
/// print random_rotate([[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]], 20)[0, 0, 1, 1]
/// //> 1
/// ```
fn random_rotate(x: real[B, C, H, W], most: real = 10) -> real[B, C, H, W] {
    rotated(x, (2 * uniform[B] - 1) * most)
}

/// Each image with a square of 0 of `size` places at random; it may lie partly outside.
///
/// `x: real[B, C, H, W]`. In `augment` it is called `cutout`.
/// Source: DeVries and Taylor 2017, https://arxiv.org/abs/1708.04552
/// ```dlm
/// print sum(random_cutout(ones[1, 1, 8, 8], 2)) >= 60
/// //> true
/// ```
fn random_cutout(x: real[B, C, H, W], size: int) -> real[B, C, H, W] {
    let down = floor(uniform[B, 1] * H) - size div 2, right = floor(uniform[B, 1] * W) - size div 2
    let row = real(positions(H)) - down, column = real(positions(W)) - right
    let rows = real(row >= 0) * real(row < size), columns = real(column >= 0) * real(column < size)
    x * (1 - reshape(rows, [B, 1, H, 1]) * reshape(columns, [B, 1, 1, W]))
}

/// Rows mixed with those of the batch in the other order, and targets in the same shares:
/// `(x, target)`.
///
/// `x: real[B, ...S]`, `target: real[B, ...U]`, such as `one_hot(label)`. The share of each row is
/// even in 0 to 1, the distribution of the paper for alpha 1.
/// Source: Zhang et al. 2017, https://arxiv.org/abs/1710.09412
/// ```dlm
/// let (x, t) = mixup([[1.0], [0.0]], [[1.0], [0.0]])
/// print sum(x - t)
/// //> 0
/// ```
fn mixup(x: real[B, ...S], target: real[B, ...U]) {
    let share = uniform[B, 1]
    let flat = reshape(x, [B, prod(S)]), goal = reshape(target, [B, prod(U)])
    let mixed = share * flat + (1 - share) * flip(flat, over: 0)
    let aim = share * goal + (1 - share) * flip(goal, over: 0)
    (reshape(mixed, [B, ...S]), reshape(aim, [B, ...U]))
}
