sweep depth in [2, 4, 8], width in [64, 128] { run mnist_cnn(depth, width) }   // every combination is shape-checked before the first one starts
test "log-probabilities sum to one" { let p = net(sample(mnist.test, 8).image); expect sum(exp(p), over: -1) ~= ones[8] }
use "layers/resnet.dlm"
let backbone = ResNet(classes: 1000) from "resnet18.safetensors" rename torchvision   // header compared while editing
