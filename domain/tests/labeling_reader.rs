//! Reading files: forms, faults and their places (ARCHITECTURE, Import).

use std::io::{Cursor, Read};

use domain::fhir::reader::{ReadError, ReadFault, read, read_limited};

/// Gives out a few bytes at a time, as a slow disk does.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(buffer.len()).min(3);
        let (now, later) = self.0.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

fn read_all(text: &str) -> Result<Vec<(usize, Option<String>, String)>, ReadFault> {
    let collect = |source: &mut dyn Read| {
        let mut entries = Vec::new();
        let read = read(source, |entry| {
            entries.push((entry.index, entry.full_url, entry.resource.to_string()));
            Ok::<(), ()>(())
        });
        match read {
            Ok(summary) => {
                assert_eq!(summary.resources, entries.len());
                assert_eq!(summary.bytes, text.len() as u64);
                Ok(entries)
            }
            Err(ReadError::Fault(fault)) => Err(fault),
            Err(ReadError::Taker(())) => unreachable!("nothing is refused"),
        }
    };
    let whole = collect(&mut Cursor::new(text));
    assert_eq!(
        whole,
        collect(&mut Slow(text.as_bytes())),
        "pieces make no difference"
    );
    whole
}

fn fault(text: &str) -> ReadFault {
    read_all(text).expect_err("a fault")
}

#[test]
fn bundles_and_lines_are_told_apart() {
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Basic","id":"1"}},{"resource":{"resourceType":"Basic","id":"2"}}]}"#;
    let entries = read_all(bundle).expect("a bundle");
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].1.as_deref(), Some("urn:uuid:1"));
    let lines = "\u{FEFF}{\"resourceType\":\"Basic\",\"id\":\"1\"}\r\n\r\n{\"resourceType\":\"Basic\",\"id\":\"2\"}\n\n";
    assert_eq!(read_all(lines).expect("lines").len(), 2);
    let one = "{\n  \"resourceType\": \"Basic\",\n  \"id\": \"1\"\n}\n";
    assert_eq!(read_all(one).expect("a resource").len(), 1);
}

#[test]
fn the_order_of_a_bundles_elements_does_not_matter() {
    let bundle = r#"{"entry":[{"resource":{"resourceType":"Basic","id":"1"}}],"type":"batch","resourceType":"Bundle"}"#;
    assert_eq!(read_all(bundle).expect("a bundle").len(), 1);
    let list = r#"{"entry":[{"item":{"reference":"Basic/1"}}],"resourceType":"List","id":"l"}"#;
    assert_eq!(read_all(list).expect("a list").len(), 1);
    let empty = r#"{"resourceType":"Bundle","type":"searchset","total":0}"#;
    assert!(read_all(empty).expect("an empty bundle").is_empty());
}

#[test]
fn strings_may_hold_brackets_and_quotation_marks() {
    let text = r#"{"resourceType":"Basic","id":"1","x":"}]\"\\","y":"é{"}"#;
    assert_eq!(read_all(text).expect("a resource").len(), 1);
}

#[test]
fn the_same_resource_twice_is_given_once_and_another_under_its_name_is_a_fault() {
    let line = r#"{"resourceType":"Basic","id":"1","x":1}"#;
    assert_eq!(
        read_all(&format!("{line}\n{line}")).expect("lines").len(),
        1
    );
    let fault = fault(&format!("{line}\n{}", line.replace(":1}", ":2}")));
    assert_eq!((fault.entry, fault.path.as_str()), (Some(1), "id"));
}

