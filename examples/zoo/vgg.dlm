// VGG-16: Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556 (configuration D).
layer Stage(c: int, n: int)(x: real[B, C, H, W]) -> real[B, c, _, _] {
    var h = x
    repeat n { h = h |> Conv(c, k: 3, pad: 1) |> relu }
    h |> MaxPool(2)
}
layer VGG16(classes: int = 1000)(x: real[B, 3, H, W]) -> logit[B, classes] {
    var h = x
    repeat (i, n) in [2, 2, 3, 3, 3] { h = h |> Stage(min(64 * 2^i, 512), n) }
    h |> flatten |> Linear(4096) |> relu |> Dropout()
      |> Linear(4096) |> relu |> Dropout() |> Linear(classes)
}
