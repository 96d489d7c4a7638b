/// The last axis at another length: each place is the mean of those that it stands for, weighted by
/// a triangle as wide as two of them. Where the axis grows, a straight line between neighbours.
/// Source: Heckbert 1989, Fundamentals of texture mapping and image warping (triangle filter).
/// ```dlm
/// print resampled([0.0, 2.0, 4.0, 6.0], 2)
/// //> [1.42857, 4.57143]
/// ```
fn resampled(x: real[...S, N], size: int) -> real[...S, size] {
    let middle = (real(positions(size)) + 0.5) * (N / size) - 0.5
    let distance = abs(reshape(middle, [size, 1]) - real(positions(N)))
    let near = maximum(0, 1 - distance / maximum(1, N / size))
    x @ (near / sum(near, over: -1, keep: true)).T
}

/// A picture as the image models of 2014 and later take it: its shorter side 256 places long, the
/// 224 by 224 in its middle, each colour less its mean over ImageNet, in units of its deviation.
///
/// `x: u8[3, H, W]`, red, green and blue, such as `image("cat.jpg")`; a batch of one comes out.
/// Source: He et al. 2015, https://arxiv.org/abs/1512.03385 (test crop); mean and deviation as in
/// torchvision's models.
/// ```dlm
/// print imagenet(u8(zeros[3, 300, 400]))[0, .., 0, 0]
/// //> [-2.1179, -2.03571, -1.80444]
/// ```
fn imagenet(x: u8[3, H, W]) -> real[1, 3, 224, 224] {
    let h = 256 * H div min(H, W), w = 256 * W div min(H, W)
    let whole = resampled(resampled(real(x).T, h).T, w)
    // Halves go to the even neighbour.
    let top = (h - 224) div 2 + (h - 224) % 4 div 3, left = (w - 224) div 2 + (w - 224) % 4 div 3
    let middle = whole[.., top..<top + 224, left..<left + 224] / 255
    let normal = (middle - [0.485, 0.456, 0.406] along 0) / ([0.229, 0.224, 0.225] along 0)
    reshape(normal, [1, 3, 224, 224])
}
