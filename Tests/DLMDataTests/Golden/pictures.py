"""Writes the small pictures beside it and what they hold, with Pillow."""
import numpy as np
from PIL import Image

y, x = np.mgrid[0:5, 0:7]
colours = np.stack([30 * x, 50 * y, 255 - 10 * x * y], -1).astype(np.uint8)
Image.fromarray(colours).save("colours.png")
Image.fromarray(colours).quantize(16).save("palette.png")
Image.fromarray((6 * x + 40 * y).astype(np.uint8)).save("grey.png")
y, x = np.mgrid[0:24, 0:32]
smooth = np.stack([4 * x + 60, 6 * y + 40, 128 + 0 * x], -1).astype(np.uint8)
Image.fromarray(smooth).save("smooth.jpg", quality=95)
for name in ("colours.png", "palette.png", "grey.png", "smooth.jpg"):
    pixels = np.asarray(Image.open(name).convert("RGB"))
    print(name, pixels.shape, pixels.transpose(2, 0, 1).reshape(3, -1).astype(int).sum(1), pixels[3, 4])
