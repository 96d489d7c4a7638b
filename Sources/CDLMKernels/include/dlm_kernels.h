#pragma once

#include "dlm_random.h"
