#include "analyzer/source/characters.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <iterator>
#include <string>

namespace assay::source {
namespace {

bool between(char32_t value, char32_t low, char32_t high) {
  return value >= low && value <= high;
}

UScriptCode script_of(char32_t code_point) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(code_point), &status);
  return U_SUCCESS(status) != 0 ? script : USCRIPT_UNKNOWN;
}

}  // namespace

Hidden hidden(char32_t c) {
  if (c < 0xAD) return Hidden::none;
  if (between(c, 0x202A, 0x202E) || between(c, 0x2066, 0x2069)) return Hidden::bidi_control;
  if (c == 0x200E || c == 0x200F || c == 0x061C) return Hidden::implicit_mark;
  if (between(c, 0xFE00, 0xFE0F) || between(c, 0xE0100, 0xE01EF)) return Hidden::variation_selector;
  if (between(c, 0xE0000, 0xE007F)) return Hidden::tag;
  switch (c) {
    case 0x034F:  // combining grapheme joiner
    case 0x115F:  // Hangul fillers: letters to a parser, nothing to a reader
    case 0x1160:
    case 0x3164:
    case 0xFFA0:
    case 0x17B4:
    case 0x17B5:
    case 0x180E:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x2800:  // braille pattern blank
    case 0xFEFF:
      return Hidden::invisible;
    default:
      break;
  }
  if (between(c, 0x2060, 0x2064) || between(c, 0x206A, 0x206F) || between(c, 0xFFF9, 0xFFFB) ||
      between(c, 0x1D173, 0x1D17A)) {
    return Hidden::invisible;
  }
  return Hidden::none;
}

std::string_view word(Hidden hidden) {
  switch (hidden) {
    case Hidden::bidi_control:
      return "bidi-control";
    case Hidden::implicit_mark:
    case Hidden::invisible:
      return "invisible";
    case Hidden::tag:
      return "tag-character";
    case Hidden::variation_selector:
      return "variation-selector";
    case Hidden::none:
      break;
  }
  return "";
}

bool is_right_to_left_letter(char32_t c) {
  if (c < 0x0590) return false;
  const auto direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

bool is_emoji_part(char32_t c) {
  if (c == 0xFE0F || c == 0x200D) return true;
  if (c < 0xA9) return false;
  const auto character = static_cast<UChar32>(c);
  return u_hasBinaryProperty(character, UCHAR_EMOJI) != 0 ||
         u_hasBinaryProperty(character, UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
}

bool joins(char32_t c) {
  if (c < 0x0600) return false;
  switch (script_of(c)) {
    case USCRIPT_ARABIC:
    case USCRIPT_SYRIAC:
    case USCRIPT_NKO:
    case USCRIPT_MONGOLIAN:
    case USCRIPT_DEVANAGARI:
    case USCRIPT_BENGALI:
    case USCRIPT_GURMUKHI:
    case USCRIPT_GUJARATI:
    case USCRIPT_ORIYA:
    case USCRIPT_TAMIL:
    case USCRIPT_TELUGU:
    case USCRIPT_KANNADA:
    case USCRIPT_MALAYALAM:
    case USCRIPT_SINHALA:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
    case USCRIPT_BALINESE:
    case USCRIPT_JAVANESE:
      return true;
    default:
      return false;
  }
}

bool breaks_without_spaces(char32_t c) {
  if (c < 0x0E00) return false;
  switch (script_of(c)) {
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
      return true;
    default:
      // Punctuation of these scripts has the script "common".
      return between(c, 0x3000, 0x303F) || between(c, 0xFF00, 0xFF65);
  }
}

LetterScript letter_script(char32_t c) {
  if (c < 0x80) return ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z') ? LetterScript::latin : LetterScript::none;
  if (u_isalpha(static_cast<UChar32>(c)) == 0) return LetterScript::none;
  switch (script_of(c)) {
    case USCRIPT_LATIN:
      return LetterScript::latin;
    case USCRIPT_CYRILLIC:
      return LetterScript::cyrillic;
    case USCRIPT_GREEK:
      return LetterScript::greek;
    case USCRIPT_COMMON:
      return LetterScript::none;  // the micro sign and other symbols that count as letters
    default:
      return LetterScript::other;
  }
}

bool looks_latin(char32_t c) {
  static constexpr char32_t alike[] = {
      0x0391, 0x0392, 0x0395, 0x0396, 0x0397, 0x0399, 0x039A, 0x039C, 0x039D, 0x039F, 0x03A1, 0x03A4,
      0x03A5, 0x03A7, 0x03B1, 0x03B9, 0x03BA, 0x03BD, 0x03BF, 0x03C1, 0x03C5, 0x03F2, 0x03F3,  // Greek
      0x0405, 0x0406, 0x0408, 0x0410, 0x0412, 0x0415, 0x041A, 0x041C, 0x041D, 0x041E, 0x0420, 0x0421,
      0x0422, 0x0423, 0x0425, 0x0430, 0x0435, 0x043E, 0x0440, 0x0441, 0x0443, 0x0445, 0x0455, 0x0456,
      0x0458, 0x04AE, 0x04BA, 0x04BB, 0x04C0, 0x04CF, 0x0501, 0x050C, 0x051B, 0x051D};  // Cyrillic
  return std::find(std::begin(alike), std::end(alike), c) != std::end(alike);
}

void append_code_point(std::string& out, char32_t code_point) {
  fmt::format_to(std::back_inserter(out), "U+{:04X}", static_cast<std::uint32_t>(code_point));
}

}  // namespace assay::source
