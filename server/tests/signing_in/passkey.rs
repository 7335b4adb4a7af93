//! A passkey without a browser: one key on the curve P-256 that always verifies the person, as a phone would, and what
//! it sends (WebAuthn Level 2, §6.1, §6.5, §7).

use crate::support::{Browser, ORIGIN, Page};
use axum::{
    body::Body,
    http::{Request, header},
};
use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// User present, user verified (§6.1).
const PRESENT_AND_VERIFIED: u8 = 0b0000_0101;
/// A new credential's key stands in the data.
const WITH_KEY: u8 = 0b0100_0000;

/// The passkey.
pub struct Passkey {
    key: SigningKey,
    id: Vec<u8>,
    owner: String,
    used: u32,
}

impl Passkey {
    /// A key of its own.
    pub fn new() -> Self {
        Self {
            key: SigningKey::from_slice(&[7; 32]).expect("a scalar of the curve"),
            id: b"a passkey of a test".to_vec(),
            owner: String::new(),
            used: 0,
        }
    }

    /// One that claims to be this one, and has another key.
    pub fn forged(&self) -> Self {
        Self {
            key: SigningKey::from_slice(&[8; 32]).expect("a scalar of the curve"),
            id: self.id.clone(),
            owner: self.owner.clone(),
            used: self.used,
        }
    }

    /// Adds it to the account of who is signed in, with the fresh factor that is asked for.
    pub async fn add(&mut self, browser: &mut Browser<'_>) {
        let page = browser.post("/account/passkeys/new", "").await.expect(303);
        assert_eq!(page.location(), Some("/step-up"));
        let page = browser.get("/step-up").await.expect(200);
        let form = browser.code_form(&page);
        let page = browser.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/account/passkeys/new"));

        let options = send(browser, "/account/passkeys/start", &json!({})).await;
        let options = read(&options.expect(200));
        let asked = &options["publicKey"];
        self.owner = text(&asked["user"]["id"]);
        let made = json!({ "label": "Phone", "credential": self.made(&text(&asked["challenge"])) });
        send(browser, "/account/passkeys/finish", &made)
            .await
            .expect(200);
    }

    /// Signs in with it; what the portal answers.
    pub async fn sign_in(&mut self, browser: &mut Browser<'_>) -> Page {
        let options = send(browser, "/sign-in/passkey/start", &json!({})).await;
        let options = read(&options.expect(200));
        let answer = self.answer(&text(&options["publicKey"]["challenge"]));
        send(browser, "/sign-in/passkey/finish", &answer).await
    }

    fn made(&self, challenge: &str) -> Value {
        let client = client_data("webauthn.create", challenge);
        let mut data = self.authenticator_data(PRESENT_AND_VERIFIED | WITH_KEY);
        // No model, the credential's id, its key in COSE (RFC 9053 §7.1.1): EC2, ES256, P-256, x, y.
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().expect("a point with coordinates").iter());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().expect("a point with coordinates").iter());
        // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("less than 256 bytes"));
        object.extend(data);
        json!({
            "id": BASE64URL_NOPAD.encode(&self.id),
            "rawId": BASE64URL_NOPAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "attestationObject": BASE64URL_NOPAD.encode(&object),
                "clientDataJSON": BASE64URL_NOPAD.encode(client.as_bytes()),
            },
            "clientExtensionResults": { "credProps": { "rk": true } },
        })
    }

    fn answer(&mut self, challenge: &str) -> Value {
        self.used += 1;
        let client = client_data("webauthn.get", challenge);
        let data = self.authenticator_data(PRESENT_AND_VERIFIED);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client.as_bytes()));
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": BASE64URL_NOPAD.encode(&self.id),
            "rawId": BASE64URL_NOPAD.encode(&self.id),
            "type": "public-key",
            "response": {
                "authenticatorData": BASE64URL_NOPAD.encode(&data),
                "clientDataJSON": BASE64URL_NOPAD.encode(client.as_bytes()),
                "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()),
                "userHandle": self.owner,
            },
            "clientExtensionResults": {},
        })
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let host = ORIGIN.strip_prefix("https://").expect("an origin");
        let mut data = Sha256::digest(host.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.used.to_be_bytes());
        data
    }
}

fn client_data(kind: &str, challenge: &str) -> String {
    json!({ "type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false })
        .to_string()
}

fn read(page: &Page) -> Value {
    serde_json::from_str(&page.body).expect("JSON")
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

async fn send(browser: &mut Browser<'_>, path: &str, body: &Value) -> Page {
    let request = Request::post(path)
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    browser.send(request).await
}
