// The scalar program of a stage: decoding, and where its registers live.
#pragma once
#include "runtime/plan.h"
#include "runtime/word_reader.h"

namespace ndl {

void decode_program_words(WordReader& in, const KernelTable& table, Program* program);

}  // namespace ndl
