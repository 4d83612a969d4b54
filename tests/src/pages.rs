//! The pages as a browser without scripts meets them: it keeps cookies, follows nothing by itself, sends forms.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "tests fail by panicking"
)]

use crate::api::{Client, PASSWORD, Told};
use axum::{
    body::Body,
    http::{Request, header},
};
use std::collections::BTreeMap;

/// Somebody in front of a browser.
pub struct Reader {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Reader {
    /// Nobody who is known yet.
    pub fn new(client: Client) -> Reader {
        Reader {
            client,
            cookies: BTreeMap::new(),
        }
    }

    /// Somebody who has logged in.
    pub async fn logged_in(client: Client, login: &str) -> Reader {
        let mut reader = Reader::new(client);
        let form = [("login", login), ("password", PASSWORD), ("next", "/")];
        reader.send("/login", &form).await.expect(303);
        reader
    }

    /// A cookie of one's own.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Told {
        let request = Request::get(path);
        self.ask(request, Body::empty()).await
    }

    /// Sends a form.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Told {
        let body = form(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, body.len())
            .header("sec-fetch-site", "same-origin");
        self.ask(request, Body::from(body)).await
    }

    /// Sends a form with a file, as a browser does: the file in a control called `file`.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Told {
        const BOUNDARY: &str = "----a-boundary-of-the-tests";
        let mut body: Vec<u8> = Vec::new();
        for (field, value) in fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.as_bytes());
        }
        let file = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(file.as_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("sec-fetch-site", "same-origin");
        self.ask(request, Body::from(body)).await
    }

    /// Sends a form that must be taken, and opens the page it leads to.
    pub async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let told = self.send(path, fields).await.expect(303);
        let to = told.headers[header::LOCATION]
            .to_str()
            .expect("an address")
            .to_owned();
        self.page(&to).await
    }

    /// The HTML of a page that must be there.
    pub async fn page(&mut self, path: &str) -> String {
        html(&self.get(path).await.expect(200))
    }

    async fn ask(&mut self, mut request: axum::http::request::Builder, body: Body) -> Told {
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let told = self.client.send(request.body(body).expect("a request")).await;
        for cookie in told.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        told
    }
}

/// The page as text.
pub fn html(told: &Told) -> String {
    String::from_utf8(told.bytes.clone()).expect("UTF-8")
}

/// The value of the control of this name, as the page shows it first.
pub fn value(page: &str, name: &str) -> String {
    let control = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    let control = control.split('>').next().unwrap_or_default();
    let value = control.split("value=\"").nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}

fn form(fields: &[(&str, &str)]) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    let escaped = |text: &str| text.bytes().map(byte).collect::<String>();
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// What a reader sees of a page: its text without tags, attributes, title and scripts.
pub fn seen(page: &str) -> String {
    let body = page.split("<body>").nth(1).unwrap_or_default();
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    text
}

/// The same in one line, a blank between words.
pub fn told(page: &str) -> String {
    seen(page).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page without its ruby, base and reading.
pub fn without_ruby(page: &str) -> String {
    let mut parts = page.split("<ruby>");
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.split_once("</ruby>").map_or("", |(_, after)| after));
    }
    rest
}
