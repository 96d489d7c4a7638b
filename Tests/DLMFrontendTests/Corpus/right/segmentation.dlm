// A score for each pixel and each class, a label for each pixel.
layer Segment(classes: int)(x: real[B, 1, H, W]) -> logit[B, H, W, classes] {
    x |> Conv(8, k: 3, pad: 1) |> relu |> Conv(classes, k: 1) |> rearrange([B, K, H, W] -> [B, H, W, K])
}
let net = Segment(3)
data d = rows(x: uniform[6, 1, 8, 8], mask: index(reshape(positions(384) % 3, [6, 8, 8]), 3))
train parts on d {
    batch 3
    minimize cross_entropy(net(x), mask) over net with Adam()
}
