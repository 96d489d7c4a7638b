layer Net(x: real[B, 2]) -> logit[B, 3] {
    param w: real[3, 2] = uniform(-1, 1), b: real[3] = 0
    x @ w.T + b
}
let net = Net() from "net.safetensors" rename torchvision
print softmax(net(ones[4, 2]))
print imagenet(image("cat.png"))[0, 0, 0, 0], mean(real(image("cat.png", channels: 1)))
