layer Net(x: real[B, 4]) -> real[B, 2] { x |> Linear(8) |> relu |> Linear(2) }
let net = Net()
print mean(net(ones[3, 4]))
save net to "saved_then_loaded.safetensors"
let other = Net() from "saved_then_loaded.safetensors"
print mean(other(ones[3, 4]))
