//! `/sharing/{id}/uses`: every use of a consent, by whom and how often; as a list to print and as a file (LAW C2).

use super::words::{purpose, recipients};
use crate::{
    State,
    components::{
        empty::Empty,
        page_title::PageTitle,
        pagination::{Pagination, asked},
        table::Table,
        time::{Moment, zone},
    },
    dates,
    destination::Destination,
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
    words::{consent::name_with_place, history},
};
use axum::{extract, response::Response};
use domain::id::ConsentId;
use leptos::prelude::*;
use portal::{
    Refusal,
    history::Line,
    sharing::used::{self, By},
};

/// Every use.
#[component]
pub fn Uses() -> impl IntoView {
    let id = id_in(1);
    let page = asked();
    visit::page(async move |visit| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let (summary, used) = used::page(&visit.portal, &visit.actor, id, page).await?;
        let as_of = visit.now();
        let to = recipients(&summary.to);
        let path = Destination::Uses(id.0).path();
        let (page, pages, some) = (used.page, used.pages, used.total > 0);
        let address = path.clone();
        Ok(view! {
            <PageTitle title=text!("uses-title")/>
            <p class="back">
                <a href=Destination::Consent(id.0).path()>{t!("uses-back")}</a>
            </p>
            <h1>{t!("uses-heading", to = to)}</h1>
            {if some {
                view! {
                    <p class="lead">{t!("consent-uses", count = used.total)}</p>
                    <ByWhom by=used.by/>
                    <h2>{t!("uses-list-heading")}</h2>
                    <Lines lines=used.lines/>
                    <Pagination
                        page
                        pages
                        address=move |page| format!("{address}?page={page}")
                    />
                    <form method="post" action=path>
                        <button class="button quiet" type="submit">{t!("uses-file")}</button>
                    </form>
                    <p class="hint">{t!("uses-file-hint")}</p>
                }
                .into_any()
            } else {
                view! { <Empty words=t!("consent-unused")/> }.into_any()
            }}
            <AsOf at=as_of/>
        }
        .into_any())
    })
}

/// How often each of them used it.
#[component]
pub(super) fn ByWhom(by: Vec<By>) -> impl IntoView {
    let rows = by
        .into_iter()
        .map(|one| {
            let who = one
                .who
                .as_ref()
                .map_or_else(|| t!("history-somebody"), name_with_place);
            vec![
                who.into_any(),
                t!("uses-count", count = one.count).into_any(),
                view! { <Moment at=one.last/> }.into_any(),
            ]
        })
        .collect();
    view! {
        <div class="caption-by-ear">
            <Table
                caption=t!("uses-by-caption")
                columns=vec![t!("grid-who"), t!("uses-by-count"), t!("uses-by-last")]
                rows
            />
        </div>
    }
}

/// Uses, one a row.
#[component]
pub(super) fn Lines(lines: Vec<Line>) -> impl IntoView {
    let rows = lines
        .into_iter()
        .map(|line| {
            vec![
                history::who(&line).into_any(),
                view! { <Moment at=line.at/> }.into_any(),
                history::what_and_kinds(&line).into_any(),
                line.purpose.map(purpose).into_any(),
            ]
        })
        .collect();
    view! {
        <div class="caption-by-ear">
            <Table caption=t!("consent-used-caption") columns=columns().to_vec() rows/>
        </div>
    }
}

fn columns() -> [String; 4] {
    [
        t!("grid-who"),
        t!("consent-used-when"),
        t!("consent-used-what"),
        t!("sharing-row-why"),
    ]
}

/// `POST /sharing/{id}/uses`: every use as a file of comma-separated values (RFC 4180).
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let lines = used::all(&visit.portal, &visit.actor, id).await?;
        Ok(Answer::File(answer::attachment(
            "text/csv; charset=utf-8; header=present",
            "list.csv",
            table(&lines),
        )))
    })
    .await
}

/// The uses as comma-separated values.
fn table(lines: &[Line]) -> String {
    let [who, when, what, why] = columns();
    let mut text = record([&who, &when, &what, &why]);
    for line in lines {
        text.push_str(&record([
            &history::who(line),
            &dates::moment(line.at, zone()),
            &history::what_and_kinds(line),
            &line.purpose.map(purpose).unwrap_or_default(),
        ]));
    }
    text
}

/// One line of the file. Every field is quoted; one that a program for tables would take for a formula begins with an
/// apostrophe, which keeps it words.
fn record(fields: [&str; 4]) -> String {
    let quoted = fields.map(|field| {
        let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            "'"
        } else {
            ""
        };
        format!("\"{guard}{}\"", field.replace('"', "\"\""))
    });
    format!("{}\r\n", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::record;

    /// RFC 4180 §2.5–2.7; and no name becomes a formula.
    #[test]
    fn fields_are_quoted() {
        assert_eq!(
            record(["Dr. \"A\", MD", "two\nlines", "=1+1", ""]),
            "\"Dr. \"\"A\"\", MD\",\"two\nlines\",\"'=1+1\",\"\"\r\n"
        );
    }
}
