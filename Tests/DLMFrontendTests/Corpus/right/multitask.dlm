layer Trunk(x: real[B, 1, 28, 28]) -> real[B, 64] { x |> flatten |> Linear(64) |> relu }
let trunk = Trunk(), digit = Linear(10), parity = Linear(2)
data mnist = idx("data/mnist", classes: 10)
train multi on mnist.train {
    batch 32 shuffled drop last
    epochs 1
    step {
        let h = trunk(real(image))
        let odd = index(label % 2, 2)
        minimize cross_entropy(digit(h), label) + 0.5 * cross_entropy(parity(h), odd) over trunk, digit, parity with Adam()
    }
    every epoch { log loss }
}
