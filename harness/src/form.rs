//! A form of a page, filled in and sent as a browser does.

use crate::page::words;
use scraper::{ElementRef, Selector};

/// A form as a browser holds it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    inputs: Vec<Input>,
    buttons: Vec<Button>,
    pressed: usize,
}

#[derive(Clone, Debug)]
struct Input {
    name: String,
    kind: String,
    value: String,
    /// What stands beside it.
    words: String,
    /// Whether it is sent: checkboxes and radio buttons only when checked.
    on: bool,
}

#[derive(Clone, Debug)]
struct Button {
    words: String,
    name: Option<String>,
    value: String,
    action: Option<String>,
}

impl Form {
    /// Reads one of a page at this address.
    pub fn read(form: ElementRef<'_>, page: &str) -> Self {
        let own = page.split('?').next().unwrap_or(page).to_owned();
        let mut inputs = Vec::new();
        let mut buttons = Vec::new();
        let all = Selector::parse("input, textarea, button");
        for element in all.iter().flat_map(|it| form.select(it)) {
            let attribute = |name: &str| element.attr(name).map(ToOwned::to_owned);
            if element.value().name() == "button" {
                buttons.push(Button {
                    words: words(element),
                    name: attribute("name"),
                    value: attribute("value").unwrap_or_default(),
                    action: attribute("formaction"),
                });
                continue;
            }
            let Some(name) = attribute("name") else {
                continue;
            };
            let kind = attribute("type").unwrap_or_default();
            let boxed = kind == "checkbox" || kind == "radio";
            let other = if boxed { "on" } else { "" };
            inputs.push(Input {
                name,
                value: attribute("value").unwrap_or_else(|| other.to_owned()),
                words: beside(element),
                on: !boxed || element.attr("checked").is_some(),
                kind,
            });
        }
        Self {
            action: form
                .attr("action")
                .filter(|action| !action.is_empty())
                .map_or(own, ToOwned::to_owned),
            inputs,
            buttons,
            pressed: 0,
        }
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.inputs.iter().any(|input| input.name == name)
    }

    /// Types into a field.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.name == name) {
            value.clone_into(&mut input.value);
        }
        self
    }

    /// Checks the box of this value, or chooses one of several.
    #[must_use]
    pub fn choose(mut self, name: &str, value: &str) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.name == name) {
            if input.value == value {
                input.on = true;
            } else if input.kind == "radio" {
                input.on = false;
            }
        }
        self
    }

    /// Clears every box of this name.
    #[must_use]
    pub fn clear(mut self, name: &str) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.name == name) {
            input.on = false;
        }
        self
    }

    /// The value of the choice that says this.
    pub fn value_beside(&self, name: &str, says: &str) -> Option<String> {
        self.inputs
            .iter()
            .find(|input| input.name == name && input.words.contains(says))
            .map(|input| input.value.clone())
    }

    /// Presses the button that says this, if there is one; else the first counts, as with the Enter key.
    pub fn press(mut self, says: &str) -> Option<Self> {
        self.pressed = self
            .buttons
            .iter()
            .position(|button| button.words.contains(says))?;
        Some(self)
    }

    /// Where it goes with the button that is pressed.
    pub fn target(&self) -> &str {
        self.buttons
            .get(self.pressed)
            .and_then(|button| button.action.as_deref())
            .unwrap_or(&self.action)
    }

    /// What is sent.
    pub fn encoded(&self) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for input in self.inputs.iter().filter(|input| input.on) {
            body.append_pair(&input.name, &input.value);
        }
        if let Some(button) = self.buttons.get(self.pressed)
            && let Some(name) = &button.name
        {
            body.append_pair(name, &button.value);
        }
        body.finish()
    }
}

/// The words of what a field stands in.
fn beside(element: ElementRef<'_>) -> String {
    element
        .parent()
        .and_then(ElementRef::wrap)
        .map(words)
        .unwrap_or_default()
}