#[test]
fn faults_name_their_place() {
    let in_bundle = |entry: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{{"resourceType":"Basic"}}}},{entry}]}}"#
        )
    };
    for (text, entry, path) in [
        (in_bundle("{}"), Some(1), "resource"),
        (in_bundle("7"), Some(1), ""),
        (in_bundle(r#"{"resource":[]}"#), Some(1), "resource"),
        (
            in_bundle(r#"{"resource":{"id":"1"}}"#),
            Some(1),
            "resourceType",
        ),
        (
            in_bundle(r#"{"fullUrl":1,"resource":{"resourceType":"Basic"}}"#),
            Some(1),
            "fullUrl",
        ),
        (
            r#"{"resourceType":"Bundle","type":"history","entry":[]}"#.to_owned(),
            None,
            "type",
        ),
        (
            r#"{"resourceType":"Bundle","entry":[]}"#.to_owned(),
            None,
            "type",
        ),
        (
            r#"{"resourceType":"Bundle","type":"batch","entry":{}}"#.to_owned(),
            None,
            "entry",
        ),
        (
            r#"{"type":"batch","entry":[{"resource":{"resourceType":"Basic"}}]}"#.to_owned(),
            None,
            "resourceType",
        ),
        (String::new(), None, ""),
        (" \n ".to_owned(), None, ""),
    ] {
        let fault = fault(&text);
        assert_eq!(
            (fault.entry, fault.path.as_str()),
            (entry, path),
            "{text}: {fault}"
        );
    }
}

#[test]
fn what_is_not_json_names_line_and_column() {
    let fault_at = |text: &str| fault(text).position;
    assert_eq!(fault_at("[]"), Some((1, 1)));
    assert_eq!(fault_at("{\n \"resourceType\": Basic}"), Some((2, 18)));
    assert_eq!(
        fault_at("{\"resourceType\":\"Basic\"}\n{\"resourceType\":}"),
        Some((2, 17))
    );
    assert!(fault("{\"resourceType\":\"Basic\"").position.is_some());
    assert!(fault("{\"resourceType\":\"Basic\",}").position.is_some());
    assert!(fault("{\"resourceType\":\"Basic\"]").position.is_some());
    assert!(fault("{\"resourceType\" \"Basic\"}").position.is_some());
    assert!(fault("{\"resourceType\":\"Ba").position.is_some());
    let deep = format!(
        "{{\"resourceType\":\"Basic\",\"x\":{}{}}}",
        "[".repeat(500),
        "]".repeat(500)
    );
    assert_eq!(fault(&deep).reason, "the resource is nested too deeply");
}

#[test]
fn a_fault_tells_no_content() {
    let fault = fault("{\"resourceType\":\"Basic\",\"x\":heroin}");
    assert!(!fault.to_string().contains("heroin") && !format!("{fault:?}").contains("heroin"));
}

#[test]
fn a_resource_may_not_be_larger_than_the_limit() {
    let text = format!(
        "{{\"resourceType\":\"Basic\",\"x\":\"{}\"}}",
        "y".repeat(1_000_000)
    );
    let small = read_limited(Cursor::new(&text), 10_000, |_| Ok::<(), ()>(()));
    assert!(matches!(small, Err(ReadError::Fault(_))));
    assert!(read(Cursor::new(&text), |_| Ok::<(), ()>(())).is_ok());
}

#[test]
fn the_takers_error_comes_back() {
    let refused = read(Cursor::new("{\"resourceType\":\"Basic\"}"), |_| Err("no"));
    assert!(matches!(refused, Err(ReadError::Taker("no"))));
}

/// Commas stand between elements and entries, once each.
#[test]
fn commas_are_neither_missing_nor_too_many() {
    let bundle = |entries: &str| {
        format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{entries}]}}"#)
    };
    let entry = r#"{"resource":{"resourceType":"Basic"}}"#;
    for text in [
        r#"{,"resourceType":"Basic"}"#.to_owned(),
        r#"{"resourceType":"Basic" "id":"1"}"#.to_owned(),
        r#"{"resourceType":"Basic",,"id":"1"}"#.to_owned(),
        bundle(&format!(",{entry}")),
        bundle(&format!("{entry} {entry}")),
        bundle(&format!("{entry},,{entry}")),
        r#"{"resourceType":""}"#.to_owned(),
    ] {
        fault(&text);
    }
    let two = format!("{entry},{}", entry.replace("Basic", "List"));
    assert_eq!(read_all(&bundle(&two)).expect("a bundle").len(), 2);
}

/// Values that are no texts stand between commas, blanks and brackets, and end with the file only in a fault.
#[test]
fn numbers_and_words_of_json_end_where_they_end() {
    let text = "{\"resourceType\":\"Basic\",\"a\":1,\"b\":true ,\"c\":null\n,\"d\":-1.5e3\t,\"e\":[],\"f\":false}";
    let entries = read_all(text).expect("a resource");
    let resource: serde_json::Value = serde_json::from_str(&entries[0].2).expect("JSON");
    assert_eq!(
        resource,
        serde_json::from_str::<serde_json::Value>(text).expect("JSON")
    );
    for (text, entry, position, reason) in [
        ("{\"a\":1", 0, (1, 7), "the file ends in the middle"),
        ("{\"a\":\"x", 0, (1, 6), "the file ends in the middle"),
        ("{\"a\":[1", 0, (1, 6), "the file ends in the middle"),
        ("{\"a\":1\"b\":2}", 0, (1, 7), "a comma or } is missing"),
        (
            "{\"resourceType\":}",
            0,
            (1, 17),
            "a value ends in the middle",
        ),
        ("{\"resourceType\":nope}", 0, (1, 18), "this is not JSON"),
        (
            "{\"resourceType\":\"A\"} {\"a\":1 \"b\":2}",
            1,
            (1, 29),
            "a comma or } is missing",
        ),
    ] {
        let fault = fault(text);
        assert_eq!(fault.reason, reason, "{text}");
        assert_eq!(
            (fault.entry, fault.position),
            (Some(entry), Some(position)),
            "{text}"
        );
    }
    let in_bundle = fault("{\"resourceType\":\"Bundle\",\"type\":\"batch\" \"entry\":[]}");
    assert_eq!(
        (in_bundle.entry, in_bundle.reason.as_str()),
        (None, "a comma or } is missing")
    );
}

/// A value as large as the limit is read, also where a piece of the file ends with it.
#[test]
fn a_value_may_be_as_large_as_the_limit() {
    let before = "{\"resourceType\":\"Basic\",\"id\":\"1\",\"x\":";
    let number = "12345";
    let blanks = 256 * 1024 - before.len() - number.len();
    let text = format!("{before}{}{number},\"y\":1}}", " ".repeat(blanks));
    assert!(read_limited(Cursor::new(&text), number.len(), |_| Ok::<(), ()>(())).is_ok());
}
