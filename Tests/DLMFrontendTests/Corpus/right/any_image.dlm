// Fully convolutional: any size that the windows leave something of.
layer Net(x: real[B, 1, H, W]) -> logit[B, 10] {
    x |> Conv(8, k: 5) |> MaxPool(2) |> relu |> Conv(16, k: 5) |> relu |> global_mean |> Linear(10)
}
print Net()(ones[1, 1, 28, 28])
print Net()(ones[1, 1, 40, 24])
