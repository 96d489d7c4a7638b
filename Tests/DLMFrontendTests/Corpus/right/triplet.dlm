// One network, three inputs; one number for each sample is left.
layer Embed(x: real[B, D]) -> real[B, 16] { x |> Linear(32) |> relu |> Linear(16) }
let net = Embed()
data d = rows(anchor: normal[40, 8], near: normal[40, 8], far: normal[40, 8])
train triplets on d {
    batch 10
    step {
        let a = net(anchor)
        let gap = sum((a - net(near))^2, over: 1) - sum((a - net(far))^2, over: 1)
        minimize mean(relu(gap + 0.2)) over net with Adam()
    }
}
