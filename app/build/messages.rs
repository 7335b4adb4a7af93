//! Joins `i18n/en/*.ftl` and lists each message with its arguments, so that a wrong key or
//! argument in `t!` doesn't compile.

use crate::assets::{fault, files};
use fluent_syntax::{
    ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, Resource},
    parser,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

/// Writes `out/en.ftl` (all files of the language as one, so that they may use each other's
/// terms) and `out/messages.rs` (the sorted list of messages and arguments).
pub fn embed(manifest: &Path, out: &Path) -> Result<(), String> {
    let folder = manifest.join("i18n/en");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut all = String::new();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(&folder, "ftl")? {
        let text = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let resource = parser::parse(text.as_str())
            .map_err(|(_, errors)| format!("{}: {}", path.display(), place(&text, &errors)))?;
        for (key, arguments) in listed(&resource) {
            if messages.insert(key.clone(), arguments).is_some() {
                return Err(format!("{}: a second message {key}", path.display()));
            }
        }
        all.push_str(&text);
        all.push('\n');
    }

    let mut code = String::from("const MESSAGES: &[(&str, &[&str])] = &[\n");
    for (key, arguments) in &messages {
        let _ = writeln!(
            code,
            "    ({key:?}, &{arguments:?}),",
            arguments = arguments.iter().collect::<Vec<_>>()
        );
    }
    code.push_str("];\n");
    for (name, content) in [("en.ftl", all), ("messages.rs", code)] {
        let path = out.join(name);
        fs::write(&path, content).map_err(|error| fault(&path, &error))?;
    }
    Ok(())
}

fn place(text: &str, errors: &[parser::ParserError]) -> String {
    errors.first().map_or_else(String::new, |error| {
        let line = text[..error.pos.start.min(text.len())].lines().count();
        format!("line {line}: {error}")
    })
}

fn listed(resource: &Resource<&str>) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry
            && let Some(pattern) = &message.value
        {
            let mut arguments = BTreeSet::new();
            in_pattern(pattern, &mut arguments);
            found.push((message.id.name.to_owned(), arguments));
        }
    }
    found
}

fn in_pattern(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, arguments);
        }
    }
}

fn in_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, arguments),
        Expression::Select { selector, variants } => {
            in_inline(selector, arguments);
            for variant in variants {
                in_pattern(&variant.value, arguments);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference {
            arguments: call, ..
        }
        | InlineExpression::TermReference {
            arguments: Some(call),
            ..
        } => in_call(call, arguments),
        InlineExpression::Placeable { expression } => in_expression(expression, arguments),
        _ => {}
    }
}

fn in_call(call: &CallArguments<&str>, arguments: &mut BTreeSet<String>) {
    for positional in &call.positional {
        in_inline(positional, arguments);
    }
    for named in &call.named {
        in_inline(&named.value, arguments);
    }
}
