/** ASCII characters as the byte each has in UTF-8. */

export const BLANK = 0x20;
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const CAPITAL_E = 0x45;
export const CAPITAL_T = 0x54;
export const CAPITAL_Z = 0x5a;
export const BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const END_BRACKET = 0x5d;
export const E = 0x65;
export const F = 0x66;
export const N = 0x6e;
export const T = 0x74;
export const BRACE = 0x7b;
export const END_BRACE = 0x7d;
