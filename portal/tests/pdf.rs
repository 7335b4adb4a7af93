//! The PDF for people, checked from outside.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use chrono::{DateTime, TimeZone, Utc};
use portal::pdf::{Attachment, Block, Document, PdfError, render};

fn created() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 3, 14, 5, 6)
        .single()
        .unwrap_or_default()
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        language: "en-US".to_owned(),
        title: "Health record extract".to_owned(),
        created: created(),
        footer: "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
            .to_owned(),
        blocks,
        attachment: None,
    }
}

fn pdf(blocks: Vec<Block>) -> Vec<u8> {
    render(&document(blocks)).expect("it renders")
}

fn contains(file: &[u8], text: &str) -> bool {
    file.windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: text.to_owned(),
    }
}

fn every_block() -> Vec<Block> {
    let rows = (1..=90)
        .map(|day| {
            vec![
                format!("2026-{:02}-{:02}", day % 12 + 1, day % 28 + 1),
                "Methadone dose given, observed".to_owned(),
                if day % 3 == 0 {
                    String::new()
                } else {
                    format!("{day} mg; the person came in time and spoke of sleeping better")
                },
            ]
        })
        .collect();
    vec![
        heading(1, "Your record"),
        paragraph("Made for reading.\nA second line.\n\nA second paragraph with Ελληνικά, Кириллица, Łódź, Nguyễn."),
        Block::Notice("This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). ".repeat(6)),
        heading(2, "Facts"),
        Block::Facts(vec![
            ("Status".to_owned(), "active".to_owned()),
            ("A name that is rather long for its column".to_owned(), "Value\nwith lines".to_owned()),
            ("Nothing".to_owned(), String::new()),
        ]),
        Block::Rule,
        heading(2, "List"),
        Block::List(vec!["One".to_owned(), "Two words ".repeat(30), String::new()]),
        heading(2, "Table"),
        Block::Table { headers: ["Date", "What", "Remarks"].map(str::to_owned).to_vec(), rows },
        Block::PageBreak,
        Block::PageBreak,
        heading(3, "After the break"),
        paragraph("The end."),
    ]
}

#[test]
fn it_claims_both_standards_and_has_language_title_tags_and_bookmarks() {
    let file = pdf(every_block());
    assert!(file.starts_with(b"%PDF-1.7"));
    for text in [
        "<pdfaid:part>2",
        "<pdfaid:conformance>A",
        "<pdfuaid:part>1",
        "/StructTreeRoot",
        "/Outlines",
        "/Lang(en-US)",
        "/MarkInfo",
    ] {
        assert!(
            contains(&file, text) || contains(&file, &text.replace('(', " (")),
            "{text}"
        );
    }
    assert!(contains(&file, "Health record extract"));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(pdf(every_block()), pdf(every_block()));
}

#[test]
fn nothing_of_the_text_is_in_errors_or_debug_output() {
    let secret = document(vec![paragraph("methadone")]);
    assert_eq!(format!("{secret:?}"), "Document [redacted]");
    assert_eq!(format!("{:?}", secret.blocks), "[Block [redacted]]");
    let mut long = secret;
    long.footer = "methadone ".repeat(2000);
    let error = render(&long).expect_err("too long");
    assert_eq!(error, PdfError::FooterTooLong);
    assert!(!format!("{error} {error:?}").contains("methadone"));
}

#[test]
fn odd_documents_render() {
    let nasty = "\u{0}\u{7}\u{FEFF}\u{FFFE}\u{E000}\u{10FFFF}\u{202E}שלום مرحبا 漢字 🙂👩‍👩‍👧 e\u{301}\u{301}\u{301} नमस्ते \u{AD}\u{200B}\u{2028}x\r\ry\u{B}".to_owned();
    let cases: Vec<Vec<Block>> = vec![
        vec![],
        vec![Block::PageBreak, Block::PageBreak],
        vec![Block::Rule],
        vec![heading(0, ""), heading(255, "deep"), heading(0, "zero")],
        vec![
            paragraph(""),
            Block::Notice(String::new()),
            Block::List(vec![]),
            Block::Facts(vec![]),
        ],
        vec![
            Block::List(vec![String::new()]),
            Block::Facts(vec![(String::new(), String::new())]),
        ],
        vec![Block::Table {
            headers: vec![],
            rows: vec![],
        }],
        vec![Block::Table {
            headers: vec![],
            rows: vec![vec![]],
        }],
        vec![Block::Table {
            headers: vec!["only".to_owned()],
            rows: vec![],
        }],
        vec![Block::Table {
            headers: vec![String::new(); 3],
            rows: vec![vec!["a".to_owned()], vec!["b".to_owned(); 5]],
        }],
        vec![Block::Table {
            headers: vec!["wide".to_owned(); 120],
            rows: vec![vec!["cell".to_owned(); 120]; 3],
        }],
        vec![Block::Table {
            headers: vec!["long header ".repeat(900)],
            rows: vec![vec!["long cell ".repeat(5000)]],
        }],
        vec![Block::Notice("line\n".repeat(300))],
        vec![heading(1, &"long heading ".repeat(1200))],
        vec![Block::Facts(vec![(
            "label ".repeat(900),
            "value ".repeat(9000),
        )])],
        vec![paragraph(&"W".repeat(60_000))],
        vec![
            heading(1, &nasty),
            paragraph(&nasty),
            Block::Notice(nasty.clone()),
            Block::Facts(vec![(nasty.clone(), nasty.clone())]),
            Block::List(vec![nasty.clone()]),
            Block::Table {
                headers: vec![nasty.clone()],
                rows: vec![vec![nasty.clone()]],
            },
        ],
    ];
    for (index, blocks) in cases.into_iter().enumerate() {
        let result = render(&document(blocks));
        assert!(
            result.is_ok(),
            "case {index}: {result:?}",
            result = result.map(|file| file.len())
        );
    }
    let bare = Document {
        language: nasty.clone(),
        title: nasty.clone(),
        created: created(),
        footer: nasty,
        blocks: vec![],
        attachment: None,
    };
    assert!(render(&bare).is_ok());
    let empty = Document {
        language: String::new(),
        title: String::new(),
        created: DateTime::<Utc>::MIN_UTC,
        footer: String::new(),
        blocks: vec![],
        attachment: None,
    };
    assert!(render(&empty).is_ok());
}

