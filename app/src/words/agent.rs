//! A device in words: "Firefox on Windows".

use crate::t;
use portal::devices::{Agent, Browser, System};

/// The browser and what it runs on, as far as they are known.
pub fn words(agent: Agent) -> String {
    let browser = match agent.browser {
        Browser::Chrome => t!("browser-chrome"),
        Browser::Edge => t!("browser-edge"),
        Browser::Firefox => t!("browser-firefox"),
        Browser::Opera => t!("browser-opera"),
        Browser::Safari => t!("browser-safari"),
        Browser::Samsung => t!("browser-samsung"),
        Browser::Other => t!("browser-other"),
    };
    let system = match agent.system {
        System::Android => t!("system-android"),
        System::ChromeOs => t!("system-chromeos"),
        System::Ipad => t!("system-ipad"),
        System::Iphone => t!("system-iphone"),
        System::Linux => t!("system-linux"),
        System::Mac => t!("system-mac"),
        System::Windows => t!("system-windows"),
        System::Other => return browser,
    };
    t!("device-in-words", browser = browser, system = system)
}
