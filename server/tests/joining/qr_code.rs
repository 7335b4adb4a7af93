//! The picture that an authenticator app reads, read back by a decoder that shares no code with what drew it.

use crate::joining::way::{App, PASSWORD, codes, riley, up_to_second};
use crate::support::TestPortal;
use data_encoding::BASE32_NOPAD;
use scraper::{Html, Selector};
use std::collections::BTreeMap;
use store::SecretBytes;
use url::Url;

const EMAIL: &str = "riley@example.org";
/// Pixels a module: cameras see more than one.
const SCALE: usize = 4;

/// The dark modules of an SVG path made of rectangles `M x y h width v1 h -width z`, in a square of that side.
fn modules(path: &str, side: usize) -> Vec<Vec<bool>> {
    let mut dark = vec![vec![false; side]; side];
    for rectangle in path.split('z').filter(|text| !text.is_empty()) {
        let (place, size) = rectangle
            .strip_prefix('M')
            .and_then(|text| text.split_once('h'))
            .expect("a rectangle");
        let (x, y) = place.split_once(' ').expect("a place");
        let (width, rest) = size.split_once('v').expect("a width");
        assert_eq!(rest, format!("1h-{width}"), "one module high, and closed");
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let row = &mut dark[number(y)];
        row[number(x)..number(x) + number(width)].fill(true);
    }
    dark
}

/// What a camera would read in the page's picture.
fn scanned(body: &str) -> String {
    let html = Html::parse_document(body);
    let select = |what: &str| Selector::parse(what).expect("a selector");
    let picture = html
        .select(&select("svg.qr-code"))
        .next()
        .expect("a picture");
    let side: usize = picture
        .attr("viewBox")
        .and_then(|view| view.split(' ').nth(2))
        .and_then(|side| side.parse().ok())
        .expect("its side");
    let path = picture
        .select(&select("path"))
        .next()
        .and_then(|path| path.attr("d"))
        .expect("its path");
    let dark = modules(path, side);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
            if dark[y / SCALE][x / SCALE] { 0 } else { 255 }
        });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code and nothing like one beside it");
    grids[0].decode().expect("a readable code").1
}

/// The picture holds what the page says in text: the same secret, whose it is, and nothing that an app would take for
/// other settings than ours (Key URI format); the app that scanned it gives a code the portal takes (LAW F5).
#[tokio::test]
async fn the_picture_says_what_the_text_says() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut browser = portal.anonymous();
    up_to_second(&mut browser, &invitation, EMAIL, PASSWORD).await;
    let form = browser.get("/join/second-step").await.expect(200);
    let form = form.form("/join/second-step").choose("which", "app");
    browser.submit(&form).await.expect(303);
    let page = browser.get("/join/app").await.expect(200);

    let url = Url::parse(&scanned(&page.body)).expect("an address");
    assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
    let label = url.path().trim_start_matches('/').replace("%40", "@");
    assert_eq!(label, format!("Confide:{EMAIL}"));
    let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let secret = codes(&page).remove(0).replace(' ', "");
    assert_eq!(query["secret"], secret);
    assert_eq!(query["issuer"], "Confide");
    for (setting, ours) in [("digits", "6"), ("period", "30"), ("algorithm", "SHA1")] {
        assert!(
            query.get(setting).is_none_or(|value| value == ours),
            "{setting}: {query:?}"
        );
    }

    let secret = BASE32_NOPAD.decode(query["secret"].as_bytes());
    let app = App::holding(SecretBytes::new(secret.expect("base 32")));
    let form = page.form("/join/app").fill("code", &app.code(&portal));
    let page = browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/join/codes"));
}
