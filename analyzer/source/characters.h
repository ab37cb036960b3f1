#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::source {

// What a code point can hide, after Unicode 15 (UAX 9 for bidirectional controls, UTS 39 for confusables, the
// Default_Ignorable_Code_Point property for what has no picture, emoji-data for what is an emoji).
enum class Hidden : std::uint8_t {
  none,
  bidi_control,        // LRE RLE PDF LRO RLO LRI RLI FSI PDI: reorder what a person sees
  implicit_mark,       // LRM RLM ALM: shift neutral characters only
  invisible,           // zero width and other characters without a picture
  tag,                 // U+E0000 to U+E007F: a second, invisible ASCII
  variation_selector,  // U+FE00 to U+FE0F, U+E0100 to U+E01EF: 256 values without a picture
};

Hidden hidden(char32_t code_point);

// The word in evidence: "bidi-control", "invisible", "tag-character", "variation-selector".
std::string_view word(Hidden hidden);

bool is_right_to_left_letter(char32_t code_point);
// Emoji, pictographs, skin tones, regional indicators and the variation selector that makes an emoji.
bool is_emoji_part(char32_t code_point);
// Scripts that write with zero-width joiners and non-joiners: Arabic, Syriac, the Indic family, Khmer, Myanmar,
// Mongolian …
bool joins(char32_t code_point);
// Scripts written without spaces between words, where a zero-width space marks a place to break.
bool breaks_without_spaces(char32_t code_point);

enum class LetterScript : std::uint8_t { none, latin, cyrillic, greek, other };
LetterScript letter_script(char32_t code_point);
// A Cyrillic or Greek letter that most fonts draw like a Latin one.
bool looks_latin(char32_t code_point);

// "U+202E".
void append_code_point(std::string& out, char32_t code_point);

}  // namespace assay::source
