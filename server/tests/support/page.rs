//! What came back: status, headers, and the forms in the HTML.

use axum::{
    body::to_bytes,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use scraper::{ElementRef, Html, Selector};

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it came from.
    pub path: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text, its ticket blotted out: that is another one each time.
    pub body: String,
    /// What the page carries to be told when it is to close.
    pub ticket: Option<String>,
    /// The body as it came: files are not text.
    pub bytes: Vec<u8>,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn without_ticket(body: String) -> (String, Option<String>) {
    const BEFORE: &str = " data-ticket=\"";
    let ticket = body
        .split_once(BEFORE)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(ticket, _)| ticket.to_owned());
    match ticket {
        Some(ticket) => (body.replacen(&ticket, "…", 1), Some(ticket)),
        None => (body, None),
    }
}

impl Page {
    /// Reads an answer to its end.
    pub async fn read(path: String, response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        let (body, ticket) = without_ticket(String::from_utf8_lossy(&bytes).into_owned());
        Self {
            path,
            status: parts.status,
            headers: parts.headers,
            body,
            ticket,
            bytes: bytes.to_vec(),
        }
    }

    /// A header's value; empty when it isn't there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Where it leads, if it is a redirect.
    pub fn location(&self) -> Option<&str> {
        self.status
            .is_redirection()
            .then(|| self.header(header::LOCATION.as_str()))
    }

    /// The same, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.path, self.body);
        self
    }

    /// Fails unless the words are on the page.
    #[track_caller]
    pub fn shows(self, words: &str) -> Self {
        assert!(
            self.text().contains(words),
            "{}: no {words:?} in\n{}",
            self.path,
            self.text()
        );
        self
    }

    /// Fails if the words are anywhere in the answer: text, attributes, headers.
    #[track_caller]
    pub fn hides(self, words: &str) -> Self {
        assert!(
            !self.body.contains(words),
            "{}: {words:?} in\n{}",
            self.path,
            self.body
        );
        assert!(
            !format!("{:?}", self.headers).contains(words),
            "{}: {words:?} among the headers",
            self.path
        );
        self
    }

    /// What a person reads: the text of the body, spaces folded.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let words: Vec<&str> = html
            .select(&selector("body"))
            .flat_map(|body| body.text())
            .flat_map(str::split_whitespace)
            .collect();
        words.join(" ")
    }

    /// The title.
    pub fn title(&self) -> String {
        let html = Html::parse_document(&self.body);
        html.select(&selector("title"))
            .flat_map(|title| title.text())
            .collect()
    }

    /// Where the links lead.
    pub fn links(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&selector("a[href]"))
            .filter_map(|link| link.attr("href").map(ToOwned::to_owned))
            .collect()
    }

    /// How many elements a selector finds.
    pub fn count(&self, what: &str) -> usize {
        Html::parse_document(&self.body)
            .select(&selector(what))
            .count()
    }

    /// Every form.
    pub fn forms(&self) -> Vec<Form> {
        Html::parse_document(&self.body)
            .select(&selector("form"))
            .map(|form| Form::read(form, &self.path))
            .collect()
    }

    /// The form that goes to this address.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        self.forms()
            .into_iter()
            .find(|form| form.action == action)
            .unwrap_or_else(|| panic!("{}: no form to {action} in\n{}", self.path, self.body))
    }

    /// The form with a button that says this.
    #[track_caller]
    pub fn form_with_button(&self, words: &str) -> Form {
        self.forms()
            .into_iter()
            .find_map(|mut form| {
                let button = form
                    .buttons
                    .iter()
                    .position(|button| button.words.contains(words))?;
                form.pressed = Some(button);
                Some(form)
            })
            .unwrap_or_else(|| panic!("{}: no button {words:?} in\n{}", self.path, self.body))
    }

    /// The form with a field of this name.
    #[track_caller]
    pub fn form_with_field(&self, name: &str) -> Form {
        self.forms()
            .into_iter()
            .find(|form| form.inputs.iter().any(|input| input.name == name))
            .unwrap_or_else(|| panic!("{}: no field {name:?} in\n{}", self.path, self.body))
    }
}

/// A form as a browser holds it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    inputs: Vec<Input>,
    buttons: Vec<Button>,
    pressed: Option<usize>,
}

