//! The languages there are, and the one of the page.

use i18n_embed::{
    I18nAssets, LanguageLoader, fluent::FluentLanguageLoader, unic_langid::LanguageIdentifier,
};
use leptos::prelude::use_context;
use std::{
    borrow::Cow,
    sync::{LazyLock, OnceLock},
};

/// A language the portal speaks. One loader each; add a folder `app/i18n/<tag>/` and a variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English as spoken in the United States.
    #[default]
    English,
}

impl Language {
    /// The BCP 47 tag, for `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
        }
    }

    /// The loader of this language.
    pub fn loader(self) -> &'static FluentLanguageLoader {
        match self {
            Self::English => &ENGLISH,
        }
    }

    /// A message without arguments. It is put together once: a page of fifty items says a few of them over and over.
    pub(super) fn plain(self, key: &str) -> Cow<'static, str> {
        let kept: &'static [OnceLock<String>] = match self {
            Self::English => &ENGLISH_PLAIN,
        };
        match super::position(key).and_then(|at| kept.get(at)) {
            Some(words) => Cow::Borrowed(words.get_or_init(|| self.loader().get(key))),
            None => Cow::Owned(self.loader().get(key)),
        }
    }
}

/// The language of the page that is being made; English outside of a page.
pub fn current() -> Language {
    use_context::<Language>().unwrap_or_default()
}

static ENGLISH: LazyLock<FluentLanguageLoader> =
    LazyLock::new(|| load("en", include_str!(concat!(env!("OUT_DIR"), "/en.ftl"))));

/// The messages without arguments that were asked for, in the order of [`MESSAGES`](super::MESSAGES).
static ENGLISH_PLAIN: LazyLock<Vec<OnceLock<String>>> =
    LazyLock::new(|| super::MESSAGES.iter().map(|_| OnceLock::new()).collect());

fn load(tag: &str, messages: &'static str) -> FluentLanguageLoader {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let loader = FluentLanguageLoader::new("app", language.clone());
    // The files were parsed while building, and a test puts every message into words.
    if let Err(error) = loader.load_languages(&Embedded(messages), &[language]) {
        tracing::error!(%error, "messages can't be loaded");
    }
    // Isolation marks around arguments matter where right-to-left text is mixed in; we have none.
    loader.set_use_isolating(false);
    loader
}

/// The joined messages of one language.
struct Embedded(&'static str);

impl I18nAssets for Embedded {
    fn get_files(&self, _file_path: &str) -> Vec<Cow<'_, [u8]>> {
        vec![Cow::Borrowed(self.0.as_bytes())]
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(std::iter::empty())
    }
}
