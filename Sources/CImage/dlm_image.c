// Pictures are decoded by stb_image (https://github.com/nothings/stb), in Debian's package libstb-dev. A
// build without it reads everything else.
#include "dlm_image.h"

#include <limits.h>

#if __has_include(<stb/stb_image.h>)

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_HDR
#include <stb/stb_image.h>
#pragma clang diagnostic pop

int dlm_image_can_read(void) { return 1; }

int dlm_image_size(const unsigned char *bytes, size_t count, int *width, int *height) {
  int channels;
  return count <= INT_MAX && stbi_info_from_memory(bytes, (int)count, width, height, &channels);
}

unsigned char *dlm_image_decode(const unsigned char *bytes, size_t count, int channels) {
  int width, height, own;
  if (count > INT_MAX) return NULL;
  return stbi_load_from_memory(bytes, (int)count, &width, &height, &own, channels);
}

void dlm_image_free(unsigned char *pixels) { stbi_image_free(pixels); }

const char *dlm_image_reason(void) {
  const char *reason = stbi_failure_reason();
  return reason ? reason : "it is too large";
}

#else

int dlm_image_can_read(void) { return 0; }

int dlm_image_size(const unsigned char *bytes, size_t count, int *width, int *height) {
  (void)bytes, (void)count, (void)width, (void)height;
  return 0;
}

unsigned char *dlm_image_decode(const unsigned char *bytes, size_t count, int channels) {
  (void)bytes, (void)count, (void)channels;
  return NULL;
}

void dlm_image_free(unsigned char *pixels) { (void)pixels; }

const char *dlm_image_reason(void) { return "this dlm was built without stb_image"; }

#endif
