#ifndef DLM_IMAGE_H
#define DLM_IMAGE_H

#include <stddef.h>

/// Whether this build can read pictures: whether stb_image was there when it was made.
int dlm_image_can_read(void);

/// Reads width and height of a picture (PNG, JPEG, BMP, GIF, TGA, PNM) from the bytes of its file.
/// Returns 0 where they are of no picture.
int dlm_image_size(const unsigned char *bytes, size_t count, int *width, int *height);

/// Decodes a picture to rows of pixels of `channels` bytes: 1 grey, 3 red, green and blue.
/// Returns NULL where it cannot be decoded; what is returned is freed with `dlm_image_free`.
unsigned char *dlm_image_decode(const unsigned char *bytes, size_t count, int channels);

void dlm_image_free(unsigned char *pixels);

/// Why the last call of this thread failed.
const char *dlm_image_reason(void);

#endif
