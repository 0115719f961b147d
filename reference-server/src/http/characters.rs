//! Characters that are no part of a text: those that steer a screen, turn the direction of what stands beside them, or
//! can't be seen at all.

/// Whether another line begins after it.
pub fn breaks_line(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether it steers a screen, and is none of those that writing in lines takes.
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Whether it makes the text after it, also of others on the page, run the other way: embeddings, overrides, isolates.
/// Texts that are read from the right do without.
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether anything is to be seen of it: no space, and none that only says how others look. Joiners are among those,
/// and belong in Nepali words; a text of nothing else is empty.
pub fn is_visible(c: char) -> bool {
    // Unicode's Default_Ignorable_Code_Point, marks of annotations, and the pattern of Braille without a dot.
    let hidden = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}');
    !hidden && !c.is_control() && !c.is_whitespace()
}
