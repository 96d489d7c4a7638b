// A U-Net that finds bright squares in noise: down, up, and what was seen on the way down put
// beside it.
// Source: Ronneberger, Fischer and Brox 2015, https://arxiv.org/abs/1505.04597
layer Twice(c: int)(x: real[B, C, H, W]) -> real[B, c, H, W] {
    x |> Conv(c, k: 3, pad: 1) |> BatchNorm() |> relu
      |> Conv(c, k: 3, pad: 1) |> BatchNorm() |> relu
}

layer UNet(c: int = 8)(x: real[B, 1, H, W]) -> logit[B, 1, H, W] where H % 4 == 0, W % 4 == 0 {
    let a = x |> Twice(c)
    let b = a |> MaxPool(2) |> Twice(2 * c)
    let floor = b |> MaxPool(2) |> Twice(4 * c)
    let up = concatenate(floor |> ConvT(2 * c, k: 2, stride: 2), b, over: 1) |> Twice(2 * c)
    concatenate(up |> ConvT(c, k: 2, stride: 2), a, over: 1) |> Twice(c) |> Conv(1, k: 1)
}

// Squares of 6 by 6 at random places of pictures of 16 by 16.
let row = real(positions(16)), top = 10 * uniform[64, 1, 1, 1], left = 10 * uniform[64, 1, 1, 1]
let y = reshape(row, [1, 1, 16, 1]), x = reshape(row, [1, 1, 1, 16])
let inside = real(y >= top) * real(y < top + 6) * real(x >= left) * real(x < left + 6)
data squares = rows(image: inside + 0.5 * normal like inside, mask: inside)

let net = UNet()
train segment on squares {
    batch 16 shuffled
    epochs 5
    minimize bce_logits(net(image), mask) over net with Adam(lr: 0.01)
    every epoch { log loss }
}
