//! HTML and XHTML as plain text.

/// The text of a page or narrative: tags dropped, blocks on lines of their own, entities resolved.
pub(super) fn to_plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut preformatted = false;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        push_text(&mut out, text, preformatted);
        if let Some(after) = tag.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let opens = tag.get(1..).is_some_and(|next| {
            next.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
        });
        if !opens {
            // A bare "<", as in "pH < 7".
            out.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        }
        let (inside, after) = tag
            .get(1..)
            .and_then(|tag| tag.split_once('>'))
            .unwrap_or((tag, ""));
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = after;
        match name.as_str() {
            "script" | "style" | "head" | "title"
                if !inside.starts_with('/') && !inside.ends_with('/') =>
            {
                rest = skip_to_end(after, &name);
            }
            "td" | "th" if inside.starts_with('/') => out.push(' '),
            "li" if !inside.starts_with('/') => out.push_str("\n• "),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol"
            | "blockquote" | "pre" => {
                out.push_str("\n\n");
                if name == "pre" {
                    preformatted = !inside.starts_with('/');
                }
            }
            "br" | "div" | "tr" | "hr" | "section" | "article" | "dt" | "dd" | "caption" => {
                out.push('\n');
            }
            _ => {}
        }
    }
    push_text(&mut out, rest, preformatted);
    tidy(&out)
}

fn skip_to_end<'a>(rest: &'a str, name: &str) -> &'a str {
    let lower = rest.to_ascii_lowercase();
    lower
        .find(&format!("</{name}"))
        .and_then(|at| rest.get(at..))
        .and_then(|end| end.split_once('>'))
        .map_or("", |(_, after)| after)
}

fn push_text(out: &mut String, text: &str, preformatted: bool) {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, entity) = rest.split_at(start);
        push_spaced(out, before, preformatted);
        let resolved = entity.get(1..).and_then(|inner| {
            let end = inner.bytes().take(12).position(|byte| byte == b';')?;
            let name = inner.get(..end)?;
            Some((resolve(name)?, inner.get(end + 1..)?))
        });
        if let Some((character, after)) = resolved {
            out.push(character);
            rest = after;
        } else {
            out.push('&');
            rest = entity.get(1..).unwrap_or_default();
        }
    }
    push_spaced(out, rest, preformatted);
}

/// In HTML a line end is a space, except in preformatted text.
fn push_spaced(out: &mut String, text: &str, preformatted: bool) {
    out.extend(text.chars().map(|character| match character {
        '\n' if preformatted => '\n',
        space if space.is_ascii_whitespace() => ' ',
        other => other,
    }));
}

fn resolve(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "deg" => '°',
        "micro" => 'µ',
        "plusmn" => '±',
        "times" => '×',
        "le" => '≤',
        "ge" => '≥',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "eacute" => 'é',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "frac12" => '½',
        "sup2" => '²',
        "sup3" => '³',
        _ => return None,
    })
}

/// No spaces around lines or doubled in them, at most one blank line in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.split('\n') {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            if !blank {
                out.push('\n');
            }
            blank = true;
        } else {
            out.push_str(&line);
            out.push('\n');
            blank = false;
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::to_plain;

    #[test]
    fn blocks_become_lines_and_entities_characters() {
        let html = "<div xmlns=\"x\"><p>Mr.&nbsp;A &amp; B</p><ul><li>one</li><li>t&#119;o &#x3b1;</li></ul>a<br/>b &unknown; &</div>";
        assert_eq!(
            to_plain(html),
            "Mr. A & B\n\n• one\n• two α\n\na\nb &unknown; &"
        );
    }

    #[test]
    fn scripts_styles_and_comments_go() {
        assert_eq!(
            to_plain("a<script>x<y</script>b<style>p{}</STYLE>c<!-- d --><!DOCTYPE html>e"),
            "abce"
        );
        assert_eq!(to_plain("a<script>never closed"), "a");
        assert_eq!(to_plain("a\nb<pre>c\nd</pre>e\nf"), "a b\n\nc\nd\n\ne f");
    }

    #[test]
    fn what_is_no_tag_stays() {
        assert_eq!(to_plain("pH < 7 and 3<4"), "pH < 7 and 3<4");
        assert_eq!(to_plain("end <b"), "end");
        assert_eq!(
            to_plain("é<é&é;&#xFFFFFFFFFF;&#0"),
            "é<é&é;&#xFFFFFFFFFF;&#0"
        );
    }
}
