layer Embed(x: real[B, 1, 28, 28]) -> real[B, 32] { x |> Conv(8, k: 5) |> MaxPool(2) |> relu |> flatten |> Linear(32) }
layer Siamese(a: real[B, 1, 28, 28], b: real[B, 1, 28, 28]) -> real[B] {
    let embed = Embed()
    norm(embed(a) - embed(b), over: 1)
}
let net = Siamese()
print net(zeros[2, 1, 28, 28], ones[2, 1, 28, 28])
