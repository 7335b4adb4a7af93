//! What a browser says of itself (`User-Agent`, RFC 9110 §10.1.5), as far as it is needed to tell one's own devices
//! apart. Anybody can write anything there: it is shown to the owner, and nothing is decided on it.

use serde::{Deserialize, Serialize};

/// A browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Browser {
    /// Chrome or Chromium.
    Chrome,
    /// Edge.
    Edge,
    /// Firefox.
    Firefox,
    /// Opera.
    Opera,
    /// Safari.
    Safari,
    /// Samsung Internet.
    Samsung,
    /// Another one.
    #[default]
    Other,
}

/// What it runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// Android.
    Android,
    /// ChromeOS.
    ChromeOs,
    /// iPad.
    Ipad,
    /// iPhone.
    Iphone,
    /// Linux.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
    /// Something else.
    #[default]
    Other,
}

/// A browser and what it runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Agent {
    /// The browser.
    pub browser: Browser,
    /// What it runs on.
    pub system: System,
}

/// Marks of browsers. The first that is there counts: each names the ones below it too, to be served like them.
const BROWSERS: [(&str, Browser); 12] = [
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("EdgiOS/", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("SamsungBrowser/", Browser::Samsung),
    ("FxiOS/", Browser::Firefox),
    ("Firefox/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("HeadlessChrome/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Chromium/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

/// Marks of systems, in the same way.
const SYSTEMS: [(&str, System); 8] = [
    ("iPhone", System::Iphone),
    ("iPad", System::Ipad),
    ("Android", System::Android),
    ("CrOS", System::ChromeOs),
    ("Windows", System::Windows),
    ("Macintosh", System::Mac),
    ("Linux", System::Linux),
    ("X11", System::Linux),
];

impl Agent {
    /// Reads the header's value.
    pub fn read(value: &str) -> Self {
        fn first<T: Copy + Default>(marks: &[(&str, T)], value: &str) -> T {
            marks
                .iter()
                .find(|(mark, _)| value.contains(mark))
                .map(|(_, meant)| *meant)
                .unwrap_or_default()
        }
        Self {
            browser: first(&BROWSERS, value),
            system: first(&SYSTEMS, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Agent, Browser, System};

    #[test]
    fn browsers_as_they_write_themselves() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                Browser::Firefox,
                System::Windows,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                Browser::Safari,
                System::Mac,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                Browser::Chrome,
                System::Android,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                Browser::Chrome,
                System::Iphone,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Browser::Edge,
                System::Windows,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                Browser::Chrome,
                System::ChromeOs,
            ),
            ("curl/8.14.1", Browser::Other, System::Other),
            ("", Browser::Other, System::Other),
        ];
        for (value, browser, system) in cases {
            assert_eq!(Agent::read(value), Agent { browser, system }, "{value}");
        }
    }
}
