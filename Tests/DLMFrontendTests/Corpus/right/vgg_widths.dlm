// A list of lists: stages of one, one and two convolutions.
layer VGG(stages: [[int]], classes: int)(x: real[B, 3, H, W]) -> logit[B, classes] {
    var h = x
    repeat widths in stages {
        repeat c in widths { h = h |> Conv(c, k: 3, pad: 1) |> relu }
        h = h |> MaxPool(2)
    }
    h |> global_mean |> Linear(classes)
}
print VGG([[8], [16], [32, 32]], 10)(ones[1, 3, 32, 32])
