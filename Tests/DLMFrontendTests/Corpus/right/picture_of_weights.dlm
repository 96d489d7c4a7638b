// A weight is a tensor like any other: 4 rows of 16 are 4 images of 4 by 4.
let net = Linear(4)
print net(ones[1, 16])
save grid(reshape(net.w, [4, 1, 4, 4])) to "weights.png"
plot histogram(reshape(net.w, [64])) to "weights.svg"
save net to "net.safetensors"
