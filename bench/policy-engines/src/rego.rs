//! The question as regorus decides it: the policy is compiled once for its virtual machine, its inputs are made
//! beforehand.

use crate::cedar::purpose_name;
use crate::scenario::{self, Question};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

pub struct Rego {
    machine: RegoVM,
    inputs: Vec<Value>,
}

fn set(names: &[&str]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("{{{}}}", all.join(", "))
}

fn policy() -> String {
    let covered = set(&scenario::covered());
    let kept_back = set(&scenario::names(scenario::kept_back()));
    let (start, end) = (scenario::start().timestamp(), scenario::end().timestamp());
    format!(
        r#"
        package consent
        import rego.v1

        default allow := false

        allow if {{
            recipient
            input.patient == "p"
            input.purpose == "treatment"
            input.now >= {start}
            input.now < {end}
            every label in input.labels {{ label in {covered} }}
            not restricted
        }}

        recipient if "hospital" in input.organizations
        recipient if input.person == "named"

        restricted if {{
            input.person == "restricted"
            some label in input.labels
            label in {kept_back}
        }}
        "#
    )
}

impl Rego {
    pub fn of(question: &Question) -> Self {
        let mut engine = Engine::new();
        engine
            .add_policy("consent.rego".to_owned(), policy())
            .expect("a policy");
        let entry = "data.consent.allow";
        let compiled = engine
            .compile_with_entrypoint(&entry.into())
            .expect("a compiled policy");
        let program = Compiler::compile_from_policy(&compiled, &[entry]).expect("a program");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        let organizations: &[&str] = if question.viewer.works_at_the_hospital() {
            &["hospital"]
        } else {
            &[]
        };
        let input = |labels: &domain::label::LabelSet| {
            let input = json!({
                "person": question.viewer.name(),
                "organizations": organizations,
                "patient": "p",
                "purpose": purpose_name(question.purpose),
                "now": question.now.timestamp(),
                "labels": scenario::names(labels.required()),
            });
            Value::from_json_str(&input.to_string()).expect("an input")
        };
        Self {
            inputs: question.parts.iter().map(input).collect(),
            machine,
        }
    }

    fn one(machine: &mut RegoVM, input: &Value) -> bool {
        machine.set_input(input.clone());
        machine.execute().expect("an answer") == Value::Bool(true)
    }

    /// Decides every part: the number of permits.
    pub fn permits(&mut self) -> usize {
        let mut permits = 0;
        for input in &self.inputs {
            permits += usize::from(Self::one(&mut self.machine, input));
        }
        permits
    }

    pub fn answers(&mut self) -> Vec<bool> {
        let mut answers = Vec::new();
        for input in &self.inputs {
            answers.push(Self::one(&mut self.machine, input));
        }
        answers
    }
}
