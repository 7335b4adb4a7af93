//! The items on a page, and what two answers have in common.

use super::{Form, Page};
use scraper::{ElementRef, Html, Selector};

/// An item on a list, as a person finds it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Article {
    /// Whether it is masked.
    pub masked: bool,
    /// What kind of item.
    pub kind: String,
    /// Its date in words.
    pub date: String,
    /// What it is, where that is shown.
    pub title: Option<String>,
    /// Where its own page is.
    pub href: Option<String>,
    /// Everything it says.
    pub text: String,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn words(element: ElementRef<'_>) -> String {
    let words: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn first(of: ElementRef<'_>, what: &str) -> Option<String> {
    of.select(&selector(what)).next().map(words)
}

impl Article {
    fn read(article: ElementRef<'_>) -> Self {
        Self {
            masked: article.value().classes().any(|class| class == "masked"),
            kind: first(article, ".item-kind").unwrap_or_default(),
            date: first(article, ".item-date").unwrap_or_default(),
            title: first(article, ".item-title"),
            href: article
                .select(&selector(".item-title a"))
                .next()
                .and_then(|link| link.attr("href").map(ToOwned::to_owned)),
            text: words(article),
        }
    }
}

impl Page {
    /// The items on the page, in their order.
    pub fn articles(&self) -> Vec<Article> {
        Html::parse_document(&self.body)
            .select(&selector("article.item"))
            .map(Article::read)
            .collect()
    }

    /// The ids of the items on the patient's own list, in their order: from their links, or from their "Show".
    pub fn items(&self) -> Vec<String> {
        Html::parse_document(&self.body)
            .select(&selector("article.item"))
            .filter_map(|article| {
                let link = article
                    .select(&selector(".item-title a"))
                    .next()
                    .and_then(|link| link.attr("href"))
                    .and_then(|href| href.rsplit('/').next());
                let field = article
                    .select(&selector("input[name=item]"))
                    .next()
                    .and_then(|field| field.attr("value"));
                link.or(field).map(ToOwned::to_owned)
            })
            .collect()
    }

    /// The "Show" of the first masked item that says this, and the item's id.
    #[track_caller]
    pub fn show_masked(&self, saying: &str) -> (Form, String) {
        let html = Html::parse_document(&self.body);
        let item = html
            .select(&selector("article.item.masked"))
            .find(|article| words(*article).contains(saying))
            .and_then(|article| {
                article
                    .select(&selector("input[name=item]"))
                    .next()
                    .and_then(|field| field.attr("value"))
                    .map(ToOwned::to_owned)
            })
            .unwrap_or_else(|| panic!("{}: no masked item says {saying:?}", self.path));
        let form = self
            .forms()
            .into_iter()
            .find(|form| form.value("item") == Some(item.as_str()))
            .expect("the form around the field");
        (form, item)
    }

    /// The address of the next page of a list.
    pub fn next(&self) -> Option<String> {
        Html::parse_document(&self.body)
            .select(&selector(".pagination a[rel=next]"))
            .next()
            .and_then(|link| link.attr("href").map(ToOwned::to_owned))
    }

    /// The rows of the page's first table, each as one line of its words.
    pub fn rows(&self) -> Vec<String> {
        Html::parse_document(&self.body)
            .select(&selector("tbody tr"))
            .map(words)
            .collect()
    }

    /// Everything that the one who asked can tell from the answer: status, headers, body. What differs from request
    /// to request is left out, and what the asker sent is blotted out.
    pub fn essence(&self, sent: &[&str]) -> String {
        let mut lines: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| {
                !["x-request-id", "set-cookie", "date", "content-length"].contains(&name.as_str())
            })
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        lines.sort();
        let mut told = format!("{}\n{}\n\n{}", self.status, lines.join("\n"), self.body);
        for sent in sent {
            told = told.replace(sent, "…");
        }
        told
    }
}
