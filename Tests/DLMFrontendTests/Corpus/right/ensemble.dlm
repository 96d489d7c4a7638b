// What is made of probabilities without leaving 0 to 1 stays one.
layer Net(x: real[B, 4]) -> logit[B, 3] { x |> Linear(8) |> relu |> Linear(3) }
let a = Net(), b = Net()
let x = normal[6, 4]
let y = index([0, 1, 2, 0, 1, 2], 3)
let both = mean(stack(softmax(a(x)), softmax(b(x)), over: 0), over: 0)
print nll(log(both + 1e-9), y), nll(log(maximum(both, 1e-9)), y)
let p = sigmoid(a(x)[.., 0])
print bce(clamp(p, 1e-6, 0.999999), ones[6]), bce(1 - p, ones[6])
print nll(log(stack(1 - p, p, over: 1)), index([0, 1, 0, 1, 0, 1], 2))
