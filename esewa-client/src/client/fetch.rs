//! One request, one bounded body.

use reqwest::header::CONTENT_LENGTH;
use reqwest::{RequestBuilder, Response, StatusCode};

use super::{Client, RequestError};

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) http_status: u16,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn fetch(&self, request: RequestBuilder) -> Result<Answer, RequestError> {
        let response = request.send().await?;
        let status = response.status();
        let body = read_body(response, self.limits.body_bytes_max).await?;
        let answer = Answer { http_status: status.as_u16(), body };
        if may_tell_something(status, &answer.body) { Ok(answer) } else { Err(refusal(status, &answer.body)) }
    }
}

async fn read_body(mut response: Response, body_bytes_max: usize) -> Result<Vec<u8>, RequestError> {
    let too_large = || RequestError::TooLarge { body_bytes_max };
    let announced =
        response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > body_bytes_max) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > body_bytes_max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// eSewa's HTTP status and its body do not always agree; JSON decides over the status, but whoever
/// redirects or answers with a page under an error status is not the API.
fn may_tell_something(status: StatusCode, body: &[u8]) -> bool {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    status.is_success() || (!status.is_redirection() && matches!(first, Some(b'{' | b'[')))
}

fn refusal(status: StatusCode, body: &[u8]) -> RequestError {
    let http_status = status.as_u16();
    let page = std::str::from_utf8(body).is_ok_and(crate::status::is_html);
    match page && status != StatusCode::FORBIDDEN && !status.is_redirection() {
        true => RequestError::UnexpectedHtml { http_status },
        false => RequestError::Refused { http_status, code: None },
    }
}
