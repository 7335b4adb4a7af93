//! HTML as text: the framework's markers out of finished pages, and typed text into `<textarea>`.

/// Removes every `<!>` and comment that stands between tags. Leptos writes them to find its
/// place again when a browser takes over; none does here. An attribute's value may hold the same
/// characters as typed text, so tags are passed over with their quotes.
///
/// INVARIANT: `<` in text is always written as `&lt;` (by Leptos, and by [`escaped`] where it
/// doesn't), so nothing typed is taken for a marker.
pub(crate) fn without_markers(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        out.push_str(text);
        rest = if let Some(after) = tag.strip_prefix("<!>") {
            after
        } else if let Some(comment) = tag.strip_prefix("<!--") {
            comment.split_once("-->").map_or("", |(_, after)| after)
        } else {
            let (tag, after) = tag.split_at(tag_length(tag));
            out.push_str(tag);
            after
        };
    }
    out.push_str(rest);
    out
}

/// The length of the tag at the start, to and with its `>` outside of quotes.
fn tag_length(tag: &str) -> usize {
    let mut quote = None;
    for (index, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return index + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Text with `&`, `<` and `>` written so that it stays text. For the two places where Leptos
/// writes text as it is: `<textarea>` and `<title>`. Everywhere else it would be escaped twice.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{escaped, without_markers};

    #[test]
    fn only_markers_between_tags_go() {
        assert_eq!(
            without_markers(
                "<!DOCTYPE html><p>a<!>b<!></p><!--<() />--><input value=\"<!>'x<!---->\"><!>ä<b"
            ),
            "<!DOCTYPE html><p>ab</p><input value=\"<!>'x<!---->\">ä<b"
        );
        assert_eq!(without_markers(""), "");
        assert_eq!(without_markers("a<!--b"), "a");
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(escaped("</textarea>&"), "&lt;/textarea&gt;&amp;");
    }
}