#[derive(Clone, Debug)]
struct Input {
    name: String,
    kind: String,
    value: String,
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
    fn read(form: ElementRef<'_>, page: &str) -> Self {
        let own = page.split('?').next().unwrap_or(page).to_owned();
        let attribute =
            |element: ElementRef<'_>, name: &str| element.attr(name).map(ToOwned::to_owned);
        let mut inputs = Vec::new();
        let mut buttons = Vec::new();
        for element in form.select(&selector("input, textarea, select, button")) {
            if element.attr("disabled").is_some() {
                continue;
            }
            let kind = match element.value().name() {
                "input" => attribute(element, "type").unwrap_or_else(|| "text".to_owned()),
                "button" => "submit".to_owned(),
                other => other.to_owned(),
            };
            if kind == "submit" {
                buttons.push(Button {
                    words: element.text().collect::<String>()
                        + element.attr("value").unwrap_or_default(),
                    name: attribute(element, "name"),
                    value: attribute(element, "value").unwrap_or_default(),
                    action: attribute(element, "formaction"),
                });
                continue;
            }
            let Some(name) = attribute(element, "name") else {
                continue;
            };
            let boxed = kind == "checkbox" || kind == "radio";
            let value = match kind.as_str() {
                "textarea" => element.text().collect(),
                "select" => chosen(element),
                _ => attribute(element, "value").unwrap_or(if boxed {
                    "on".to_owned()
                } else {
                    String::new()
                }),
            };
            inputs.push(Input {
                name,
                value,
                on: !boxed || element.attr("checked").is_some(),
                kind,
            });
        }
        Self {
            action: attribute(form, "action")
                .filter(|action| !action.is_empty())
                .unwrap_or(own),
            method: attribute(form, "method")
                .unwrap_or_else(|| "get".to_owned())
                .to_lowercase(),
            inputs,
            buttons,
            pressed: None,
        }
    }

    /// Types into a field that is there.
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let input = self
            .inputs
            .iter_mut()
            .find(|input| input.name == name && input.kind != "checkbox" && input.kind != "radio")
            .unwrap_or_else(|| panic!("the form to {} has no field {name}", self.action));
        value.clone_into(&mut input.value);
        self
    }

    /// Checks a box, or chooses one of several.
    #[track_caller]
    pub fn choose(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.inputs
                .iter()
                .any(|input| input.name == name && input.value == value),
            "the form to {} has no choice {name}={value}",
            self.action
        );
        for input in self.inputs.iter_mut().filter(|input| input.name == name) {
            if input.value == value {
                input.on = true;
            } else if input.kind == "radio" {
                input.on = false;
            }
        }
        self
    }

    /// Clears a box.
    pub fn clear(mut self, name: &str, value: &str) -> Self {
        for input in &mut self.inputs {
            if input.name == name && input.value == value {
                input.on = false;
            }
        }
        self
    }

    /// Presses the button that says this.
    #[track_caller]
    pub fn press(mut self, words: &str) -> Self {
        self.pressed = self
            .buttons
            .iter()
            .position(|button| button.words.contains(words));
        assert!(
            self.pressed.is_some(),
            "the form to {} has no button {words:?}",
            self.action
        );
        self
    }

    /// The first field of that kind: `password`, `email` …
    pub fn field_of_kind(&self, kinds: &[&str]) -> Option<String> {
        self.inputs
            .iter()
            .find(|input| kinds.contains(&input.kind.as_str()))
            .map(|input| input.name.clone())
    }

    /// What is in a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.inputs
            .iter()
            .find(|input| input.name == name && input.on)
            .map(|input| input.value.as_str())
    }

    fn button(&self) -> Option<&Button> {
        match self.pressed {
            Some(pressed) => self.buttons.get(pressed),
            // The Enter key presses the first.
            None => self.buttons.first(),
        }
    }

    /// Where it goes with the button that is pressed.
    pub fn target(&self) -> &str {
        self.button()
            .and_then(|button| button.action.as_deref())
            .unwrap_or(&self.action)
    }

    /// What is sent.
    pub fn encoded(&self) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for input in self.inputs.iter().filter(|input| input.on) {
            body.append_pair(&input.name, &input.value);
        }
        if let Some(button) = self.button()
            && let Some(name) = &button.name
        {
            body.append_pair(name, &button.value);
        }
        body.finish()
    }
}

fn chosen(select: ElementRef<'_>) -> String {
    let options = selector("option");
    let value = |option: ElementRef<'_>| {
        option
            .attr("value")
            .map_or_else(|| option.text().collect(), ToOwned::to_owned)
    };
    select
        .select(&options)
        .find(|option| option.attr("selected").is_some())
        .or_else(|| select.select(&options).next())
        .map(value)
        .unwrap_or_default()
}
