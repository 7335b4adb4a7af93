//! What came back: status, request id, the forms and items of the HTML.

use crate::{fault::Fault, form::Form};
use scraper::{ElementRef, Html, Selector};

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it came from.
    pub path: String,
    /// The status.
    pub status: u16,
    /// The request's id, as the ledger has it.
    pub request: String,
    /// Where it leads, if it is a redirect.
    pub location: Option<String>,
    /// The media type.
    pub kind: String,
    /// The body; files are not text.
    pub body: Vec<u8>,
}

/// An item on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Whether only kind, date and segment are shown.
    pub masked: bool,
}

impl Page {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page, if the status is this one.
    pub fn expect(self, status: u16) -> Result<Self, Fault> {
        if self.status == status {
            Ok(self)
        } else {
            Err(self.odd(&format!("not {status}")))
        }
    }

    /// The page, if it leads there.
    pub fn leads_to(self, path: &str) -> Result<Self, Fault> {
        if self.location.as_deref() == Some(path) {
            Ok(self)
        } else {
            Err(self.odd(&format!("doesn't lead to {path}")))
        }
    }

    /// What is wrong with it.
    pub fn odd(&self, what: &str) -> Fault {
        let to = self.location.as_deref().unwrap_or("nowhere");
        Fault::Odd(format!(
            "{} answered {}, leading to {to}: {what}",
            self.path, self.status
        ))
    }

    /// What the page's script asks with whether it may stay open.
    pub fn ticket(&self) -> Option<String> {
        let text = self.text();
        tags(&text, "<main")
            .find_map(|tag| attribute(tag, "data-ticket"))
            .map(ToOwned::to_owned)
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.text())
    }

    /// Where the links lead.
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        tags(&text, "<a ")
            .filter_map(|tag| attribute(tag, "href"))
            .map(ToOwned::to_owned)
            .collect()
    }

    /// The page after this one of a list.
    pub fn next(&self) -> Option<String> {
        select(&self.html(), "a[rel~=next][href]")
            .next()
            .and_then(|link| link.attr("href").map(ToOwned::to_owned))
    }

    /// The links by their words.
    pub fn named_links(&self) -> Vec<(String, String)> {
        select(&self.html(), "a[href]")
            .filter_map(|link| Some((words(link), link.attr("href")?.to_owned())))
            .collect()
    }

    /// The items of a list, in their order, each with its id: from its link, or from its "Show". Searched for in the
    /// text: lists are long, and read thousands of times.
    pub fn items(&self) -> Vec<Item> {
        let text = self.text();
        text.split("<article ").skip(1).filter_map(item).collect()
    }

    /// Whether there is a field of this name.
    pub fn has_field(&self, name: &str) -> bool {
        let text = self.text();
        tags(&text, "<input ").any(|tag| attribute(tag, "name") == Some(name))
    }

    /// The form with a field of this name.
    pub fn form_with(&self, field: &str) -> Result<Form, Fault> {
        self.forms()
            .into_iter()
            .find(|form| form.has(field))
            .ok_or_else(|| self.odd(&format!("no field {field}")))
    }

    /// The form with a button that says this.
    pub fn form_with_button(&self, words: &str) -> Result<Form, Fault> {
        self.forms()
            .into_iter()
            .find_map(|form| form.press(words))
            .ok_or_else(|| self.odd(&format!("no button {words}")))
    }

    fn forms(&self) -> Vec<Form> {
        let html = self.html();
        select(&html, "form")
            .map(|form| Form::read(form, &self.path))
            .collect()
    }
}

fn select<'a>(html: &'a Html, what: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let found: Vec<ElementRef<'a>> =
        Selector::parse(what).map_or_else(|_| Vec::new(), |it| html.select(&it).collect());
    found.into_iter()
}

/// What stands between the start of each such tag and its end.
fn tags<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = tag.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        if before.trim_end_matches('=').split_whitespace().last() == Some(name) {
            return Some(value);
        }
    }
    None
}

/// Of what stands after the start of an `article`.
fn item(article: &str) -> Option<Item> {
    let (tag, rest) = article.split_once('>')?;
    let classes: Vec<&str> = attribute(tag, "class")?.split_whitespace().collect();
    if !classes.contains(&"item") {
        return None;
    }
    let inside = rest.split("</article>").next().unwrap_or(rest);
    let link = inside
        .split_once("item-title")
        .and_then(|(_, title)| tags(title, "<a ").next())
        .and_then(|tag| attribute(tag, "href"))
        .and_then(|href| href.rsplit('/').next());
    let field = tags(inside, "<input ")
        .find(|tag| attribute(tag, "name") == Some("item"))
        .and_then(|tag| attribute(tag, "value"));
    Some(Item {
        id: link.or(field)?.to_owned(),
        masked: classes.contains(&"masked"),
    })
}

/// The words inside an element.
pub fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}