#[test]
fn two_thousand_items_take_seconds() {
    let blocks = (0..2000)
        .flat_map(|number| {
            [
                heading(2, &format!("Item {number}")),
                Block::Facts(vec![
                    ("Date".to_owned(), format!("2026-01-{:02}", number % 28 + 1)),
                    ("Status".to_owned(), "final".to_owned()),
                    ("Result".to_owned(), format!("{number} mg/dL")),
                ]),
                paragraph(&"A note of some length that says how the person is. ".repeat(4)),
            ]
        })
        .collect();
    #[expect(clippy::disallowed_methods, reason = "measures how long it takes")]
    let start = Instant::now();
    let file = pdf(blocks);
    eprintln!("2,000 items: {:?}, {} bytes", start.elapsed(), file.len());
    // Unoptimised builds take several times as long as released ones.
    assert!(start.elapsed().as_secs() < 60, "took {:?}", start.elapsed());
    assert!(file.len() < 12_000_000, "{} bytes", file.len());
}

/// Runs a tool on a file, or says that it isn't here.
fn tool(name: &str, arguments: &[&str], file: &[u8]) -> Option<String> {
    let mut command = Command::new(name);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        writeln!(std::io::stderr(), "{name} isn't installed: not checked").ok()?;
        return None;
    };
    let mut input = child.stdin.take()?;
    let bytes = file.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("the tool ends");
    writer.join().ok()?.ok();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    write!(text, "{}", String::from_utf8_lossy(&output.stderr)).ok()?;
    assert!(output.status.success(), "{name}: {text}");
    Some(text)
}

#[test]
fn other_programs_read_it() {
    let mut blocks = every_block();
    blocks.push(paragraph(
        "Not in the font: 漢字. Still here. But these are: ≥ 5 ↑ ☑",
    ));
    let file = pdf(blocks);
    // For looking at: CONFIDE_KEEP_PDF=/tmp/x.pdf cargo test -p portal --test pdf
    if let Some(path) = std::env::var_os("CONFIDE_KEEP_PDF") {
        std::fs::write(path, &file).expect("the file is kept");
    }
    if let Some(text) = tool("pdftotext", &["-", "-"], &file) {
        for wanted in [
            "Ελληνικά",
            "Кириллица",
            "Nguyễn",
            "Page 1 of ",
            "漢字",
            "Still here.",
            "≥ 5 ↑ ☑",
            "After the break",
        ] {
            assert!(text.contains(wanted), "{wanted} is missing in {text}");
        }
        // Once on the first page of the table, and again on each page it goes on to.
        assert!(text.matches("Remarks").count() >= 3);
    }
    if let Some(info) = tool("pdfinfo", &["-"], &file) {
        assert!(info.contains("Tagged:          yes"), "{info}");
        assert!(info.contains("Health record extract"), "{info}");
        assert!(info.contains("Page size:       612 x 792"), "{info}");
    }
    if let Some(tree) = tool("pdfinfo", &["-struct-text", "-"], &file) {
        for tag in [
            "H1",
            "H2",
            "H3",
            "P (block)",
            "L (block)",
            "LI",
            "Lbl",
            "LBody",
            "Table",
            "THead",
            "TH",
            "TBody",
            "TD",
        ] {
            assert!(tree.contains(tag), "{tag} is missing in {tree}");
        }
        assert_eq!(
            tree.matches("Remarks").count(),
            1,
            "repeated headers are artifacts"
        );
        assert!(!tree.contains("Page 1 of"), "page numbers are artifacts");
    }
    let folder = std::env::temp_dir().join(format!("confide-pdf-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let path = folder.join("document.pdf");
    std::fs::write(&path, &file).expect("a temporary file");
    let checked = tool("qpdf", &["--check", &path.to_string_lossy()], &[]);
    std::fs::remove_dir_all(&folder).ok();
    if let Some(report) = checked {
        assert!(
            report.contains("No syntax or stream encoding errors found"),
            "{report}"
        );
    }
}

/// A file inside is there byte for byte, and the document is still sound (PDF/A-3a, PDF/UA-1).
#[test]
fn a_file_goes_along() {
    let inside = br#"{"format":"a file","signed":true}"#;
    let mut document = document(vec![heading(1, "A consent")]);
    document.attachment = Some(Attachment {
        name: "signed.json".to_owned(),
        media_type: "application/json".to_owned(),
        description: "What was signed".to_owned(),
        bytes: inside.to_vec(),
    });
    let file = render(&document).expect("it renders");
    assert!(contains(&file, std::str::from_utf8(inside).expect("text")));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, &file).expect("a temporary file");
    let path = path.to_string_lossy();
    if let Some(report) = tool("qpdf", &["--check", &path], &[]) {
        assert!(
            report.contains("No syntax or stream encoding errors found"),
            "{report}"
        );
    }
    if let Some(list) = tool("pdfdetach", &["-list", &path], &[]) {
        assert!(list.contains("signed.json"), "{list}");
    }
}
