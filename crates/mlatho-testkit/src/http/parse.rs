//! Small readers of what a request says.

use super::log::AuthKind;

/// What the `Authorization` header claims.
pub(crate) fn auth_kind(header: Option<&str>) -> AuthKind {
    match header.and_then(|text| text.split_once(' ')).map(|(scheme, _)| scheme) {
        None if header.is_none() => AuthKind::None,
        Some(scheme) if scheme.eq_ignore_ascii_case("Basic") => AuthKind::Basic,
        Some("ApiToken") => AuthKind::ApiToken,
        Some(scheme) if scheme.eq_ignore_ascii_case("Bearer") => AuthKind::Bearer,
        _ => AuthKind::Other,
    }
}

/// The parameters of a query, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    query.split('&').filter(|text| !text.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let code = || {
            let hex = rest.clone().take(2).map(|digit| char::from(digit).to_digit(16));
            hex.collect::<Option<Vec<u32>>>().filter(|digits| digits.len() == 2)
        };
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match code().as_deref() {
                Some([high, low]) => {
                    bytes.extend(u8::try_from(high * 16 + low));
                    rest.nth(1);
                }
                _ => bytes.push(b'%'),
            },
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text behind Base64; nothing, where it is none.
pub(crate) fn base64(text: &str) -> Option<String> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn queries_by_hand() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(super::pairs("a=x%5B1%5D&b=1+2&c"), [pair("a", "x[1]"), pair("b", "1 2"), pair("c", "")]);
        assert_eq!(super::pairs("a=100%"), [pair("a", "100%")]);
    }

    #[test]
    fn base64_by_hand() {
        assert_eq!(super::base64("YWRtaW46ZGlzdHJpY3Q=").as_deref(), Some("admin:district"));
        assert_eq!(super::base64("*"), None);
    }
}
