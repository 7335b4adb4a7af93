//! A finished page with what was typed before in the fields of one of its forms.

use lol_html::{
    RewriteStrSettings, element,
    html_content::{ContentType, Element},
    rewrite_str,
};
use portal::session::timed_out::LateForm;
use std::{cell::Cell, cell::RefCell, rc::Rc};

/// Kinds of input that take what was typed.
const TYPED: [&str; 6] = ["text", "email", "date", "tel", "search", "number"];
/// Kinds of input that are ticked or not.
const TICKED: [&str; 2] = ["checkbox", "radio"];
/// What fields of secrets say of themselves.
const SECRET: [&str; 3] = ["one-time-code", "current-password", "new-password"];

/// Fills in the page's form that goes to where `form` went; `None`: the page can't be read.
pub(super) fn fill(html: &str, page: &str, form: &LateForm) -> Option<String> {
    let inside = Rc::new(Cell::new(false));
    let select = Rc::new(RefCell::new(String::new()));
    let handlers = vec![
        element!("form", {
            let inside = Rc::clone(&inside);
            move |element: &mut Element| {
                let action = element.get_attribute("action");
                let method = element.get_attribute("method").unwrap_or_default();
                inside.set(
                    method.eq_ignore_ascii_case("post")
                        && action.as_deref().unwrap_or(page) == form.action,
                );
                Ok(())
            }
        }),
        element!("form input[name]", {
            let inside = Rc::clone(&inside);
            move |element: &mut Element| {
                if inside.get() {
                    input(element, form)?;
                }
                Ok(())
            }
        }),
        element!("form textarea[name]", {
            let inside = Rc::clone(&inside);
            move |element: &mut Element| {
                let name = element.get_attribute("name").unwrap_or_default();
                if let (true, Some(value)) = (inside.get(), value(form, &name)) {
                    // HTML drops one line end after the tag.
                    element.set_inner_content(&format!("\n{value}"), ContentType::Text);
                }
                Ok(())
            }
        }),
        element!("form select[name]", {
            let select = Rc::clone(&select);
            move |element: &mut Element| {
                *select.borrow_mut() = element.get_attribute("name").unwrap_or_default();
                Ok(())
            }
        }),
        element!("form select[name] option", {
            let inside = Rc::clone(&inside);
            move |element: &mut Element| {
                let given = element.get_attribute("value").unwrap_or_default();
                if let (true, Some(value)) = (inside.get(), value(form, &select.borrow())) {
                    set(element, "selected", given == value)?;
                }
                Ok(())
            }
        }),
    ];
    let settings = RewriteStrSettings {
        element_content_handlers: handlers,
        ..RewriteStrSettings::new()
    };
    rewrite_str(html, settings).ok()
}

fn input(
    element: &mut Element,
    form: &LateForm,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let name = element.get_attribute("name").unwrap_or_default();
    let kind = element
        .get_attribute("type")
        .unwrap_or_else(|| "text".to_owned());
    let autocomplete = element.get_attribute("autocomplete").unwrap_or_default();
    if SECRET.contains(&autocomplete.as_str()) {
        return Ok(());
    }
    if TICKED.contains(&kind.as_str()) {
        let own = element
            .get_attribute("value")
            .unwrap_or_else(|| "on".to_owned());
        let ticked = form
            .fields
            .iter()
            .any(|(given, value)| *given == name && *value == own);
        set(element, "checked", ticked)?;
    } else if TYPED.contains(&kind.as_str())
        && let Some(value) = value(form, &name)
    {
        element.set_attribute("value", value)?;
    }
    Ok(())
}

fn value<'a>(form: &'a LateForm, name: &str) -> Option<&'a str> {
    form.fields
        .iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

/// An attribute that is there or not.
fn set(
    element: &mut Element,
    name: &str,
    there: bool,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if there {
        element.set_attribute(name, "")?;
    } else {
        element.remove_attribute(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::fill;
    use portal::session::timed_out::LateForm;

    fn form(fields: &[(&str, &str)]) -> LateForm {
        LateForm {
            action: "/page".to_owned(),
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    const PAGE: &str = concat!(
        r#"<form method="post" action="/other"><input type="text" name="why"></form>"#,
        r#"<form method="post"><input type="text" name="why" value="before">"#,
        r#"<input type="password" name="why"><input type="text" autocomplete="one-time-code" name="why">"#,
        r#"<input type="hidden" name="page" value="1">"#,
        r#"<input type="checkbox" name="what" value="a" checked=""><input type="checkbox" name="what" value="b">"#,
        r#"<textarea name="more">x</textarea>"#,
        r#"<select name="kind"><option value="1" selected="">1</option><option value="2">2</option></select></form>"#
    );

    #[test]
    fn what_was_typed_is_there_again() {
        let typed = form(&[
            ("why", "\"><script>"),
            ("what", "b"),
            ("more", "</textarea>&"),
            ("kind", "2"),
            ("page", "9"),
        ]);
        let filled = fill(PAGE, "/page", &typed).expect("a page");
        let after = concat!(
            r#"<form method="post" action="/other"><input type="text" name="why"></form>"#,
            r#"<form method="post"><input type="text" name="why" value="&quot;><script>">"#,
            r#"<input type="password" name="why"><input type="text" autocomplete="one-time-code" name="why">"#,
            r#"<input type="hidden" name="page" value="1">"#,
            r#"<input type="checkbox" name="what" value="a"><input type="checkbox" name="what" value="b" checked="">"#,
            "<textarea name=\"more\">\n&lt;/textarea&gt;&amp;</textarea>",
            r#"<select name="kind"><option value="1">1</option><option value="2" selected="">2</option></select></form>"#
        );
        assert_eq!(filled, after);
    }

    #[test]
    fn a_form_of_another_page_stays_as_it_is() {
        let typed = form(&[("why", "typed")]);
        assert_eq!(fill(PAGE, "/elsewhere", &typed).as_deref(), Some(PAGE));
    }
}
