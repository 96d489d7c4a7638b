fn sign_ste(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }
layer Binary(x: real[B, I]) -> real[B, I] { sign_ste(x |> Linear(I)) }
data d = rows(x: [[1.0, 2.0]], y: [[1.0, 0.0]])
let net = Binary()
train t on d {
    batch 1
    minimize mse(net(x), y) over net with SGD(lr: 0.1)
}
