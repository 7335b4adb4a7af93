//! Prints why each part of a FHIR file is labelled, one JSON object a line:
//! `cargo run -p domain --example explain -- FILE… [--part2-organization REF]…`

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use domain::fhir::reader::{self, ReadError};
use domain::labeling::{Context, Examined, Examiner, Fault, Part2Programs, explain, settle};

fn main() -> ExitCode {
    let mut files = Vec::new();
    let mut programs = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--part2-organization" {
            programs.extend(arguments.next());
        } else {
            files.push(argument);
        }
    }
    let programs = Part2Programs::of(programs);
    for file in files {
        match examined(&file) {
            Ok(examined) => {
                let mut out = BufWriter::new(std::io::stdout().lock());
                for labelled in settle(
                    examined,
                    &Context {
                        part2_programs: &programs,
                    },
                ) {
                    for line in explain(&labelled) {
                        if writeln!(out, "{line}").is_err() {
                            return ExitCode::FAILURE;
                        }
                    }
                }
            }
            Err(fault) => {
                eprintln!("{file}: {fault}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}

fn examined(file: &str) -> Result<Vec<Examined>, String> {
    let source = std::fs::File::open(file).map_err(|error| error.to_string())?;
    let mut examiner = Examiner::default();
    let mut all = Vec::new();
    reader::read(source, |entry| {
        all.push(examiner.examine(&entry.resource, entry.full_url.as_deref())?);
        Ok::<(), Fault>(())
    })
    .map_err(|error| match error {
        ReadError::Fault(fault) => fault.to_string(),
        ReadError::Taker(fault) => fault.to_string(),
    })?;
    Ok(all)
}
